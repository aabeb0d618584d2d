// Owns the commands about worktrees: open one, show its folder, get one back, get all back that are nobody's.

import { UIKind, Uri, commands, env, l10n } from 'vscode';
import { formatBytes } from '../../base/words.ts';
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
			throw new DreamError('worktrees.unknown', l10n.t('The worktree {0} is gone.', id));
		}
		return row;
	}
	const choices = rows.filter(({ state }) => question.isFree === undefined || state !== 'working');
	if (choices.length === 0) {
		throw new DreamError(
			'worktrees.none',
			rows.length === 0 ? l10n.t('There are no worktrees.') : l10n.t('All are in use.'),
			{
				advice: l10n.t('An agent gets one when it begins a task.'),
			},
		);
	}
	return pickOne(
		choices.map((value) => ({
			value,
			label: plainLabel(value.task_id ?? value.id),
			description: plainLabel(`${value.id} · ${value.state} · ${formatBytes(value.bytes)}`),
		})),
		{ title: question.title, placeHolder: l10n.t('Which worktree?') },
	);
}

function describeReclaimed(count: number, bytes: string): string {
	return count === 1
		? l10n.t('1 worktree removed ({0}).', bytes)
		: l10n.t('{0} worktrees removed ({1}).', count, bytes);
}

function tell({ notifier, look }: WorktreeCommandParts, { reclaimed, kept }: Reclaimed): void {
	look();
	const bytes = reclaimed.reduce((sum, each) => sum + each.bytes, 0);
	const rescued = reclaimed.flatMap(({ rescued: name }) => name ?? []);
	notifier.answer(
		[
			reclaimed.length === 0 && kept.length === 0 ? l10n.t('No worktree is abandoned.') : '',
			reclaimed.length === 0 ? '' : describeReclaimed(reclaimed.length, formatBytes(bytes)),
			rescued.length === 0 ? '' : l10n.t('Work that was nowhere else is kept at {0}.', rescued.join(', ')),
			...kept.map(({ id, reason }) => l10n.t('{0} stays: {1}', id, reason)),
		]
			.filter(Boolean)
			.join(' '),
	);
}

/** The file manager is the one of the machine with the screen; where the files lie on another, it is said where. */
async function reveal({ notifier }: WorktreeCommandParts, { id, folder, task_id: taskId }: WorktreeRow): Promise<void> {
	if (env.uiKind === UIKind.Desktop && env.remoteName === undefined) {
		await commands.executeCommand('revealFileInOS', Uri.file(folder));
		return;
	}
	notifier.answer(l10n.t('{0} lies at {1}', taskId ?? id, folder), [
		{ title: l10n.t('Copy Path'), run: () => env.clipboard.writeText(folder) },
		{
			title: l10n.t('Open Worktree'),
			run: () => commands.executeCommand('dreamos.worktree.open', { worktreeId: id }),
		},
	]);
}

export function createWorktreeCommands(parts: WorktreeCommandParts): CommandHandlers {
	const { performer } = parts;
	return {
		'dreamos.worktree.open': async (argument) => {
			const row = await choose(parts, argument, { title: l10n.t('Open Worktree') });
			if (row !== undefined) {
				await commands.executeCommand('vscode.openFolder', Uri.file(row.folder), { forceNewWindow: true });
			}
		},
		'dreamos.worktree.reveal': async (argument) => {
			const row = await choose(parts, argument, { title: l10n.t('Reveal Worktree') });
			if (row !== undefined) {
				await reveal(parts, row);
			}
		},
		'dreamos.worktree.reclaim': async (argument) => {
			const row = await choose(parts, argument, { title: l10n.t('Reclaim Worktree'), isFree: true });
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
