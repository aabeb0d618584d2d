// Owns a person's taking over from an agent: in one transaction the agent's run ends and the person's begins in the same worktree;
// then everything the agent runs is ended, by its host where one lives, else here. It costs the task no attempt.

import { sleep } from '../../base/async.ts';
import { DreamError, describeError } from '../../base/errors.ts';
import { rescueWorktree, workOf } from '../loop/runWorktree.ts';
import type { Run } from '../run/run.ts';
import { isOpenRun } from '../run/run.ts';
import { requireRun } from '../run/heldRun.ts';
import { isLeaseAlive, leaseNames } from '../swarmFacts.ts';
import { advanceTask } from '../task/advanceTask.ts';
import type { PersonParts } from './personParts.ts';
import { workFolderOf } from './personParts.ts';
import { isPersonRun } from './isPersonRun.ts';
import type { WorkPlace, WorkStart } from './workOnTask.ts';
import { claimForPerson, furnish, startPersonRun, workOnTask } from './workOnTask.ts';

/** How long a host may take to end an agent before it is ended from here. */
const hostPatienceMilliseconds = 20_000;
const lookEveryMilliseconds = 50;

/** Fails with `run.unknown`, `run.notTakeable`, `run.fenced`, and as `workOnTask` does. */
export async function takeOver(parts: PersonParts, runId: string): Promise<WorkPlace> {
	const { ledger, actor } = parts;
	const before = await ledger.read((reader) => requireRun(reader, runId));
	if (before.state === 'blocked') {
		return workOnTask(parts, before.task_id);
	}
	const { run, start, isInPlace } = await ledger.write(actor, async (transaction) => {
		const taken = await requireRun(transaction, runId);
		assertTakeable(taken);
		const keepsFolder = (taken.state === 'working' || taken.state === 'validating') && taken.base_commit !== null;
		await advanceTask(transaction, {
			taskId: taken.task_id,
			move: 'release',
			reason: `${actor.id} takes it over from ${taken.worker}`,
			token: { run_id: runId, epoch: taken.epoch },
			...(keepsFolder ? { runPatch: { worktree: null } } : {}),
		});
		const claimed = await claimForPerson(transaction, parts, taken.task_id, `over from ${taken.worker}`);
		await transaction.append({
			type: 'run.takenOver',
			task_id: taken.task_id,
			run_id: runId,
			agent_id: taken.worker,
			message: `${actor.id} takes ${taken.task_id} over from ${taken.worker}`,
			data: { run: claimed.run_id },
		});
		const place = { base_commit: taken.base_commit, worktree: taken.worktree };
		return {
			run: keepsFolder ? await startPersonRun(transaction, claimed, place, taken) : claimed,
			start: startOf(taken),
			isInPlace: keepsFolder,
		};
	});
	await endAgent(parts, before);
	return isInPlace && run.worktree !== null
		? { run, folder: workFolderOf(parts, run.worktree) }
		: furnish(parts, run, start);
}

function assertTakeable(run: Run): void {
	const why = !isOpenRun(run.state)
		? `it is over (${run.state})`
		: isPersonRun(run)
			? `${run.worker} is no agent at work`
			: run.state === 'landing'
				? 'its change lands at this moment'
				: undefined;
	if (why !== undefined) {
		throw new DreamError('run.notTakeable', `Run ${run.run_id} cannot be taken over: ${why}.`, {
			details: { run_id: run.run_id, task_id: run.task_id, state: run.state },
			advice: `Work on the task itself with "dreamos task work ${run.task_id}".`,
		});
	}
}

/** A change in review is what the person goes on from. */
const startOf = (taken: Run): WorkStart | undefined =>
	taken.state === 'review' && taken.base_commit !== null && taken.result_commit !== null
		? { run: taken, base: taken.base_commit, commit: taken.result_commit }
		: undefined;

/** Resolves when nothing the agent ran is left, and what it had done is kept. */
async function endAgent(parts: PersonParts, taken: Run): Promise<void> {
	const { ledger, processes, log } = parts;
	if (taken.state === 'review') {
		return;
	}
	const until = parts.clock.monotonic() + hostPatienceMilliseconds;
	while (parts.clock.monotonic() < until && (await isDriven(parts, taken))) {
		const events = await ledger.read((reader) => reader.events({ run_id: taken.run_id }));
		if (events.some(({ type }) => type === 'run.vacated')) {
			return;
		}
		if (taken.base_commit === null && !(await isFolderThere(parts, taken))) {
			return;
		}
		await sleep(lookEveryMilliseconds);
	}
	const tell = (error: unknown) => log.warn(`${taken.run_id} was not ended cleanly: ${describeError(error)}`);
	const identity = { pid: taken.pid ?? 0, started: taken.pid_started ?? '' };
	if (taken.pid !== null) {
		await processes.endTree(identity).catch(tell);
	}
	await processes.endRun(taken.run_id).catch(tell);
	if (taken.worktree !== null) {
		await rescueWorktree(parts, workOf(taken.run_id, taken.worktree, taken));
	}
}

/** Whether the host of the run lives: one that was paused under an earlier host is nobody's at this moment. */
async function isDriven({ ledger, clock }: PersonParts, { host_id: host }: Run): Promise<boolean> {
	const lease = await ledger.read((reader) => reader.lease(leaseNames.host));
	return lease?.holder === host && isLeaseAlive(lease, clock.now());
}

async function isFolderThere({ files }: PersonParts, { worktree }: Run): Promise<boolean> {
	return worktree !== null && (await files.stat(worktree)) !== undefined;
}
