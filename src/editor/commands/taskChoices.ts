// Owns which tasks are offered for a move, and in which order. Pure: the rules themselves are core's table of moves.

import type { SwarmSnapshot, ShownTask } from '../../core/swarm/swarmSnapshot.ts';
import type { Run } from '../../core/run/run.ts';
import { countWaiting } from '../../core/task/countWaiting.ts';
import { orderTasks } from '../../core/task/taskOrder.ts';
import type { MoveName, TaskStatus } from '../../core/task/taskStatus.ts';
import { isFinished, moveRule, taskStatuses } from '../../core/task/taskStatus.ts';

/** Ids of runs an agent drives at this moment, with the agent. */
function drivenRuns(snapshot: SwarmSnapshot): ReadonlyMap<string, Run> {
	const runs = snapshot.agents.flatMap(({ run }) => (run === undefined || run.host_id === null ? [] : [run]));
	return new Map(runs.map((run) => [run.run_id, run]));
}

/** The run of an agent that holds the task, if one does. */
export function drivenRunOf(snapshot: SwarmSnapshot, { run_id }: ShownTask): Run | undefined {
	return run_id === null
		? undefined
		: snapshot.agents.find(({ run }) => run?.run_id === run_id && run.host_id !== null)?.run;
}

function hasOpenDependencies(snapshot: SwarmSnapshot, { task }: ShownTask): boolean {
	return task.dependencies.some((id) => snapshot.tasks.get(id)?.task.status !== 'COMPLETED');
}

/** Whether the table lets this task make the move, as far as the picture shows. */
export function allowsMove(snapshot: SwarmSnapshot, shown: ShownTask, move: MoveName): boolean {
	const rule = moveRule(move);
	return (
		rule.from.includes(shown.task.status) &&
		!(rule.needsDependencies === true && hasOpenDependencies(snapshot, shown))
	);
}

const statusOrder: readonly TaskStatus[] = [
	'REVIEW',
	'READY',
	'CLAIMED',
	'IN_PROGRESS',
	'VALIDATING',
	'BLOCKED',
	'PENDING',
];
const rankOf = (status: TaskStatus) => {
	const rank = statusOrder.indexOf(status);
	return rank === -1 ? taskStatuses.length : rank;
};

/** Tasks that pass the test: by status (what is nearest to work first), and within one as the queue takes them. */
export function sortForPicking(snapshot: SwarmSnapshot, test: (shown: ShownTask) => boolean): ShownTask[] {
	const all = [...snapshot.tasks.values()];
	const waiting = countWaiting(all.map(({ task }) => task));
	const ordered = orderTasks(
		all.filter(test).map((shown) => ({ ...shown, sequence: 0 })),
		waiting,
	);
	return ordered.sort((left, right) => rankOf(left.task.status) - rankOf(right.task.status));
}

/** Tasks that allow one of the moves. A task an agent works on is completed by its change, not by hand. */
export function tasksAllowing(snapshot: SwarmSnapshot, moves: readonly MoveName[]): ShownTask[] {
	const driven = drivenRuns(snapshot);
	return sortForPicking(
		snapshot,
		(shown) =>
			moves.some((move) => allowsMove(snapshot, shown, move)) &&
			!(moves.includes('complete') && shown.run_id !== null && driven.has(shown.run_id)),
	);
}

/** Tasks that can still be waited for. */
export function unfinishedTasks(snapshot: SwarmSnapshot): ShownTask[] {
	return sortForPicking(snapshot, ({ task }) => !isFinished(task.status));
}
