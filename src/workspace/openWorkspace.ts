// Owns the assembly behind every door: a folder becomes ledger, mirror, settings, git, host process, model and the door for actions.

import { coalesce, sleep } from '../base/async.ts';
import { DisposableStore } from '../base/disposable.ts';
import { describeError, DreamError } from '../base/errors.ts';
import type { Disposable } from '../base/event.ts';
import { Emitter } from '../base/event.ts';
import type { SwarmDoor } from '../core/actions/swarmDoor.ts';
import type { WorkspaceState } from '../core/actions/workspaceDoor.ts';
import { createDream } from '../core/dream.ts';
import type { Ledger } from '../core/ledger.ts';
import { runtimePaths } from '../core/paths.ts';
import { SwarmModel } from '../core/swarm/swarmModel.ts';
import { readForeignBoards } from '../core/workspace/foreignBoards.ts';
import { lookAtWorkspace } from '../core/workspace/lookAtWorkspace.ts';
import { BoardMirror } from '../ledger/boardMirror.ts';
import { createChokidarWatcher } from '../node/chokidarWatcher.ts';
import { createGit } from '../node/git.ts';
import { nodeFileSystem } from '../node/nodeFileSystem.ts';
import { createProcessRunner } from '../node/processRunner.ts';
import { settingsPath } from '../node/settingsFile.ts';
import { systemClock } from '../node/systemClock.ts';
import { createWorkspaceDoor } from './createWorkspaceDoor.ts';
import { HostProcess } from './hostProcess.ts';
import { landHere } from './landHere.ts';
import type { OpenWorkspace, WorkspaceOptions, WorkspacePorts } from './workspaceOptions.ts';
import type { OpenedLedger, WorkspaceLedgerParts } from './workspaceLedger.ts';
import { openExistingLedger, openWorkspaceLedger, rebuildWorkspaceLedger } from './workspaceLedger.ts';
import { WorkspaceSettings } from './workspaceSettings.ts';

/** How long after a burst of changes the folder is looked at again. */
const lookAgainMilliseconds = 100;
/** How long a marker may stand without a ledger before the ledger counts as lost. */
const setUpMilliseconds = 1000;

/** Opens a folder. Rejects with `ledger.*` or `file.*` when it is one of ours and its ledger cannot be used. */
export async function openWorkspace(options: WorkspaceOptions): Promise<OpenWorkspace> {
	if ((await nodeFileSystem.stat(options.folder))?.isFolder !== true) {
		throw new DreamError('workspace.noFolder', `${options.folder} is not a folder.`, {
			details: { folder: options.folder },
			advice: 'Name the folder of your project.',
		});
	}
	const assembly = new WorkspaceAssembly(options);
	try {
		await assembly.refreshState();
	} catch (error) {
		await assembly.close();
		throw error;
	}
	return assembly;
}

class WorkspaceAssembly implements OpenWorkspace {
	readonly folder: string;
	readonly ports: WorkspacePorts;
	readonly model: SwarmModel;
	readonly dream;
	readonly swarm: SwarmDoor;
	private readonly options: WorkspaceOptions;
	private readonly git;
	private readonly stateChanged = new Emitter<WorkspaceState>();
	private readonly store = new DisposableStore();
	private readonly host: HostProcess;
	private readonly effective: WorkspaceSettings;
	private current: WorkspaceState = 'none';
	private open: { readonly ledger: Ledger; readonly mirror: BoardMirror | undefined } | undefined;
	private watching: Disposable | undefined;
	private changing: Promise<void> = Promise.resolve();
	private isClosed = false;

	constructor(options: WorkspaceOptions) {
		const { folder, log } = options;
		this.options = options;
		this.folder = folder;
		this.git = createGit({ workspaceFolder: folder, log });
		this.ports = {
			clock: systemClock,
			files: nodeFileSystem,
			watcher: createChokidarWatcher({
				onError: (message, error) => log.warn(`${message} ${describeError(error)}`),
			}),
			processes: createProcessRunner({ log }),
			git: this.git,
		};
		this.model = this.store.add(new SwarmModel(systemClock, log));
		this.effective = new WorkspaceSettings(nodeFileSystem, folder, options.editorSettings);
		this.host = this.store.add(
			new HostProcess({
				folder,
				hostScript: options.hostScript,
				startedFrom: options.startedFrom,
				clock: systemClock,
				ledger: () => this.requireLedger(),
			}),
		);
		this.swarm = this.createSwarmDoor();
		this.dream = createDream({
			clock: systemClock,
			log,
			workspace: createWorkspaceDoor({
				folder,
				files: nodeFileSystem,
				clock: systemClock,
				git: this.git,
				processes: this.ports.processes,
				state: () => this.current,
				ledger: () => this.open?.ledger,
				mirror: () => this.requireMirror(),
				settingProblems: () => this.settingProblems(),
				hostStatus: () => this.host.status(),
				setUp: (work) => this.setUp(work),
			}),
			swarm: this.swarm,
			ledger: () => this.requireLedger(),
			settings: () => this.settings(),
		});
	}

	readonly onDidChangeState = this.stateChanged.event;
	readonly state = () => this.current;
	readonly ledger = () => this.open?.ledger;
	readonly settings = () => this.effective.current.settings;
	readonly settingProblems = () => this.effective.current.problems;

	async publishSettings(): Promise<void> {
		if (this.open !== undefined && this.options.trustRefusal?.() === undefined) {
			await this.effective.publish(this.open.ledger);
		}
	}

	async flushBoards(): Promise<void> {
		await this.open?.mirror?.flush();
	}

	refreshState(): Promise<void> {
		this.changing = this.changing.then(
			() => this.look(),
			() => this.look(),
		);
		return this.changing;
	}

	dispose(): void {
		void this.close();
	}

	async close(): Promise<void> {
		this.isClosed = true;
		await this.changing.catch(() => undefined);
		this.watching?.dispose();
		this.store.dispose();
		await this.closeLedger();
		this.stateChanged.dispose();
	}

	private requireLedger(): Ledger {
		if (this.open !== undefined) {
			return this.open.ledger;
		}
		throw this.current === 'foreign'
			? new DreamError(
					'workspace.foreign',
					'The boards here were made by somebody else and are shown read-only.',
					{
						advice: 'Adopt them to work on them; you are shown first what that changes.',
					},
				)
			: new DreamError('workspace.notInitialized', `${this.folder} is not set up for Dream.OS.`, {
					advice: 'Initialize the workspace first.',
				});
	}

	private requireMirror(): BoardMirror {
		this.requireLedger();
		const mirror = this.open?.mirror;
		if (mirror === undefined) {
			throw new DreamError(
				'workspace.notTrusted',
				this.options.trustRefusal?.() ?? 'The boards cannot be written here.',
				{
					advice: 'Trust the workspace first.',
				},
			);
		}
		return mirror;
	}

	/** Looks what the folder is and opens, follows or lets go accordingly. */
	private async look(): Promise<void> {
		if (this.isClosed) {
			return;
		}
		const { files } = this.ports;
		let { state, isLedgerLost } = await lookAtWorkspace(files, this.folder);
		if (isLedgerLost) {
			// Another program may be setting the folder up this very moment: it writes the marker first.
			await sleep(setUpMilliseconds);
			({ state, isLedgerLost } = await lookAtWorkspace(files, this.folder));
		}
		if (state === 'ours') {
			await this.openOurs(isLedgerLost);
		} else {
			await this.closeLedger();
			await this.showWithoutLedger(state);
		}
		this.watch(state);
		if (this.current !== state) {
			this.current = state;
			this.stateChanged.fire(state);
		}
	}

	private async openOurs(isLedgerLost: boolean): Promise<void> {
		if (this.open !== undefined) {
			return;
		}
		const isTrusted = this.options.trustRefusal?.() === undefined;
		if (isLedgerLost && !isTrusted) {
			await this.showWithoutLedger('foreign');
			return;
		}
		const opened = isLedgerLost
			? await rebuildWorkspaceLedger(this.ledgerParts)
			: await openExistingLedger(this.ledgerParts, isTrusted);
		this.followLedger(opened);
		await this.effective.refresh(opened.ledger);
	}

	private followLedger({ ledger, isWritable }: OpenedLedger): void {
		const { log, follows } = this.options;
		const { files, clock, watcher } = this.ports;
		const mirror = isWritable
			? new BoardMirror({ ledger, files, clock, watcher, log, folder: this.folder })
			: undefined;
		this.open = { ledger, mirror };
		if (follows === 'everything') {
			mirror?.onDidChangeProblems((problems) => this.model.setProblems(problems));
			this.model.follow(ledger);
		}
		if (follows !== 'nothing') {
			mirror?.start();
		}
	}

	private get ledgerParts(): WorkspaceLedgerParts {
		const { folder, options, ports } = this;
		const { files, clock, watcher } = ports;
		return { folder, files, clock, log: options.log, watcher: options.follows === 'nothing' ? undefined : watcher };
	}

	/** Initialises or adopts: the ledger is opened before the folder counts as ours, and nobody looks meanwhile. */
	private setUp<T>(work: (openLedger: () => Promise<Ledger>) => Promise<T>): Promise<T> {
		const result = this.changing.then(async () => {
			try {
				return await work(async () => {
					if (this.open === undefined) {
						this.followLedger(await openWorkspaceLedger(this.ledgerParts, true));
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

	private async showWithoutLedger(state: WorkspaceState): Promise<void> {
		await this.effective.refresh(undefined);
		if (this.options.follows !== 'everything') {
			return;
		}
		if (state === 'foreign') {
			const { tasks, problems } = await readForeignBoards(this.ports.files, this.folder);
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

	/** Somebody else may set the folder up, or change boards that are not ours; settings may change on disk. */
	private watch(state: WorkspaceState): void {
		if (this.options.follows === 'nothing' || this.isClosed) {
			return;
		}
		this.watching?.dispose();
		const store = new DisposableStore();
		const { files, watcher } = this.ports;
		const at = (path: string) => files.join(this.folder, path);
		const { log } = this.options;
		const again = store.add(
			coalesce(
				lookAgainMilliseconds,
				() => this.refreshState(),
				(error) => log.error('The folder could not be read.', error),
			),
		);
		if (state === 'ours') {
			const settings = store.add(
				coalesce(
					lookAgainMilliseconds,
					() => this.effective.refresh(this.open?.ledger),
					(error) => log.error('Settings could not be read.', error),
				),
			);
			store.add(watcher.watch([settingsPath(this.folder)], () => settings.trigger()));
			const subscription = this.open?.ledger.onDidChange(() => settings.trigger());
			if (subscription !== undefined) {
				store.add(subscription);
			}
		} else {
			store.add(
				watcher.watch([at(runtimePaths.marker), at(runtimePaths.ledger), at(runtimePaths.boards)], () =>
					again.trigger(),
				),
			);
		}
		this.watching = store;
	}

	private createSwarmDoor(): SwarmDoor {
		const { options, host } = this;
		return {
			startedFrom: options.startedFrom,
			refusal: () => options.trustRefusal?.(),
			ensureHost: async () => {
				await this.git.topFolder();
				return host.ensure();
			},
			status: () => host.status(),
			waitUntilStopped: (timeout) => host.waitUntilStopped(timeout),
			land: (commandId) =>
				landHere(
					{ folder: this.folder, git: this.git, ledger: this.requireLedger(), log: options.log },
					commandId,
				),
		};
	}
}
