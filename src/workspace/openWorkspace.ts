// Owns the assembly behind every door: a folder becomes ledger, mirror, settings, git, host process, model and the door for actions.

import { DisposableStore } from '../base/disposable.ts';
import { describeError, DreamError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { Actor } from '../core/actor.ts';
import type { AgentKeys } from '../core/agent/agentKeys.ts';
import type { SwarmDoor } from '../core/actions/swarmDoor.ts';
import type { Dream } from '../core/dream.ts';
import { createDream } from '../core/dream.ts';
import { LedgerModels } from '../core/models/ledgerModels.ts';
import { PolicyFile } from '../core/policy/policyFile.ts';
import { readOfferedModels } from '../core/models/offeredModels.ts';
import type { SearchQuery } from '../core/search/searchQuery.ts';
import { matchingKeys } from '../core/search/searchTasks.ts';
import { SwarmModel } from '../core/swarm/swarmModel.ts';
import { createChokidarWatcher } from '../node/chokidarWatcher.ts';
import { createGit } from '../node/git.ts';
import { nodeFileSystem } from '../node/nodeFileSystem.ts';
import { createProcessRunner } from '../node/processRunner.ts';
import { createSystemContainer } from '../node/systemContainer.ts';
import { systemClock } from '../node/systemClock.ts';
import { createAgentDoor } from './createAgentDoor.ts';
import { createWorkspaceDoor } from './createWorkspaceDoor.ts';
import { createWorktreeDoor } from './createWorktreeDoor.ts';
import { createDrivers } from '../drivers/drivers.ts';
import type { ExplainParts } from './explainWaiting.ts';
import { explainAnyTask, explainWaiting } from './explainWaiting.ts';
import { FolderState } from './folderState.ts';
import { HostProcess } from './hostProcess.ts';
import { terminalLease, whileAlive } from './holdLease.ts';
import { landHere } from './landHere.ts';
import type { OpenWorkspace, WorkspaceOptions, WorkspacePorts } from './workspaceOptions.ts';
import { WorkspaceSettings } from './workspaceSettings.ts';

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
	readonly dream: Dream;
	readonly swarm: SwarmDoor;
	private readonly options: WorkspaceOptions;
	private readonly git;
	private readonly store = new DisposableStore();
	private readonly host: HostProcess;
	private readonly effective: WorkspaceSettings;
	private readonly place: FolderState;
	/** Who asks the editor's models in a check. */
	private readonly asker: Actor = { kind: 'system', id: newId('check') };

	constructor(options: WorkspaceOptions) {
		const { folder, log } = options;
		this.options = options;
		this.folder = folder;
		this.git = createGit({ workspaceFolder: folder, log });
		const processes = createProcessRunner({ log });
		this.ports = {
			clock: systemClock,
			files: nodeFileSystem,
			watcher: createChokidarWatcher({
				onError: (message, error) => log.warn(`${message} ${describeError(error)}`),
			}),
			processes,
			container: createSystemContainer({ processes }),
			git: this.git,
		};
		this.model = this.store.add(new SwarmModel(systemClock, log));
		this.effective = new WorkspaceSettings(nodeFileSystem, folder, options.editorSettings);
		const place = new FolderState(options, this.ports, this.effective, this.model);
		this.place = place;
		this.onDidChangeState = place.onDidChange;
		this.host = this.store.add(
			new HostProcess({
				folder,
				hostScript: options.hostScript,
				startedFrom: options.startedFrom,
				clock: systemClock,
				ledger: () => place.requireLedger(),
				...(options.agentKeys === undefined ? {} : { agentKeys: options.agentKeys }),
			}),
		);
		this.swarm = this.createSwarmDoor();
		const dream = createDream({
			clock: systemClock,
			log,
			workspace: createWorkspaceDoor({
				folder,
				files: nodeFileSystem,
				clock: systemClock,
				git: this.git,
				processes: this.ports.processes,
				state: () => place.current,
				ledger: () => place.ledger,
				mirror: () => place.requireMirror(),
				isWritable: () => place.mirror !== undefined,
				settingProblems: () => this.settingProblems(),
				hostStatus: () => this.host.status(),
				setUp: (work) => place.setUp(work),
			}),
			swarm: this.swarm,
			agents: createAgentDoor({
				folder,
				processes: this.ports.processes,
				container: this.ports.container,
				drivers: (keys) => this.createDrivers(keys),
				models: async () =>
					(await place.ledger?.read((reader) => readOfferedModels(reader, systemClock.now()))) ?? [],
				whileAlive: (work) => whileAlive({ ledger: place.requireLedger(), log }, this.asker, work),
				keys: async () => (await options.agentKeys?.()) ?? {},
				settings: () => this.settings(),
			}),
			worktrees: createWorktreeDoor({
				folder,
				ports: this.ports,
				log,
				ledger: () => place.requireLedger(),
				settings: () => this.settings(),
				isHostRunning: async () => (await this.host.status()).isRunning,
			}),
			ledger: () => place.requireLedger(),
			settings: () => this.settings(),
			git: this.git,
		});
		this.dream = {
			effectOf: (actionId) => dream.effectOf(actionId),
			perform: (...words: Parameters<Dream['perform']>) => place.withSoundLedger(() => dream.perform(...words)),
		};
	}

	readonly onDidChangeState: OpenWorkspace['onDidChangeState'];
	readonly matchingKeys = (query: SearchQuery) => matchingKeys(this.model.current.tasks, query);
	readonly state = () => this.place.current;
	readonly ledger = () => this.place.ledger;
	readonly settings = () => this.effective.current.settings;
	readonly settingProblems = () => this.effective.current.problems;
	readonly refreshState = () => this.place.refresh();

	async publishSettings(): Promise<void> {
		const { ledger } = this.place;
		if (ledger !== undefined && this.options.trustRefusal?.() === undefined) {
			await this.effective.publish(ledger);
		}
	}

	async flushBoards(): Promise<void> {
		await this.place.assertLedger();
		await this.place.withSoundLedger(async () => this.place.mirror?.flush());
	}

	assertLedger(): Promise<void> {
		return this.place.assertLedger();
	}

	dispose(): void {
		void this.close();
	}

	async close(): Promise<void> {
		this.store.dispose();
		await this.place.close();
	}

	private createDrivers(keys: AgentKeys = {}) {
		const { clock, files, processes, container } = this.ports;
		// Only a check asks a model from here; what works on tasks is in the host.
		const languageModels = new LedgerModels({
			ledger: () => this.place.requireLedger(),
			clock,
			log: this.options.log,
			actor: this.asker,
			askedBy: terminalLease(this.asker),
		});
		return createDrivers({ clock, files, processes, container, keys, languageModels });
	}

	private explainParts(): ExplainParts {
		return {
			ledger: this.place.requireLedger(),
			settings: this.settings(),
			drivers: this.createDrivers(),
			policy: new PolicyFile(this.ports.files, this.folder),
		};
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
			whyWaiting: (taskId) => explainWaiting(this.explainParts(), taskId),
			explain: (taskId) => explainAnyTask(this.explainParts(), taskId),
			waitUntilStopped: (timeout) => host.waitUntilStopped(timeout),
			land: (commandId) =>
				landHere(
					{
						folder: this.folder,
						git: this.git,
						ledger: this.place.requireLedger(),
						log: options.log,
						settings: this.settings,
					},
					commandId,
				),
		};
	}
}
