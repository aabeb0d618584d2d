// Owns building jobs for driver tests: a worktree in a temp folder, a listener that writes everything down, and the mark by
// which every process of a job is found again.

import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../src/node/systemClock.ts';
import { nodeFileSystem } from '../../src/node/nodeFileSystem.ts';
import { createProcessRunner } from '../../src/node/processRunner.ts';
import { agentSchema } from '../../src/core/agent/agent.ts';
import type {
	DriverJob,
	DriverListener,
	DriverOutcome,
	DriverPorts,
	DriverSession,
	DriverUpdate,
	Driver,
} from '../../src/core/driver/driver.ts';
import type { ProcessIdentity } from '../../src/core/ports.ts';
import type { RunSession } from '../../src/core/run/run.ts';
import { newTask } from '../../src/core/task/task.ts';
import type { DoorParts } from './permissionDoors.ts';
import { permissionDoor } from './permissionDoors.ts';
import { PROCESS_MARK, endProcesses, findProcesses } from './processTree.mjs';
import type { Script } from './scriptedAcpScript.ts';
import { scriptVariable } from './scriptedAcpScript.ts';

/** The ports of this machine, as a host would hand them in. */
export function realDriverPorts(): DriverPorts {
	return { clock: systemClock, files: nodeFileSystem, processes: createProcessRunner() };
}

/** What a test says about a job; the rest is filled in. */
export interface JobParts {
	readonly run?: readonly string[];
	/** Input of the task beside its steps. */
	readonly params?: Readonly<Record<string, unknown>>;
	readonly command?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	readonly model?: string;
	readonly prompt?: string;
	readonly timeoutMilliseconds?: number;
	readonly permissions?: DoorParts;
	readonly patience?: Partial<DriverJob['patience']>;
	readonly resume?: DriverJob['resume'];
	/** Fields of the agent's entry beside the usual ones. */
	readonly entry?: Readonly<Record<string, unknown>>;
}

/** A job in progress with everything it told. */
export interface StartedJob {
	readonly session: DriverSession;
	readonly outcome: Promise<DriverOutcome>;
	readonly updates: DriverUpdate[];
	readonly processes: ProcessIdentity[];
	readonly sessions: RunSession[];
	/** Updates that came after the outcome; there must be none. */
	readonly late: DriverUpdate[];
	/** Text of all updates of a kind, one after the other. */
	text(kind?: DriverUpdate['kind']): string;
	/** Resolves once an update contains the text. */
	told(text: string): Promise<void>;
}

/** A folder for one test: a worktree with a neighbour, and the processes that belong to it. */
export class DriverFixture {
	readonly root: string;
	readonly worktree: string;
	private readonly mark: string;

	private constructor(root: string) {
		this.root = root;
		this.worktree = path.join(root, 'work tree ü');
		this.mark = path.basename(root);
	}

	static async create(): Promise<DriverFixture> {
		const fixture = new DriverFixture(await realpath(await mkdtemp(path.join(tmpdir(), 'dreamos-driver-'))));
		await nodeFileSystem.makeFolder(fixture.worktree);
		return fixture;
	}

	job(parts: JobParts, worktree = this.worktree): DriverJob {
		return {
			run_id: 'run-test-1',
			task: newTask({
				task_id: 'TASK-test',
				name: 'A task',
				params: { ...parts.params, ...(parts.run === undefined ? {} : { run: [...parts.run] }) },
			}),
			agent: agentSchema.parse({
				id: 'Agent-1',
				command: parts.command,
				model: parts.model,
				...parts.entry,
				env: { ...parts.env, [PROCESS_MARK]: this.mark },
			}),
			worktree,
			prompt: parts.prompt ?? 'Do nothing.',
			attempt: 2,
			timeoutMilliseconds: parts.timeoutMilliseconds ?? 30_000,
			permissions: permissionDoor(parts.permissions),
			patience: { start: 30_000, session: 30_000, silence: 0, ...parts.patience },
			...(parts.resume === undefined ? {} : { resume: parts.resume }),
		};
	}

	/** Processes of this test that live. */
	async living(): Promise<string[]> {
		return (await findProcesses(this.mark, undefined)).map(({ pid, command }) => `${pid} ${command}`);
	}

	async dispose(): Promise<void> {
		await endProcesses(this.mark, undefined, 0);
		await rm(this.root, { recursive: true, force: true });
	}
}

/** Starts a job and writes down what it tells. */
export function startJob(driver: Driver, job: DriverJob): StartedJob {
	const updates: DriverUpdate[] = [];
	const late: DriverUpdate[] = [];
	const processes: ProcessIdentity[] = [];
	const sessions: RunSession[] = [];
	const waiters: { text: string; resolve: () => void }[] = [];
	let isOver = false;
	const listener: DriverListener = {
		onUpdate(update) {
			(isOver ? late : updates).push(update);
			for (const waiter of waiters.filter(({ text }) => update.text.includes(text))) {
				waiter.resolve();
			}
		},
		onProcess: (process) => processes.push(process),
		onSession: (opened) => sessions.push(opened),
	};
	const session = driver.start(job, listener);
	const outcome = session.outcome.finally(() => (isOver = true));
	return {
		session,
		outcome,
		updates,
		processes,
		sessions,
		late,
		text: (kind) =>
			updates
				.filter((update) => kind === undefined || update.kind === kind)
				.map((update) => update.text)
				.join('\n'),
		told: (text) =>
			new Promise((resolve) => {
				if (updates.some((update) => update.text.includes(text))) {
					resolve();
				} else {
					waiters.push({ text, resolve });
				}
			}),
	};
}

/** The scripted agent as an agent's command, run from its source. */
export const scriptedAgent: readonly string[] = [
	process.execPath,
	path.join(import.meta.dirname, 'scriptedAcp.agent.ts'),
];

/** Job parts for the scripted agent with a script. */
export function scripted(script: Script, parts: JobParts = {}): JobParts {
	return { ...parts, command: scriptedAgent, env: { ...parts.env, [scriptVariable]: JSON.stringify(script) } };
}
