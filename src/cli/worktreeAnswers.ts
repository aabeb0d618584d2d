// Owns how answers about worktrees read for a person.

import { formatBytes, formatDuration } from '../base/words.ts';
import type { Reclaimed } from '../core/worktree/reclaimWorktrees.ts';
import type { WorktreeRow } from '../core/worktree/worktreeInventory.ts';
import type { Output } from './output.ts';
import { sayTable } from './sayTable.ts';

export function worktreeList(rows: readonly WorktreeRow[], output: Output): void {
	const now = Date.now();
	sayTable(
		output,
		['WORKTREE', 'STATE', 'TASK', 'WORKER', 'AGE', 'SIZE', 'WHY', 'FOLDER'],
		rows.map((row) => [
			row.id,
			row.state,
			row.task_id ?? '-',
			row.worker ?? '-',
			row.created_at === null ? '-' : formatDuration(now - Date.parse(row.created_at)),
			formatBytes(row.bytes),
			row.reason,
			row.folder,
		]),
		'No worktrees.',
	);
}

export function worktreeReclaim({ reclaimed, kept }: Reclaimed, output: Output): void {
	for (const { id, bytes, rescued } of reclaimed) {
		const work = rescued === null ? '' : ` Its work is kept at ${rescued}.`;
		output.say(`Removed ${id} (${formatBytes(bytes)}).${work}`);
	}
	for (const { id, reason } of kept) {
		output.warn(`${id} stays: ${reason}`);
	}
	if (reclaimed.length + kept.length === 0) {
		output.say('No worktree is abandoned.');
	}
}
