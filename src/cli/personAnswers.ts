// Owns how answers about a person's own work read.

import type { LeftByMove } from '../core/person/leftByMove.ts';
import type { ConflictWork } from '../core/person/resolveConflict.ts';
import type { Submitted } from '../core/person/submitWork.ts';
import type { WorkPlace } from '../core/person/workOnTask.ts';
import type { Task } from '../core/task/task.ts';
import type { Output } from './output.ts';

export function workPlace({ run, folder }: WorkPlace, output: Output): void {
	output.say(`${run.task_id} is yours (${run.run_id}). Work in:`);
	output.say(folder);
	output.say(
		`When it is done: dreamos run submit ${run.run_id}. To give it to an agent: dreamos run give-back ${run.run_id}.`,
	);
}

/** What a move left behind that ended a person's work unfinished. */
export function sayLeftWork({ folder, kept }: LeftByMove, output: Output): void {
	output.say(`The work is not lost: it lies in ${folder}, and once that is cleared away it is kept at ${kept}.`);
	output.say(`To go on with it: dreamos task work. To give it up for good: git update-ref -d ${kept}.`);
}

export function submittedWork({ run, task, failure }: Submitted, output: Output): void {
	if (failure !== null) {
		output.warn(`Not yet: ${failure}`);
	}
	output.say(`${run.run_id} is ${run.state}; ${task.task_id} is ${task.status}.`);
	if (task.status === 'BLOCKED') {
		output.warn(task.block_reason?.text ?? 'It did not land.');
		if (task.block_reason?.kind === 'conflict') {
			output.say(`To settle it by hand: dreamos task resolve ${task.task_id}.`);
		}
	}
}

/** Whether work that was submitted is not on its way: a check failed, or it did not fit what is open. */
export const isUnfinished = ({ failure, task }: Submitted): boolean => failure !== null || task.status === 'BLOCKED';

export function givenBackWork(
	{ task, files, agent, kept }: { task: Task; files: readonly string[]; agent: string | null; kept: string },
	output: Output,
): void {
	output.say(`Given back to ${agent ?? 'whoever is free'}. ${task.task_id} is ${task.status}.`);
	output.say(
		`${files.length === 0 ? 'You changed no file' : `You changed ${files.join(', ')}`}; it is kept at ${kept}.`,
	);
}

export function conflictWork({ run, top, resolving, open }: ConflictWork, output: Output): void {
	for (const { path, kind, reason } of resolving.files) {
		const state = open.includes(path) ? (kind === 'merge' ? 'take the marks out' : 'choose a side') : 'resolved';
		output.say(`${path} ${reason}: ${state}`);
	}
	output.say(`Resolve in:\n${top}`);
	output.say(`To take one side as a whole: dreamos run choose ${run.run_id} PATH agent|yours.`);
	output.say(`When nothing is open any more: dreamos run submit ${run.run_id}.`);
}

export function chosenSide({ open }: { readonly open: readonly string[] }, output: Output): void {
	output.say(open.length === 0 ? 'No file is in conflict any more.' : `Still open: ${open.join(', ')}.`);
}
