// Owns the question whether the swarm has nothing left to do, and the account of what came of it. The host says what it cannot
// start; who asks needs no drivers for that.

import { isJsonObject } from '../../base/json.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import type { RunState } from '../run/run.ts';
import { leaseNames, readSwarmFact } from '../swarmFacts.ts';

const factKey = 'swarm.rest';

/** States in which a run of a host still goes on by itself; one in review waits for a person. */
const goingStates: readonly RunState[] = ['claimed', 'preparing', 'working', 'validating', 'landing'];

/** Told by the host when nothing runs and nothing can start: it has seen everything up to `sequence`. */
export async function publishRest(transaction: LedgerTransaction, hostId: string, sequence: number): Promise<void> {
	await transaction.setFact(factKey, { host: hostId, sequence });
}

export interface EndedRun {
	readonly run_id: string;
	readonly task_id: string;
	readonly worker: string;
	readonly attempt: number;
	readonly state: RunState;
	readonly reason: string | null;
}

export interface SwarmProgress {
	/** Whether the swarm was told to work. */
	readonly shouldRun: boolean;
	/** Nothing runs, and the leading host has looked at everything and can start nothing. */
	readonly isIdle: boolean;
	/** Tasks that came to this status since, and still have it. */
	readonly completed: number;
	readonly failed: number;
	readonly blocked: number;
	/** Runs opened since, oldest first. */
	readonly runs: readonly EndedRun[];
}

/** What the swarm did since an event, and whether it rests. */
export async function swarmProgress(reader: LedgerReader, since: number): Promise<SwarmProgress> {
	const events = await reader.events({ after: since });
	const moved = new Set(
		events.flatMap(({ type, task_id: id }) => (type === 'task.moved' && id !== undefined ? [id] : [])),
	);
	const tasks = moved.size === 0 ? [] : await reader.tasks({ ids: [...moved] });
	const count = (status: string) => tasks.filter(({ task }) => task.status === status).length;
	const runs: EndedRun[] = [];
	for (const { type, run_id: id } of events) {
		const run = type === 'run.opened' && id !== undefined ? await reader.run(id) : undefined;
		if (run !== undefined && run.host_id !== null) {
			const { run_id, task_id, worker, attempt, state, reason } = run;
			runs.push({ run_id, task_id, worker, attempt, state, reason });
		}
	}
	return {
		shouldRun: (await readSwarmFact(reader))?.should_run ?? false,
		isIdle: await isIdle(reader, since),
		completed: count('COMPLETED'),
		failed: count('FAILED'),
		blocked: count('BLOCKED'),
		runs,
	};
}

/**
 * Whether nothing goes on and the host that leads, or the last one that led a swarm that was told to stop, has seen everything up to
 * `since` and every ready task.
 */
export async function isIdle(reader: LedgerReader, since: number): Promise<boolean> {
	const going = await reader.runs({ state: goingStates });
	if (going.some((run) => run.host_id !== null)) {
		return false;
	}
	const rest = await reader.fact(factKey);
	if (!isJsonObject(rest) || typeof rest['sequence'] !== 'number') {
		return false;
	}
	const isStopped = (await readSwarmFact(reader))?.should_run !== true;
	const leader = await reader.lease(leaseNames.host);
	if (!isStopped && rest['host'] !== leader?.holder) {
		return false;
	}
	const ready = await reader.tasks({ status: ['READY'] });
	const seen = rest['sequence'];
	return since <= seen && ready.every((stored) => stored.sequence <= seen);
}
