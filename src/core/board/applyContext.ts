// Owns what every part of a merge works with inside its transaction, and how a refusal is told there.

import type { LedgerTransaction } from '../ledger.ts';
import type { BoardFileName } from '../task/archive.ts';
import type { Occurrence } from './boardDiff.ts';
import type { Refusal } from './boardMerge.ts';
import { appendRefusal } from './mergeNotice.ts';

export interface ApplyContext {
	readonly transaction: LedgerTransaction;
	readonly agents: ReadonlySet<string>;
	/** Wall time in milliseconds, for ids of runs. */
	readonly now: number;
	/** Sequence up to which the file of a board showed the ledger. */
	readonly mirrored: (board: BoardFileName) => number;
	/** Boards whose file has to be written, because it does not show what came of the change. */
	readonly writeBack: Set<BoardFileName>;
	/** Tasks that came to stand on a board by this change; they take the place the file gives them. */
	readonly arrived: Set<string>;
}

export const fileName = (board: BoardFileName): string => `${board}.json`;

/** Records refusals, and marks the boards whose file must show the ledger again. */
export async function tellRefusals(
	context: ApplyContext,
	id: string,
	fileBoard: BoardFileName,
	ledgerBoard: BoardFileName,
	refusals: readonly Refusal[],
): Promise<void> {
	for (const refusal of refusals) {
		await appendRefusal(context.transaction, id, fileBoard, refusal);
		if (refusal.isWrittenBack) {
			context.writeBack.add(fileBoard).add(ledgerBoard);
		}
	}
}

/**
 * Keeps a record in the history that is not taken over and that its file may lose later, for reasons of its own.
 * @param why what follows "a record of <id> in <file>".
 */
export async function keepRecord(
	transaction: LedgerTransaction,
	id: string,
	{ board, entry }: Occurrence,
	why: string,
): Promise<void> {
	await transaction.append({
		type: 'board.problem',
		task_id: id,
		message: `a record of ${id} in ${fileName(board)} ${why}; it is kept here`,
		data: { board, record: entry.value },
	});
}
