// Owns which commands stand above a task in a board file: what the table of moves allows now, and its history. Pure, so that it is
// tested without an editor.

import type { ShownTask, SwarmSnapshot } from '../../core/swarm/swarmSnapshot.ts';
import type { MoveName } from '../../core/task/taskStatus.ts';
import { allowsMove, drivenRunOf } from '../commands/taskChoices.ts';
import { commandIds } from '../manifest.ts';

export interface TaskLens {
	readonly title: string;
	readonly command: string;
}

/** In this order. Moves that ask for a reason are left to the palette. */
const lenses: readonly { readonly title: string; readonly command: string; readonly moves: readonly MoveName[] }[] = [
	{ title: 'Make Ready', command: 'dreamos.task.ready', moves: ['ready'] },
	{ title: 'Claim', command: 'dreamos.task.claim', moves: ['claim'] },
	{ title: 'Start', command: 'dreamos.task.start', moves: ['start', 'claim'] },
	{ title: 'Complete', command: 'dreamos.task.complete', moves: ['complete'] },
	{ title: 'Release', command: 'dreamos.task.release', moves: ['release'] },
	{ title: 'Unblock', command: 'dreamos.task.unblock', moves: ['unblock'] },
	{ title: 'Retry', command: 'dreamos.task.retry', moves: ['retry'] },
];
const reviewLens: TaskLens = { title: 'Review', command: 'dreamos.run.review' };
const historyLens: TaskLens = { title: 'History', command: 'dreamos.task.history' };

const exists = ({ command }: TaskLens): boolean => (commandIds as readonly string[]).includes(command);

/** What is offered above a task. `canWrite` false: only what changes nothing. */
export function lensesOf(snapshot: SwarmSnapshot, shown: ShownTask, canWrite: boolean): TaskLens[] {
	const isDriven = drivenRunOf(snapshot, shown) !== undefined;
	const moves = canWrite
		? lenses.filter(
				({ moves: names, command }) =>
					names.some((name) => allowsMove(snapshot, shown, name)) &&
					// What an agent works on is completed by its change.
					!(isDriven && command === 'dreamos.task.complete'),
			)
		: [];
	const review = isDriven && shown.task.status === 'REVIEW' ? [reviewLens] : [];
	return [...review, ...moves, historyLens].filter(exists).map(({ title, command }) => ({ title, command }));
}
