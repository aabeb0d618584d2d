// Owns what becomes of second records of a task. They are never taken over; what one says more than its task is kept in the history
// at once, because a file may lose it for reasons of its own: git checks out, a program saves what it had read.

import { jsonEquals } from '../../base/json.ts';
import type { StoredTask, Task } from '../task/task.ts';
import type { ApplyContext } from './applyContext.ts';
import { keepRecord } from './applyContext.ts';
import type { CopiedRecord } from './boardDiff.ts';
import type { BoardEntry } from './boardReading.ts';

/** Tells of new and changed copies that say something else than their task does now. */
export async function tellCopies(
	{ transaction }: Pick<ApplyContext, 'transaction'>,
	copies: readonly CopiedRecord[],
): Promise<void> {
	for (const copy of copies) {
		const { id, board, entry } = copy;
		const stored = await transaction.task(id);
		if (stored === undefined) {
			// As little a task as the other: whichever of them becomes one, what this one says is not lost.
			await keepRecord(transaction, id, copy, 'stands beside another, and neither is a task');
		} else if (saysMore(entry, stored)) {
			await transaction.append({
				type: 'board.problem',
				task_id: id,
				message: `a second record of ${id} in ${board}.json says something else; the task stands, and the record is kept here`,
				data: { board, record: entry.value },
			});
		}
	}
}

/** What a move writes by itself. */
const stampedFields: ReadonlySet<string> = new Set<keyof Task>([
	'claimed_by',
	'claimed_at',
	'started_at',
	'completed_by',
	'completed_at',
	'updated_by',
	'updated_at',
]);

/** Whether a record says anything the task does not say, such as a copy that somebody went on to edit. */
export function saysMore(
	{ record = {}, content }: Pick<BoardEntry, 'record' | 'content'>,
	stored: StoredTask,
): boolean {
	const isStamp = (key: string) =>
		[...stampedFields].some((field) => (content.keys[field as keyof Task] ?? field) === key) ||
		(key === content.keys.status && content.task?.status === stored.task.status);
	return Object.keys(record).some((key) => !isStamp(key) && !jsonEquals(record[key], stored.record[key]));
}
