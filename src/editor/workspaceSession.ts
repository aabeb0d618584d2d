// Owns the one workspace this window works on: which folder, opening it, following it, closing it. Views and commands read it
// here and never open anything themselves.

import type { Memento, WorkspaceFolder } from 'vscode';
import { workspace as editorWorkspace, l10n } from 'vscode';
import { Sequencer } from '../base/async.ts';
import { DisposableStore } from '../base/disposable.ts';
import { DreamError } from '../base/errors.ts';
import type { Event } from '../base/event.ts';
import { Emitter } from '../base/event.ts';
import type { Logger } from '../base/log.ts';
import type { SwarmSnapshot } from '../core/swarm/swarmSnapshot.ts';
import { emptySnapshot } from '../core/swarm/swarmSnapshot.ts';
import type { OpenWorkspace } from '../workspace/workspaceOptions.ts';
import { chooseFolder } from './folderChoice.ts';

export type SessionState =
	| { readonly kind: 'opening' }
	| { readonly kind: 'noFolder' }
	| { readonly kind: 'virtual' }
	| { readonly kind: 'several'; readonly folders: readonly WorkspaceFolder[] }
	| { readonly kind: 'failed'; readonly folder: WorkspaceFolder; readonly error: unknown }
	| {
			readonly kind: 'open';
			readonly folder: WorkspaceFolder;
			readonly isOneOfSeveral: boolean;
			readonly isWritable: boolean;
			readonly workspace: OpenWorkspace;
	  };

/** Where the window keeps, over a reload, which of several folders a person chose. */
const chosenKey = 'dreamos.chosenFolder';

export class WorkspaceSession {
	private readonly openFolder: (folder: WorkspaceFolder) => Promise<OpenWorkspace>;
	private readonly log: Logger;
	private readonly changed = new Emitter<SessionState>((error) =>
		this.log.error('A listener of the session failed.', error),
	);
	private readonly snapshotChanged = new Emitter<SwarmSnapshot>((error) => this.log.error('A view failed.', error));
	private readonly subscriptions = new DisposableStore();
	private readonly jobs = new Sequencer();
	private readonly closeHooks: ((workspace: OpenWorkspace) => Promise<void>)[] = [];
	private following = new DisposableStore();
	private state: SessionState = { kind: 'opening' };
	private readonly kept: Memento;
	private isClosed = false;

	/** @param kept what the editor remembers for this window's folders */
	constructor(openFolder: (folder: WorkspaceFolder) => Promise<OpenWorkspace>, kept: Memento, log: Logger) {
		this.openFolder = openFolder;
		this.kept = kept;
		this.log = log;
		this.subscriptions.add(editorWorkspace.onDidChangeWorkspaceFolders(() => void this.reopen()));
		// What was opened for reading only is opened again for writing.
		this.subscriptions.add(editorWorkspace.onDidGrantWorkspaceTrust(() => void this.openAgain()));
	}

	/** Fires when the folder, its state (none, foreign, ours) or the trust in it changed. */
	readonly onDidChange: Event<SessionState> = (listener) => this.changed.event(listener);
	/** Fires with each new picture, also with the empty one when a workspace closes. */
	readonly onDidChangeSnapshot: Event<SwarmSnapshot> = (listener) => this.snapshotChanged.event(listener);

	get current(): SessionState {
		return this.state;
	}

	get snapshot(): SwarmSnapshot {
		return this.state.kind === 'open' ? this.state.workspace.model.current : emptySnapshot;
	}

	/** The open workspace, or undefined with whatever `current` says. */
	get workspace(): OpenWorkspace | undefined {
		return this.state.kind === 'open' ? this.state.workspace : undefined;
	}

	/** The open workspace, or an error that tells the person what is missing. */
	require(): OpenWorkspace {
		const { state } = this;
		switch (state.kind) {
			case 'open':
				return state.workspace;
			case 'opening':
				throw new DreamError('workspace.opening', l10n.t('The workspace is still being opened.'), {
					advice: l10n.t('Try again in a moment.'),
				});
			case 'noFolder':
				throw new DreamError('workspace.noFolder', l10n.t('No folder is open.'), {
					advice: l10n.t('Open the folder of your project first.'),
				});
			case 'virtual':
				throw new DreamError(
					'workspace.virtual',
					l10n.t('This folder is not on a disk that agents can work on.'),
					{
						advice: l10n.t('Open a folder of this machine, or of the remote machine you are connected to.'),
					},
				);
			case 'several':
				throw new DreamError('workspace.notChosen', l10n.t('None of the open folders has task boards.'), {
					advice: l10n.t('Run Initialize Workspace to choose one.'),
				});
			case 'failed':
				throw state.error;
		}
	}

	/** Looks which folder to use and opens it; closes the one before when it is another. Never rejects. */
	reopen(): Promise<void> {
		return this.jobs.run('open', () => this.openChosen());
	}

	/** Uses this one of the window's folders from now on, also after a reload. */
	async choose(folder: WorkspaceFolder): Promise<void> {
		await this.kept.update(chosenKey, folder.uri.fsPath);
		await this.reopen();
	}

	/** Closes what is open and opens it anew. Never rejects. */
	openAgain(): Promise<void> {
		void this.jobs.run('open', () => this.closeCurrent());
		return this.reopen();
	}

	/** Adds somebody who has to let go of a workspace before its ledger closes. */
	beforeClose(hook: (workspace: OpenWorkspace) => Promise<void>): void {
		this.closeHooks.push(hook);
	}

	/** Stops everything; resolves when the ledger is closed. */
	async close(): Promise<void> {
		this.isClosed = true;
		this.subscriptions.dispose();
		await this.jobs.run('open', () => this.closeCurrent());
		this.changed.dispose();
		this.snapshotChanged.dispose();
	}

	private async openChosen(): Promise<void> {
		if (this.isClosed) {
			return;
		}
		const choice = await chooseFolder(editorWorkspace.workspaceFolders ?? [], this.kept.get<string>(chosenKey));
		if (choice.kind !== 'chosen') {
			await this.closeCurrent();
			this.enter(choice);
			return;
		}
		const { folder } = choice;
		if (this.state.kind === 'open' && this.state.folder.uri.toString() === folder.uri.toString()) {
			this.enter({ ...this.state, isOneOfSeveral: choice.isOneOfSeveral, isWritable: choice.isWritable });
			return;
		}
		await this.closeCurrent();
		this.enter({ kind: 'opening' });
		try {
			const workspace = await this.openFolder(folder);
			this.follow(workspace);
			this.enter({ ...choice, kind: 'open', workspace });
		} catch (error) {
			this.log.error(`${folder.uri.fsPath} could not be opened.`, error);
			this.enter({ kind: 'failed', folder, error });
		}
	}

	private follow(workspace: OpenWorkspace): void {
		this.following = new DisposableStore();
		this.following.add(workspace.onDidChangeState(() => this.enter(this.state)));
		this.following.add(workspace.model.onDidChange((snapshot) => this.snapshotChanged.fire(snapshot)));
	}

	private enter(state: SessionState): void {
		this.state = state;
		this.changed.fire(state);
		this.snapshotChanged.fire(this.snapshot);
	}

	private async closeCurrent(): Promise<void> {
		const { workspace } = this;
		if (workspace === undefined) {
			return;
		}
		this.following.dispose();
		// Whoever holds something of the workspace lets it go while the ledger is still open.
		this.enter({ kind: 'opening' });
		await Promise.allSettled(this.closeHooks.map((hook) => hook(workspace)));
		try {
			await workspace.close();
		} catch (error) {
			this.log.error(`${workspace.folder} could not be closed.`, error);
		}
	}
}
