// Owns what a task may be tied to: dependencies and a parent that exist and lead back to no circle. Looks only at tasks on the way.

import { DreamError } from '../../base/errors.ts';
import { cycleThrough } from '../board/findCycles.ts';
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
	const cycle = await cycleWith(reader, task, (each) => each.dependencies);
	if (cycle !== undefined) {
		throw new DreamError('task.cycle', `Then these tasks would wait for each other: ${cycle.join(' → ')}.`, {
			details: { task_id, cycle },
			advice: 'Take one of these dependencies out.',
		});
	}
}

/** Fails with `task.unknownParent`, or with `task.parentCycle` and the path of the circle. */
export async function checkParent(reader: LedgerReader, task: Task): Promise<void> {
	const { task_id, parent } = task;
	if (parent === null) {
		return;
	}
	if (parent !== task_id && (await reader.task(parent)) === undefined) {
		throw new DreamError('task.unknownParent', `There is no task ${parent} that ${task_id} could be a part of.`, {
			details: { task_id, parent },
			advice: 'Create it first, or leave the parent out.',
		});
	}
	const cycle = await cycleWith(reader, task, (each) => (each.parent === null ? [] : [each.parent]));
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

/** The circle a task closes, if it does; reads the tasks it leads to, a step of all of them at a time. */
async function cycleWith(
	reader: LedgerReader,
	task: Task,
	linksOf: (task: Task) => readonly string[],
): Promise<string[] | undefined> {
	const links = new Map([[task.task_id, linksOf(task)]]);
	for (let front = linksOf(task); front.length > 0;) {
		const ids = front.filter((id) => !links.has(id));
		const found = ids.length === 0 ? [] : await reader.tasks({ ids });
		found.forEach(({ task: each }) => links.set(each.task_id, linksOf(each)));
		front = found.flatMap(({ task: each }) => linksOf(each));
	}
	return cycleThrough(
		task.task_id,
		[...links].map(([task_id, dependencies]) => ({ task_id, dependencies })),
	);
}
