// Builds the pictures views read, for tests that need no ledger.

import type { AgentState } from '../../src/core/agent/agent.ts';
import type { Run } from '../../src/core/run/run.ts';
import { isOpenRun } from '../../src/core/run/run.ts';
import type { ShownAgent, SwarmSnapshot } from '../../src/core/swarm/swarmSnapshot.ts';
import { orderBoards } from '../../src/core/swarm/boardOrder.ts';
import { countStatuses, emptySnapshot } from '../../src/core/swarm/swarmSnapshot.ts';
import type { StoredTask } from '../../src/core/task/task.ts';
import { buildAgent } from './swarmBuilders.ts';

/** A picture of a workspace of ours with these tasks, on each board in the order given. */
export function buildSnapshot(tasks: readonly StoredTask[], fields: Partial<SwarmSnapshot> = {}): SwarmSnapshot {
	const byId = new Map(tasks.map((stored, position) => [stored.task.task_id, { ...stored, position }]));
	return {
		...emptySnapshot,
		version: 1,
		workspace: 'ours',
		tasks: byId,
		boards: orderBoards(byId),
		counts: countStatuses(tasks),
		...fields,
	};
}

/** An agent with its runs, newest first; the first open one is what it does. */
export function buildShownAgent(id: string, runs: readonly Run[] = [], state?: AgentState): ShownAgent {
	const run = runs.find((each) => isOpenRun(each.state));
	const usual: AgentState = run === undefined ? 'idle' : run.state === 'review' ? 'review' : 'working';
	return { agent: buildAgent(id), run, runs, state: state ?? usual, check: undefined, containment: '' };
}
