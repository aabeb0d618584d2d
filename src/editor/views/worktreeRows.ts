// Owns what a row of the Worktrees view says. Pure, so that it is tested without an editor.

import { l10n } from 'vscode';
import { displayLine } from '../../base/text.ts';
import { formatBytes, formatDuration } from '../../base/words.ts';
import type { WorktreeRow, WorktreeState } from '../../core/worktree/worktreeInventory.ts';
import { worktreeWords } from '../stateWords.ts';
import type { AgentRow } from './agentRows.ts';
import type { RowIcon } from './taskRows.ts';

const icons: Readonly<Record<WorktreeState, RowIcon>> = {
	working: { id: 'play-circle', color: 'charts.blue' },
	pool: { id: 'layers' },
	abandoned: { id: 'warning', color: 'charts.orange' },
};

/** Whose it is first; in a narrow sidebar the end is cut off. */
export function worktreeRow(row: WorktreeRow, now: number): AgentRow {
	const age = row.created_at === null ? '' : formatDuration(now - Date.parse(row.created_at));
	const parts = [
		row.state === 'working' ? displayLine(row.worker ?? '', 40) : worktreeWords[row.state],
		row.state === 'working' ? row.reason : '',
		age,
		formatBytes(row.bytes),
	];
	return {
		label: displayLine(row.state === 'pool' ? l10n.t('Made ahead') : (row.task_id ?? row.id), 80),
		description: parts.filter(Boolean).join(' · '),
		icon: icons[row.state],
		contextValue: `worktree.${row.state}`,
	};
}

/** Plain text of a worktree's hover. */
export function worktreeTooltip(row: WorktreeRow): string {
	const lines = [
		row.folder,
		[row.id, row.task_id ?? '', row.worker ?? ''].filter(Boolean).join(' · '),
		row.reason,
		row.created_at === null
			? l10n.t('Its folder is gone; only git still knows it.')
			: l10n.t('Since {0}', row.created_at),
		row.is_registered ? '' : l10n.t('git does not know it.'),
	];
	return lines
		.filter(Boolean)
		.map((line) => displayLine(line, 500))
		.join('\n');
}

/** The message above the rows; undefined when there is nothing to say. */
export function worktreeMessage(rows: readonly WorktreeRow[]): string | undefined {
	const abandoned = rows.filter(({ state }) => state === 'abandoned');
	if (rows.length === 0) {
		return undefined;
	}
	const bytes = formatBytes(rows.reduce((sum, row) => sum + row.bytes, 0));
	return abandoned.length === 0
		? l10n.t('{0} on the disk.', bytes)
		: l10n.t('{0} on the disk; {1} can be reclaimed.', bytes, abandoned.length);
}
