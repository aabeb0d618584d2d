// Owns what a folder is at the moment (none, foreign, ours), the ledger and mirror that are open because of it, and who is told
// when it changes. One change at a time: looking, setting up and closing never overlap.

import { sleep } from '../base/async.ts';
import { DreamError, isDreamError } from '../base/errors.ts';
import { Emitter } from '../base/event.ts';
import type { WorkspaceState } from '../core/actions/workspaceDoor.ts';
import { hookVariable } from '../core/hooks/runHook.ts';
import type { Ledger } from '../core/ledger.ts';
import { runtimePaths } from '../core/paths.ts';
import type { SwarmModel } from '../core/swarm/swarmModel.ts';
import { readForeignBoards } from '../core/workspace/foreignBoards.ts';
import { lookAtWorkspace } from '../core/workspace/lookAtWorkspace.ts';
import { archivePolicy } from '../core/settings.ts';
import { BoardMirror } from '../ledger/boardMirror.ts';
import type { MirrorDoor } from '../ledger/mirrorDoor.ts';
import { FolderWatch } from './folderWatch.ts';
import { MirrorThread } from './mirrorThread.ts';
import type { OpenedLedger, WorkspaceLedgerParts } from './workspaceLedger.ts';
import { openExistingLedger, openWorkspaceLedger, rebuildWorkspaceLedger, setDamagedAside } from './workspaceLedger.ts';
import type { WorkspaceOptions, WorkspacePorts } from './workspaceOptions.ts';
import type { WorkspaceSettings } from './workspaceSettings.ts';

/** How long a marker may stand without a ledger before the ledger counts as lost. */
const setUpMilliseconds = 1000;

/** A hook that makes a guarded move would run hooks that make moves, without end. */
const hookRefusal = (): string | undefined =>
	process.env[hookVariable] === undefined
		? undefined
		: 'This program was started by a hook, which may not ask guards itself.';

export class FolderState {
	private readonly options: WorkspaceOptions;
	private readonly ports: WorkspacePorts;
	private readonly settings: WorkspaceSettings;
	private readonly model: SwarmModel;
	private readonly changed = new Emitter<WorkspaceState>();
	private state: WorkspaceState = 'none';
	/** The state listeners were told last. */
	private told: WorkspaceState = 'none';
	private open:
		| { readonly ledger: Ledger; readonly mirror: MirrorDoor | undefined; readonly inode: number | undefined }
		| undefined;
	private readonly watch: FolderWatch;
	private changing: Promise<void> = Promise.resolve();
	private isClosed = false;

	constructor(options: WorkspaceOptions, ports: WorkspacePorts, settings: WorkspaceSettings, model: SwarmModel) {
		this.options = options;
		this.ports = ports;
		this.settings = settings;
		this.model = model;
		this.watch = new FolderWatch({
			folder: options.folder,
			ports,
			log: options.log,
			look: () => this.refresh(),
			readSettings: () => settings.refresh(this.open?.ledger),
			isLedgerLost: async () => (await this.ledgerInode().catch(() => undefined)) !== this.open?.inode,
		});
	}

	readonly onDidChange = this.changed.event;

	get current(): WorkspaceState {
		return this.state;
	}

	get ledger(): Ledger | undefined {
		return this.open?.ledger;
	}

	get mirror(): MirrorDoor | undefined {
		return this.open?.mirror;
	}

	/** The open ledger, or an error that says why there is none. */
	requireLedger(): Ledger {
		if (this.open !== undefined) {
			return this.open.ledger;
		}
		switch (this.state) {
			case 'foreign':
				throw new DreamError(
					'workspace.foreign',
					'The boards here were made by somebody else and are shown read-only.',
					{ advice: 'Adopt them (dreamos init) to work on them; you are shown first what that changes.' },
				);
			case 'ours':
				throw this.notTrusted();
			case 'none':
				throw new DreamError('workspace.notInitialized', `${this.options.folder} is not set up for Dream.OS.`, {
					advice: 'Initialize the workspace (dreamos init) first.',
				});
		}
	}

	/** The mirror of a folder whose boards may be written, or an error that says why they may not. */
	requireMirror(): MirrorDoor {
		this.requireLedger();
		if (this.open?.mirror === undefined) {
			throw this.notTrusted();
		}
		return this.open.mirror;
	}

	/**
	 * Fails with `workspace.ledgerLost` when the ledger's file was deleted or replaced while it was open: SQLite goes on writing to
	 * what nobody will ever read, and boards must not be written from it.
	 */
	async assertLedger(): Promise<void> {
		if (this.open !== undefined && this.open.inode !== (await this.ledgerInode())) {
			throw new DreamError('workspace.ledgerLost', 'The ledger was deleted or replaced while it was in use.', {
				details: { path: runtimePaths.ledger },
				advice: 'Run the command again: a lost ledger is rebuilt from the boards.',
			});
		}
	}

	private async ledgerInode(): Promise<number | undefined> {
		const { files } = this.ports;
		return (await files.stat(files.join(this.options.folder, runtimePaths.ledger)))?.inode;
	}

	/** Looks what the folder is and opens, follows or lets go accordingly. */
	refresh(): Promise<void> {
		this.changing = this.changing.then(
			() => this.look(),
			() => this.look(),
		);
		return this.changing;
	}

	/** Initialises or adopts: the ledger is opened before the folder counts as ours, and nobody looks meanwhile. */
	setUp<T>(work: (openLedger: () => Promise<Ledger>) => Promise<T>): Promise<T> {
		const result = this.changing.then(async () => {
			try {
				return await work(async () => {
					if (this.open === undefined) {
						await this.followLedger(await openWorkspaceLedger(this.ledgerParts, true));
					}
					return this.requireLedger();
				});
			} finally {
				await this.look();
			}
		});
		this.changing = result.then(
			() => undefined,
			() => undefined,
		);
		return result;
	}

	async close(): Promise<void> {
		this.isClosed = true;
		await this.changing.catch(() => undefined);
		this.watch.dispose();
		await this.closeLedger();
		this.changed.dispose();
	}

	private notTrusted(): DreamError {
		if (this.open?.ledger.refusal !== undefined) {
			return this.open.ledger.refusal;
		}
		const refusal = this.options.trustRefusal?.();
		return refusal === undefined
			? new DreamError(
					'ledger.readOnly',
					`The ledger and the boards in ${this.options.folder} may only be read.`,
					{
						advice: 'Make the folder writable for you.',
					},
				)
			: new DreamError('workspace.notTrusted', refusal, { advice: 'Trust the workspace first.' });
	}

	private async look(): Promise<void> {
		if (this.isClosed) {
			return;
		}
		const { files } = this.ports;
		const { ledger } = this;
		let { state, isLedgerLost } = await lookAtWorkspace(files, this.options.folder);
		if (isLedgerLost) {
			// Another program may be setting the folder up this very moment: it writes the marker first.
			await sleep(setUpMilliseconds);
			({ state, isLedgerLost } = await lookAtWorkspace(files, this.options.folder));
		}
		if (state === 'ours') {
			await this.openOurs(isLedgerLost);
		} else {
			await this.closeLedger();
			await this.showWithoutLedger(state);
		}
		if (this.options.follows !== 'nothing' && !this.isClosed) {
			this.watch.set(state, this.open?.ledger);
		}
		// A ledger that was lost and is another one now is news for whoever holds something of the old one.
		this.state = state;
		if (this.told !== state || (ledger !== undefined && ledger !== this.ledger)) {
			this.told = state;
			this.changed.fire(state);
		}
	}

	private async openOurs(isLedgerLost: boolean): Promise<void> {
		if (this.open !== undefined) {
			if (this.open.inode === (await this.ledgerInode())) {
				return;
			}
			this.options.log.warn('The ledger was deleted or replaced while it was open; it is opened anew.');
			await this.closeLedger();
		}
		const isTrusted = this.options.trustRefusal?.() === undefined;
		if (isLedgerLost && !isTrusted) {
			await this.showWithoutLedger('foreign');
			return;
		}
		const opened = isLedgerLost
			? await rebuildWorkspaceLedger(this.ledgerParts)
			: await openExistingLedger(this.ledgerParts, isTrusted);
		await this.followLedger(opened, 'ours');
		await this.settings.refresh(opened.ledger);
	}

	/**
	 * Does something with the ledger. When the ledger turns out to be damaged, it is set aside and built anew, and it is done once
	 * more: what failed has changed nothing.
	 */
	async withSoundLedger<T>(work: () => Promise<T>): Promise<T> {
		try {
			return await work();
		} catch (error) {
			if (!isDreamError(error, 'ledger.corrupt') || !(await this.heal())) {
				throw error;
			}
			return work();
		}
	}

	/** Sets a ledger that is damaged aside and builds it anew. False where there is nothing to heal, or no right to. */
	private heal(): Promise<boolean> {
		const healed = this.changing.then(async () => {
			if (this.isClosed || this.options.trustRefusal?.() !== undefined || this.open?.mirror === undefined) {
				return false;
			}
			if (setDamagedAside(this.ledgerParts) === undefined && this.open.inode === (await this.ledgerInode())) {
				return false;
			}
			await this.closeLedger();
			await this.look();
			return this.open !== undefined;
		});
		this.changing = healed.then(
			() => undefined,
			() => undefined,
		);
		return healed;
	}

	/** `state`: what the folder counts as from here on, so that no picture of a ledger comes before it. */
	private async followLedger({ ledger, isWritable }: OpenedLedger, state = this.state): Promise<void> {
		const inode = await this.ledgerInode();
		const { follows, onProblems } = this.options;
		const mirror = isWritable ? this.createMirror(ledger) : undefined;
		this.open = { ledger, mirror, inode };
		this.state = state;
		if (follows === 'everything') {
			mirror?.onDidChangeProblems((problems) => this.model.setProblems(problems));
			this.model.follow(ledger);
		}
		if (onProblems !== undefined) {
			mirror?.onDidChangeProblems(onProblems);
		}
		if (follows !== 'nothing') {
			mirror?.start();
		}
	}

	private createMirror(ledger: Ledger): MirrorDoor {
		const { folder, log, mirrorScript } = this.options;
		const { files, clock, watcher } = this.ports;
		if (mirrorScript !== undefined) {
			return new MirrorThread({ script: mirrorScript, folder, log });
		}
		return new BoardMirror({
			ledger,
			files,
			clock,
			watcher,
			log,
			folder,
			archive: () => archivePolicy(this.settings.current.settings),
			onFailure: (error) => {
				if (isDreamError(error, 'ledger.corrupt')) {
					void this.heal().catch((failure: unknown) =>
						log.error('A damaged ledger could not be built anew.', failure),
					);
				}
			},
		});
	}

	private get ledgerParts(): WorkspaceLedgerParts {
		const { options, ports } = this;
		const { files, clock, watcher, processes } = ports;
		return {
			folder: options.folder,
			files,
			clock,
			log: options.log,
			watcher: options.follows === 'nothing' ? undefined : watcher,
			processes,
			refusal: () => hookRefusal() ?? options.trustRefusal?.(),
		};
	}

	private async showWithoutLedger(state: WorkspaceState): Promise<void> {
		await this.settings.refresh(undefined);
		if (this.options.follows !== 'everything') {
			return;
		}
		if (state === 'foreign') {
			const { tasks, problems } = await readForeignBoards(this.ports.files, this.options.folder);
			this.model.showForeign(tasks);
			this.model.setProblems(problems);
		} else {
			this.model.follow(undefined);
			this.model.setProblems([]);
		}
	}

	private async closeLedger(): Promise<void> {
		const { open } = this;
		this.open = undefined;
		await open?.mirror?.close();
		open?.ledger.dispose();
	}
}
