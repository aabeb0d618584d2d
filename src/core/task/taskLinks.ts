// Owns what a task may be tied to: dependencies and a parent that exist and lead back to no circle. Looks only at tasks on the way.

import { DreamError } from '../../base/errors.ts';
import type { LedgerReader } from '../ledger.ts';
import { openDependencies } from './moveTask.ts';
import type { Task } from './task.ts';

/** Fails with `task.unknownDependency`, or with `task.cycle` and the path of the circle. */
export async function checkDependencies(reader: LedgerReader, task: Task): Promise<void> {
	const { task_id } = task;
	const open = await openDependencies(reader, task);
	const unknown = open.filter((each) => each.status === undefined && each.task_id !== task_id);
	if (unknown.length > 0) {
		const ids = unknown.map((each) => each.task_id);
		throw new DreamError('task.unknownDependency', `There is no task ${ids.join(', ')} to depend on.`, {
			details: { task_id, unknown: ids },
			advice: 'Create it first, or take it out of the dependencies.',
		});
	}
	const cycle = await findWayBack(reader, task_id, task.dependencies, (each) => each.dependencies);
	if (cycle !== undefined) {
		throw new DreamError('task.cycle', `Then these tasks would wait for each other: ${cycle.join(' → ')}.`, {
			details: { task_id, cycle },
			advice: 'Take one of these dependencies out.',
		});
	}
}

/** Fails with `task.unknownParent`, or with `task.parentCycle` and the path of the circle. */
export async function checkParent(reader: LedgerReader, { task_id, parent }: Task): Promise<void> {
	if (parent === null) {
		return;
	}
	if (parent !== task_id && (await reader.task(parent)) === undefined) {
		throw new DreamError('task.unknownParent', `There is no task ${parent} that ${task_id} could be a part of.`, {
			details: { task_id, parent },
			advice: 'Create it first, or leave the parent out.',
		});
	}
	const cycle = await findWayBack(reader, task_id, [parent], (each) => (each.parent === null ? [] : [each.parent]));
	if (cycle !== undefined) {
		throw new DreamError(
			'task.parentCycle',
			`Then these tasks would be parts of each other: ${cycle.join(' → ')}.`,
			{
				details: { task_id, cycle },
				advice: 'Give one of them another parent.',
			},
		);
	}
}

/** The shortest way from a task back to itself, both ends named; undefined when there is none. */
async function findWayBack(
	reader: LedgerReader,
	start: string,
	first: readonly string[],
	next: (task: Task) => readonly string[],
): Promise<string[] | undefined> {
	const cameFrom = new Map<string, string>();
	let front = first.map((id) => ({ id, from: start }));
	while (front.length > 0) {
		const fresh = front.filter(({ id, from }) => {
			const isNew = !cameFrom.has(id);
			if (isNew) {
				cameFrom.set(id, from);
			}
			return isNew;
		});
		if (cameFrom.has(start)) {
			return wayTo(start, cameFrom);
		}
		const tasks = await reader.tasks({ ids: fresh.map(({ id }) => id) });
		front = tasks.flatMap(({ task }) => next(task).map((id) => ({ id, from: task.task_id })));
	}
	return undefined;
}

function wayTo(start: string, cameFrom: ReadonlyMap<string, string>): string[] {
	const way = [start];
	for (let id = cameFrom.get(start); id !== undefined && id !== start; id = cameFrom.get(id)) {
		way.push(id);
	}
	return [start, ...way.slice(1).reverse(), start];
}
