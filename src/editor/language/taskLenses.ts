// Owns which commands stand above a task in a board file: what the table of moves allows now, and its history. Pure, so that it is
// tested without an editor.

import { l10n } from 'vscode';
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
	{ title: l10n.t('Make Ready'), command: 'dreamos.task.ready', moves: ['ready'] },
	{ title: l10n.t('Claim'), command: 'dreamos.task.claim', moves: ['claim'] },
	{ title: l10n.t('Start'), command: 'dreamos.task.start', moves: ['start', 'claim'] },
	{ title: l10n.t('Complete'), command: 'dreamos.task.complete', moves: ['complete'] },
	{ title: l10n.t('Release'), command: 'dreamos.task.release', moves: ['release'] },
	{ title: l10n.t('Unblock'), command: 'dreamos.task.unblock', moves: ['unblock'] },
	{ title: l10n.t('Retry'), command: 'dreamos.task.retry', moves: ['retry'] },
];
const reviewLens: TaskLens = { title: l10n.t('Review'), command: 'dreamos.run.review' };
const historyLens: TaskLens = { title: l10n.t('History'), command: 'dreamos.task.history' };

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
