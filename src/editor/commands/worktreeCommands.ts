// Owns the commands about worktrees: open one, show its folder, get one back, get all back that are nobody's.

import { Uri, commands } from 'vscode';
import { countOf, formatBytes } from '../../base/words.ts';
import { DreamError } from '../../base/errors.ts';
import type { Reclaimed } from '../../core/worktree/reclaimWorktrees.ts';
import type { WorktreeRow } from '../../core/worktree/worktreeInventory.ts';
import type { Notifier } from '../notify.ts';
import type { Performer } from '../performer.ts';
import { plainLabel } from '../plainText.ts';
import type { CommandHandlers } from './commandRegistry.ts';
import { pickOne } from './pickers.ts';
import { worktreeOf } from './rowArguments.ts';

export interface WorktreeCommandParts {
	readonly performer: Performer;
	readonly notifier: Notifier;
	/** Looks at the worktrees again. */
	readonly look: () => void;
}

/** The worktree a command is about: of the row, or the one that is picked. */
async function choose(
	{ performer }: WorktreeCommandParts,
	argument: unknown,
	question: { readonly title: string; readonly isFree?: true },
): Promise<WorktreeRow | undefined> {
	performer.assertReady();
	const rows = await performer.perform<readonly WorktreeRow[]>('worktree.list');
	const id = worktreeOf(argument);
	if (id !== undefined) {
		const row = rows.find((each) => each.id === id);
		if (row === undefined) {
			throw new DreamError('worktrees.unknown', `The worktree ${id} is gone.`);
		}
		return row;
	}
	const choices = rows.filter(({ state }) => question.isFree === undefined || state !== 'working');
	if (choices.length === 0) {
		throw new DreamError('worktrees.none', rows.length === 0 ? 'There are no worktrees.' : 'All are in use.', {
			advice: 'An agent gets one when it begins a task.',
		});
	}
	return pickOne(
		choices.map((value) => ({
			value,
			label: plainLabel(value.task_id ?? value.id),
			description: plainLabel(`${value.id} · ${value.state} · ${formatBytes(value.bytes)}`),
		})),
		{ title: question.title, placeHolder: 'Which worktree?' },
	);
}

function tell({ notifier, look }: WorktreeCommandParts, { reclaimed, kept }: Reclaimed): void {
	look();
	const bytes = reclaimed.reduce((sum, each) => sum + each.bytes, 0);
	const rescued = reclaimed.flatMap(({ rescued: name }) => name ?? []);
	notifier.answer(
		[
			reclaimed.length === 0 && kept.length === 0 ? 'No worktree is abandoned.' : '',
			reclaimed.length === 0 ? '' : `${countOf(reclaimed.length, 'worktree')} removed (${formatBytes(bytes)}).`,
			rescued.length === 0 ? '' : `Work that was nowhere else is kept at ${rescued.join(', ')}.`,
			...kept.map(({ id, reason }) => `${id} stays: ${reason}`),
		]
			.filter(Boolean)
			.join(' '),
	);
}

export function createWorktreeCommands(parts: WorktreeCommandParts): CommandHandlers {
	const { performer } = parts;
	return {
		'dreamos.worktree.open': async (argument) => {
			const row = await choose(parts, argument, { title: 'Open Worktree' });
			if (row !== undefined) {
				await commands.executeCommand('vscode.openFolder', Uri.file(row.folder), { forceNewWindow: true });
			}
		},
		'dreamos.worktree.reveal': async (argument) => {
			const row = await choose(parts, argument, { title: 'Reveal Worktree' });
			if (row !== undefined) {
				await commands.executeCommand('revealFileInOS', Uri.file(row.folder));
			}
		},
		'dreamos.worktree.reclaim': async (argument) => {
			const row = await choose(parts, argument, { title: 'Reclaim Worktree', isFree: true });
			if (row !== undefined) {
				tell(parts, await performer.perform<Reclaimed>('worktree.reclaim', { worktree: row.id }));
			}
		},
		'dreamos.worktree.reclaimAbandoned': async () => {
			performer.assertReady();
			tell(parts, await performer.perform<Reclaimed>('worktree.reclaim', { all_abandoned: true }));
		},
	};
}
