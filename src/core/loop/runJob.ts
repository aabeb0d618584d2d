// Owns what a driver is given for a run: task, folder, limits, and the prompt with the agent's role and what went before.

import type { Agent } from '../agent/agent.ts';
import type { DriverJob } from '../driver/driver.ts';
import type { LedgerReader } from '../ledger.ts';
import { runtimePaths } from '../paths.ts';
import type { FileSystem } from '../ports.ts';
import type { Run } from '../run/run.ts';
import { isOpenRun } from '../run/run.ts';
import type { Settings } from '../settings.ts';
import type { Task } from '../task/task.ts';
import { taskPrompt } from './taskPrompt.ts';

export interface JobFacts {
	readonly run: Run;
	readonly task: Task;
	readonly agent: Agent;
	/** Absolute path of the folder to work in. */
	readonly folder: string;
	readonly settings: Settings;
	/** The folder holds the change of the attempt before, which was sent back. */
	readonly isContinued: boolean;
	/** Absolute path of the workspace folder, where the role files are. */
	readonly workspaceFolder: string;
	readonly files: Pick<FileSystem, 'readText' | 'join'>;
	readonly read: <T>(work: (reader: LedgerReader) => Promise<T>) => Promise<T>;
}

export async function createJob(facts: JobFacts): Promise<DriverJob> {
	const { run, task, agent, folder, settings, isContinued } = facts;
	const previous = await facts.read((reader) => readPrevious(reader, run));
	const prompt = taskPrompt({
		task,
		agent,
		role: await readRole(facts),
		folder,
		attempt: run.attempt,
		previous,
		isContinued,
	});
	return {
		run_id: run.run_id,
		task,
		agent,
		worktree: folder,
		prompt,
		attempt: run.attempt,
		timeoutMilliseconds: (agent.limits.turn_timeout_seconds ?? settings['agents.turnTimeoutSeconds']) * 1000,
		permissions: settings['agents.permissions'],
	};
}

/** Who a gate command runs for; the same names the drivers give their programs. */
export function gateEnvironment(run: Run, folder: string): Record<string, string | undefined> {
	return {
		ELECTRON_RUN_AS_NODE: undefined,
		DREAMOS_TASK_ID: run.task_id.replaceAll('\0', ''),
		DREAMOS_RUN_ID: run.run_id,
		DREAMOS_AGENT_ID: run.worker,
		DREAMOS_ATTEMPT: String(run.attempt),
		DREAMOS_WORKTREE: folder,
	};
}

/** Text of the agent's role file. The name comes from a file anybody may edit: it must not lead anywhere else. */
async function readRole({ agent, files, workspaceFolder }: JobFacts): Promise<string | undefined> {
	if (!/^[\p{L}\p{N}_][\p{L}\p{N}_ .-]*$/u.test(agent.role)) {
		return undefined;
	}
	return files.readText(files.join(workspaceFolder, runtimePaths.roles, `${agent.role}.md`)).catch(() => undefined);
}

async function readPrevious(reader: LedgerReader, current: Run): Promise<Run | undefined> {
	const runs = await reader.runs({ task_id: current.task_id, limit: 5 });
	return runs.find((run) => run.run_id !== current.run_id && !isOpenRun(run.state) && run.state !== 'completed');
}
