// Owns the board texts a process has read from the ledger. They are megabytes, asked for many times in a pass, and seldom another:
// each text has an id of its own, so that knowing the id is knowing the text, whoever wrote it, also in a transaction that failed.

import type { BoardName } from '../core/task/taskStatus.ts';

interface KnownBase {
	readonly id: string;
	readonly base: string;
}

export class KnownBases {
	private readonly known = new Map<BoardName, KnownBase>();

	find(board: BoardName, id: string): string | undefined {
		const found = this.known.get(board);
		return found?.id === id ? found.base : undefined;
	}

	/** Only the latest of a board is kept. */
	remember(board: BoardName, id: string, base: string): void {
		this.known.set(board, { id, base });
	}
}
