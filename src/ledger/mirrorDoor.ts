// Owns what is asked of a mirror between ledger and boards, in whichever thread it runs.

import type { Disposable, Event } from '../base/event.ts';
import type { Actor } from '../core/actor.ts';
import type { BoardProblem } from '../core/board/boardProblem.ts';
import type { BoardFileName } from '../core/task/archive.ts';

export interface MirrorDoor extends Disposable {
	/** Tells what is wrong with the boards whenever that changes, once started. */
	readonly onDidChangeProblems: Event<readonly BoardProblem[]>;
	/** Follows files and ledger from now on. */
	start(): void;
	/**
	 * Takes over what was edited and writes every board that does not show the ledger. Boards that cannot be read stay halted.
	 * Rejects with `file.*` when a file cannot be written; the ledger is not touched by that.
	 */
	flush(): Promise<void>;
	/** Everything wrong with the boards as they are at this moment, for those who ask once. */
	check(): Promise<readonly BoardProblem[]>;
	/** Replaces a board's file by the ledger's version, whatever is in it. What was there is copied to the quarantine first. */
	acceptLedger(board: BoardFileName, actor: Actor): Promise<void>;
	/** Stops following. Resolves when nothing of this mirror is running any more. */
	close(): Promise<void>;
}
