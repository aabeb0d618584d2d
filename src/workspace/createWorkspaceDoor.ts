// Owns the workspace as actions see it: set-up, adoption, checks. It joins core's functions with the open ledger and mirror.

import { DreamError } from '../base/errors.ts';
import { isAbsolutePath } from '../base/isAbsolutePath.ts';
import type { HostStatus } from '../core/actions/swarmDoor.ts';
import type { WorkspaceDoor, WorkspaceState } from '../core/actions/workspaceDoor.ts';
import type { BoardProblem } from '../core/board/boardProblem.ts';
import { sortProblems } from '../core/board/boardProblem.ts';
import { HooksFile } from '../core/hooks/hooksFile.ts';
import type { Ledger } from '../core/ledger.ts';
import { runtimePaths } from '../core/paths.ts';
import { PolicyFile } from '../core/policy/policyFile.ts';
import type { Clock, FileSystem, ProcessRunner } from '../core/ports.ts';
import type { SettingProblem } from '../core/settings.ts';
import { adoptBoards, planBoards } from '../core/workspace/adoptBoards.ts';
import { reportAdoption } from '../core/workspace/adoptionReport.ts';
import { readForeignBoards } from '../core/workspace/foreignBoards.ts';
import { initializeWorkspace } from '../core/workspace/initializeWorkspace.ts';
import { placePaths } from '../drivers/acp/toolPaths.ts';
import { createWorktreeFence } from '../drivers/worktreeFence.ts';
import type { MirrorDoor } from '../ledger/mirrorDoor.ts';
import type { WorkspaceGit } from '../node/git.ts';
import { findMissingPrograms } from './examineHooks.ts';
import { examineWorkspace } from './examineWorkspace.ts';

export interface WorkspaceDoorParts {
	readonly folder: string;
	readonly files: FileSystem;
	readonly clock: Clock;
	readonly git: WorkspaceGit;
	readonly processes: ProcessRunner;
	readonly state: () => WorkspaceState;
	readonly ledger: () => Ledger | undefined;
	/** The mirror of a workspace that is ours, or an error that says why there is none. */
	readonly mirror: () => MirrorDoor;
	/** Whether boards may be written here. */
	readonly isWritable: () => boolean;
	readonly settingProblems: () => readonly SettingProblem[];
	readonly hostStatus: () => Promise<HostStatus>;
	/** Does what makes the folder ours, with a way to open its ledger before it is; the state is looked at afterwards. */
	readonly setUp: <T>(work: (openLedger: () => Promise<Ledger>) => Promise<T>) => Promise<T>;
}

export function createWorkspaceDoor(parts: WorkspaceDoorParts): WorkspaceDoor {
	const { folder, files, clock, git } = parts;
	const tools = { files, clock, folder };
	const hooks = new HooksFile(files, files.join(folder, runtimePaths.hooks));
	const policy = new PolicyFile(files, folder);

	const inWorkspace = (path: string) => (isAbsolutePath(path) ? files.join(path) : files.join(folder, path));
	const ours = (): Ledger => {
		const ledger = parts.ledger();
		if (ledger === undefined) {
			throw new DreamError('workspace.notInitialized', 'This folder has no task boards yet.', {
				advice: 'Initialize the workspace first.',
			});
		}
		return ledger;
	};

	const currentProblems = async (): Promise<readonly BoardProblem[]> => {
		if (parts.state() !== 'ours' || !parts.isWritable()) {
			return (await readForeignBoards(files, folder)).problems;
		}
		const mirror = parts.mirror();
		// A file that was written a moment ago is judged once it has settled; what cannot be written shows up as a problem.
		await mirror.flush().catch(() => undefined);
		const missing = await findMissingPrograms(await hooks.read(), parts.processes, folder);
		return sortProblems([...(await mirror.check()), ...missing]);
	};
	return {
		folder,
		state: parts.state,
		async initialize(options, actor) {
			if (options.git) {
				await git.initialize();
			}
			const { created } = await parts.setUp((openLedger) => initializeWorkspace({ ...tools, openLedger }, actor));
			await parts.mirror().flush();
			return { created: [...created] };
		},
		async makeSample(actor) {
			const { makeSample } = await import('../core/workspace/makeSample.ts');
			const { tasks } = await parts.setUp((openLedger) =>
				makeSample({ ...tools, openLedger, git, processes: parts.processes }, actor),
			);
			await parts.mirror().flush();
			return { folder, tasks: [...tasks] };
		},
		foreignView: () => readForeignBoards(files, folder),
		planAdoption: async () => reportAdoption(await planBoards(tools)),
		async adopt(actor) {
			const { report } = await parts.setUp((openLedger) => adoptBoards({ ...tools, openLedger }, actor));
			await parts.mirror().flush();
			return report;
		},
		async importBoards(choices, actor) {
			const ledger = parts.state() === 'ours' ? parts.ledger() : undefined;
			const { importBoards } = await import('../core/import/importBoards.ts');
			const answer = await importBoards({ files, folder, ledger }, choices, actor);
			if (answer.imported > 0) {
				await parts.mirror().flush();
			}
			return answer;
		},
		async importCheckpoints({ path, isDryRun }, actor) {
			const { importCheckpoints } = await import('../core/checkpoint/importCheckpoints.ts');
			const { readYaml: yaml } = await import('../core/yaml.ts');
			return importCheckpoints({ files, yaml, ledger: ours() }, { path: inWorkspace(path), isDryRun }, actor);
		},
		async exportCheckpoints({ runId, folder: to }) {
			const { exportCheckpoints } = await import('../core/checkpoint/exportCheckpoints.ts');
			const read: Ledger['read'] = (work) => ours().read(work);
			return exportCheckpoints({ files, git, read }, { runId, folder: inWorkspace(to) });
		},
		checkBoards: currentProblems,
		policy: () => policy.read(),
		placePaths: (paths, command) => placePaths(createWorktreeFence(folder), paths, command),
		rememberRule: (rule, comment) => policy.remember(rule, comment),
		acceptLedger: (board, actor) => parts.mirror().acceptLedger(board, actor),
		async examine() {
			const state = parts.state();
			return examineWorkspace({
				...parts,
				state,
				ledger: parts.ledger(),
				problems: state === 'none' ? [] : await currentProblems(),
				hooks: await hooks.read(),
				policy: await policy.read(),
				settingProblems: parts.settingProblems(),
			});
		},
	};
}
