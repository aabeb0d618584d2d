// Owns what actions may ask of the workspace folder: its state, its boards, its first set-up. Implemented in workspace/.

import type { JsonObject } from '../../base/json.ts';
import type { Actor } from '../actor.ts';
import type { BoardProblem } from '../board/boardProblem.ts';
import type { ExportedCheckpoints } from '../checkpoint/exportCheckpoints.ts';
import type { CheckpointImport } from '../checkpoint/importCheckpoints.ts';
import type { PlacedPath } from '../policy/permissionRequest.ts';
import type { PolicyRuleText } from '../policy/policyRule.ts';
import type { PolicyReading } from '../policy/readPolicy.ts';
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

/** What an import found, what it would do or did. */
export interface ImportAnswer extends AdoptionReport {
	/** Tasks that would come to be. */
	readonly creates: number;
	/** Tasks that came to be; 0 after a dry run. */
	readonly imported: number;
}

export interface WorkspaceDoor {
	readonly folder: string;
	state(): WorkspaceState;
	/** Creates what is missing; with `git` also a repository. Fails with `workspace.foreign` where boards must be adopted instead. */
	initialize(options: { readonly git: boolean }, actor: Actor): Promise<JsonObject>;
	/** Fills an empty folder with a small project, its boards and tasks. Fails with `sample.*`. */
	makeSample(actor: Actor): Promise<JsonObject>;
	foreignView(): Promise<ForeignView>;
	planAdoption(): Promise<AdoptionReport>;
	/** Plans again and performs the plan. */
	adopt(actor: Actor): Promise<AdoptionReport>;
	/** Reads boards of any older layout and, without a dry run, brings their tasks into the ledger. Fails with `import.notFound`. */
	importBoards(choices: { readonly path: string; readonly isDryRun: boolean }, actor: Actor): Promise<ImportAnswer>;
	/** Reads checkpoint files of older generations and, without a dry run, takes over what they tell. Fails with `import.notFound`. */
	importCheckpoints(
		choices: { readonly path: string; readonly isDryRun: boolean },
		actor: Actor,
	): Promise<CheckpointImport>;
	/** Writes the checkpoints of a run as older agents read them. Fails with `run.unknown`, `checkpoint.none`, `file.*`. */
	exportCheckpoints(choices: { readonly runId: string; readonly folder: string }): Promise<ExportedCheckpoints>;
	checkBoards(): Promise<readonly BoardProblem[]>;
	acceptLedger(board: BoardFileName, actor: Actor): Promise<void>;
	/** What agents may do when they ask, as the file says it now. */
	policy(): Promise<PolicyReading>;
	/** Where paths, and those that a command line names, lead from the workspace folder, as they would for an agent in its worktree. */
	placePaths(paths: readonly string[], command: string | undefined): Promise<PlacedPath[]>;
	/** Puts a rule on top of the permission rules. Fails with `policy.notWritten`, `file.*`. */
	rememberRule(rule: PolicyRuleText, comment: string): Promise<void>;
	/** Facts about machine and workspace with what is wrong and what to do; for `doctor`. */
	examine(): Promise<readonly Finding[]>;
}

export interface Finding {
	readonly subject: string;
	readonly ok: boolean;
	readonly message: string;
	readonly advice?: string;
}
