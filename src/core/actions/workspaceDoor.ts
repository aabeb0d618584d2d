// Owns what actions may ask of the workspace folder: its state, its boards, its first set-up. Implemented in workspace/.

import type { JsonObject } from '../../base/json.ts';
import type { Actor } from '../actor.ts';
import type { BoardProblem } from '../board/boardProblem.ts';
import type { BoardFileName } from '../task/archive.ts';
import type { StoredTask } from '../task/task.ts';

/** `none`: no runtime folder. `foreign`: somebody else's boards, shown read-only. `ours`: a ledger is open. */
export type WorkspaceState = 'none' | 'foreign' | 'ours';

export interface ForeignView {
	readonly tasks: readonly Omit<StoredTask, 'sequence'>[];
	readonly problems: readonly BoardProblem[];
}

/** What adopting would change, in words and figures, before anything is written. */
export interface AdoptionReport {
	/** One line each, for a person. */
	readonly lines: readonly string[];
	readonly data: JsonObject;
}

export interface WorkspaceDoor {
	readonly folder: string;
	state(): WorkspaceState;
	/** Creates what is missing; with `git` also a repository. Fails with `workspace.foreign` where boards must be adopted instead. */
	initialize(options: { readonly git: boolean }, actor: Actor): Promise<JsonObject>;
	foreignView(): Promise<ForeignView>;
	planAdoption(): Promise<AdoptionReport>;
	/** Plans again and performs the plan. */
	adopt(actor: Actor): Promise<AdoptionReport>;
	checkBoards(): Promise<readonly BoardProblem[]>;
	acceptLedger(board: BoardFileName, actor: Actor): Promise<void>;
	/** Facts about machine and workspace with what is wrong and what to do; for `doctor`. */
	examine(): Promise<readonly Finding[]>;
}

export interface Finding {
	readonly subject: string;
	readonly ok: boolean;
	readonly message: string;
	readonly advice?: string;
}
