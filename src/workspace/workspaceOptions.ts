// Owns what a door hands in when it opens a workspace, and what it gets. The four doors share this one assembly.

import type { Disposable, Event } from '../base/event.ts';
import type { JsonObject } from '../base/json.ts';
import type { Logger } from '../base/log.ts';
import type { AgentKeys } from '../core/agent/agentKeys.ts';
import type { SwarmDoor } from '../core/actions/swarmDoor.ts';
import type { WorkspaceState } from '../core/actions/workspaceDoor.ts';
import type { BoardProblem } from '../core/board/boardProblem.ts';
import type { Container } from '../core/containment/container.ts';
import type { Dream } from '../core/dream.ts';
import type { Ledger } from '../core/ledger.ts';
import type { Clock, FileSystem, Git, ProcessRunner, Watcher } from '../core/ports.ts';
import type { SearchQuery } from '../core/search/searchQuery.ts';
import type { SettingProblem, Settings } from '../core/settings.ts';
import type { SwarmModel } from '../core/swarm/swarmModel.ts';

export interface WorkspaceOptions {
	/** Absolute path of the workspace folder. */
	readonly folder: string;
	readonly log: Logger;
	/** Where a swarm started through this door lives. */
	readonly startedFrom: 'editor' | 'terminal';
	/** Absolute path of `host.cjs`, beside the door's own bundle. */
	readonly hostScript: string;
	/**
	 * Absolute path of `mirror.cjs`: boards are mirrored in a thread of its own, so that a window does not wait for them. Left out, it
	 * is done in the program's own thread.
	 */
	readonly mirrorScript?: string;
	/** Hears of what is wrong with the boards, besides the model. */
	readonly onProblems?: (problems: readonly BoardProblem[]) => void;
	/** Settings as the editor knows them, without the `dreamos.` prefix; programs without an editor leave it out. */
	readonly editorSettings?: () => JsonObject;
	/** Why nothing may be started here (workspace trust), as a sentence; undefined when it may. */
	readonly trustRefusal?: () => string | undefined;
	/** Keys a person gave to agents; handed to a host that is started. Programs without a place for secrets leave it out. */
	readonly agentKeys?: () => Promise<AgentKeys>;
	/**
	 * What is kept up to date while open: `nothing` for a command that ends at once, `boards` to mirror them in the background,
	 * `everything` for views, with the model.
	 */
	readonly follows: 'nothing' | 'boards' | 'everything';
}

export interface WorkspacePorts {
	readonly clock: Clock;
	readonly files: FileSystem;
	readonly watcher: Watcher;
	readonly processes: ProcessRunner;
	readonly git: Git;
	readonly container: Container;
}

export interface OpenWorkspace extends Disposable {
	readonly folder: string;
	readonly ports: WorkspacePorts;
	/** The door for everything that can be done. */
	readonly dream: Dream;
	/** The host's process, for whoever keeps it alive. */
	readonly swarm: SwarmDoor;
	/** Live picture for views; stays empty unless `everything` is followed. */
	readonly model: SwarmModel;
	/** Keys of the picture's tasks that answer a query, for boards without a ledger. */
	matchingKeys(query: SearchQuery): string[];
	state(): WorkspaceState;
	readonly onDidChangeState: Event<WorkspaceState>;
	/** The open ledger; undefined unless the state is `ours`. */
	ledger(): Ledger | undefined;
	settings(): Settings;
	settingProblems(): readonly SettingProblem[];
	/** The editor's settings changed: publish them for the programs without an editor. */
	publishSettings(): Promise<void>;
	/** Looks again whether the folder became, or stopped being, one of ours. */
	refreshState(): Promise<void>;
	/** Fails with `workspace.ledgerLost` when the file of the open ledger was deleted or replaced. */
	assertLedger(): Promise<void>;
	/** Resolves when the boards show everything the ledger holds. */
	flushBoards(): Promise<void>;
	/** Stops following, closes the ledger. Resolves when every file is closed. */
	close(): Promise<void>;
}
