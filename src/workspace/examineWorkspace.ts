// Owns the examination behind `dreamos doctor`: each thing that must be right, whether it is, and what to do when it is not.

import { describeError } from '../base/errors.ts';
import type { Finding, WorkspaceState } from '../core/actions/workspaceDoor.ts';
import type { BoardProblem } from '../core/board/boardProblem.ts';
import type { Ledger } from '../core/ledger.ts';
import type { HooksReading } from '../core/hooks/hooksFile.ts';
import { describeHooks } from '../core/hooks/hooksFile.ts';
import { countOf } from '../base/words.ts';
import { policyPath, runtimePaths } from '../core/paths.ts';
import type { PolicyReading } from '../core/policy/readPolicy.ts';
import type { ProcessRunner } from '../core/ports.ts';
import type { SettingProblem } from '../core/settings.ts';
import type { HostStatus } from '../core/actions/swarmDoor.ts';
import type { WorkspaceGit } from '../node/git.ts';

export interface ExamineParts {
	readonly folder: string;
	readonly state: WorkspaceState;
	readonly git: WorkspaceGit;
	readonly processes: ProcessRunner;
	readonly ledger: Ledger | undefined;
	/** Of the boards and the files beside them. */
	readonly problems: readonly BoardProblem[];
	readonly hooks: HooksReading;
	readonly policy: PolicyReading;
	readonly settingProblems: readonly SettingProblem[];
	readonly hostStatus: () => Promise<HostStatus>;
}

/** Examines machine and workspace. Changes nothing and never rejects: a check that fails is a finding. */
export async function examineWorkspace(parts: ExamineParts): Promise<Finding[]> {
	return [
		{
			subject: 'runtime',
			ok: true,
			message: `Node.js ${process.versions.node} with SQLite ${process.versions['sqlite'] ?? ''}`.trim(),
		},
		await examineGit(parts),
		...examineState(parts),
		...(await examineAgents(parts)),
		...examineHooks(parts),
		...examinePolicy(parts),
		...parts.settingProblems.map(({ setting, message }) => ({ subject: setting, ok: false, message })),
	];
}

async function examineGit({ git }: ExamineParts): Promise<Finding> {
	try {
		return { subject: 'git', ok: true, message: `repository ${await git.topFolder()}` };
	} catch (error) {
		return { subject: 'git', ok: false, message: describeError(error) };
	}
}

function examineState({ state, folder, problems }: ExamineParts): Finding[] {
	if (state === 'none') {
		return [{ subject: 'workspace', ok: false, message: `${folder} is not set up.`, advice: 'Run dreamos init.' }];
	}
	const errors = problems.filter(
		({ severity, file }) => severity === 'error' && file !== runtimePaths.hooks && file !== policyPath,
	).length;
	const boards: Finding = {
		subject: 'boards',
		ok: errors === 0,
		message: errors === 0 ? 'every board file can be read' : `${countOf(errors, 'error')} on the boards.`,
		advice: 'Run dreamos boards check.',
	};
	return state === 'foreign'
		? [
				{
					subject: 'workspace',
					ok: false,
					message: 'The boards here are not adopted.',
					advice: 'Run dreamos init to see what adopting would change.',
				},
				boards,
			]
		: [{ subject: 'workspace', ok: true, message: `ledger ${runtimePaths.ledger}` }, boards];
}

function examineHooks({ problems, hooks }: ExamineParts): Finding[] {
	const found = problems.filter(({ file }) => file === runtimePaths.hooks);
	const [first] = found;
	if (first !== undefined) {
		const message = `${runtimePaths.hooks}, line ${first.line}: ${first.message}`;
		return [{ subject: 'hooks', ok: false, message, advice: first.advice }];
	}
	return hooks.hooks.length + hooks.guards.length === 0
		? []
		: [{ subject: 'hooks', ok: true, message: describeHooks(hooks) }];
}

function examinePolicy({ policy }: ExamineParts): Finding[] {
	const [first] = policy.problems;
	if (first !== undefined) {
		const message = `${policyPath}, line ${first.line}: ${first.message}`;
		return [{ subject: 'permissions', ok: false, message, advice: first.advice }];
	}
	return policy.rules.length === 0
		? []
		: [{ subject: 'permissions', ok: true, message: countOf(policy.rules.length, 'rule') }];
}

async function examineAgents({ ledger, processes, folder, hostStatus }: ExamineParts): Promise<Finding[]> {
	if (ledger === undefined) {
		return [];
	}
	const agents = await ledger.read((reader) => reader.agents());
	const findings: Finding[] = [
		{
			subject: 'agents',
			ok: agents.some(({ enabled }) => enabled),
			message: `${agents.filter(({ enabled }) => enabled).length} of ${countOf(agents.length, 'agent is', 'agents are')} enabled.`,
			advice: `Add one to ${runtimePaths.agents}.`,
		},
	];
	for (const { id, enabled, driver, command } of agents) {
		if (enabled && driver === 'acp') {
			findings.push(await examineProgram(id, command?.[0], processes, folder));
		}
	}
	const host = await hostStatus();
	findings.push({
		subject: 'swarm host',
		ok: true,
		message: host.isRunning ? `leads (pid ${host.pid ?? '?'})` : 'not running',
	});
	return findings;
}

async function examineProgram(
	agent: string,
	program: string | undefined,
	processes: ProcessRunner,
	folder: string,
): Promise<Finding> {
	if (program === undefined) {
		return {
			subject: agent,
			ok: false,
			message: 'It has no command.',
			advice: `Name its program in ${runtimePaths.agents}, such as ["opencode", "acp"].`,
		};
	}
	const { ending } = await processes.run({
		command: { program, arguments: ['--version'] },
		folder,
		timeoutMilliseconds: 10_000,
	});
	return ending === 'notFound'
		? {
				subject: agent,
				ok: false,
				message: `${program} is not installed, or not on the PATH.`,
				advice: `Install it, or change its command in ${runtimePaths.agents}.`,
			}
		: { subject: agent, ok: true, message: `${program} is there` };
}
