// Owns simple-git: nothing else imports it. Runs one git command at a time as asked and says how it ended; it knows no
// meaning of any command. What simple-git does by itself that we must not have is undone here, each with its reason.

import { GitError, simpleGit } from 'simple-git';
import { sleep } from '../base/async.ts';
import { DreamError, isDreamError } from '../base/errors.ts';
import { randomText } from '../base/ids.ts';
import type { GitConfiguration } from './gitEnvironment.ts';
import { gitEnvironment } from './gitEnvironment.ts';
import { gitError } from './gitErrors.ts';
import { markVariable } from './processEnvironment.ts';
import { systemProcessTable } from './processTable.ts';
import { endProcessTree, makeIdentity } from './processTree.ts';

export interface GitCall {
	/** Where git runs; has to exist. */
	readonly folder: string;
	readonly arguments: readonly string[];
	/** Added to the environment of this command. */
	readonly environment?: Readonly<Record<string, string>>;
	/** Holds over the person's configuration, besides what always does. */
	readonly configuration?: GitConfiguration;
	/** Written to stdin. */
	readonly input?: string;
	/** Ends git when it aborts; the call then rejects with `git.stopped` once git is gone. */
	readonly signal?: AbortSignal | undefined;
	/** Exit codes that are an answer and no failure, besides 0. */
	accepts?(exitCode: number): boolean;
}

export interface GitAnswer {
	readonly output: string;
	readonly errorOutput: string;
	readonly exitCode: number;
}

export interface GitRunner {
	/** Rejects with `git.*` or `file.*`. Waits a moment for locks of other git commands. */
	run(call: GitCall): Promise<GitAnswer>;
	/** `git cat-file` with its output as bytes. */
	catFile(call: GitCall): Promise<Uint8Array>;
}

export interface GitRunnerOptions {
	/** What git inherits; our own environment unless given. */
	readonly environment?: NodeJS.ProcessEnv;
	/** How long to wait for somebody else's lock. */
	readonly lockMilliseconds?: number;
}

/** Silence after which git is taken for dead: a filter or a network drive that hangs. */
const silenceMilliseconds = 10 * 60_000;
const defaultLockMilliseconds = 2_000;

/** Runs git commands of one workspace. */
export function createGitRunner(options: GitRunnerOptions = {}): GitRunner {
	const lockMilliseconds = options.lockMilliseconds ?? defaultLockMilliseconds;

	async function patiently<T>(work: () => Promise<T>): Promise<T> {
		const begin = performance.now();
		for (let wait = 25; ; wait *= 1.5) {
			try {
				return await work();
			} catch (error) {
				if (!isDreamError(error, 'git.locked') || performance.now() - begin + wait > lockMilliseconds) {
					throw error;
				}
				await sleep(wait);
			}
		}
	}

	return {
		run: (call) =>
			patiently(() => once(call, options.environment ?? process.env, (git) => git.raw([...call.arguments]))),
		catFile: (call) =>
			patiently(async () => {
				const read = (git: Git) => git.binaryCatFile([...call.arguments]) as Promise<Uint8Array>;
				return (await once(call, options.environment ?? process.env, read)).output;
			}),
	};
}

type Git = ReturnType<typeof simpleGit>;

async function once<T>(
	call: GitCall,
	own: NodeJS.ProcessEnv,
	work: (git: Git) => Promise<T>,
): Promise<{ readonly output: T; readonly errorOutput: string; readonly exitCode: number }> {
	const mark = randomText(16);
	const marks: Readonly<Record<string, string>> =
		call.signal === undefined ? {} : { [markVariable]: [own[markVariable] ?? [], mark].flat().join(':') };
	const environment = gitEnvironment(own, { ...call.environment, ...marks }, call.configuration);
	const ending = { exitCode: 0, errorOutput: '' };
	throwIfStopped(call);
	const failure = () => gitError({ command: call.arguments.join(' ').slice(0, 300), folder: call.folder, ...ending });
	try {
		const git = simpleGit({
			baseDir: call.folder,
			// It strips all of git's variables; those we pass are chosen by gitEnvironment.
			allowEnvironment: Object.keys(environment),
			// It guards against variables from outside; these are our own.
			unsafe: {
				allowUnsafeConfigEnvCount: true,
				allowUnsafeConfigPaths: true,
				allowUnsafeExec: true,
				...configurationGuards,
				// To leave a filter out.
				...(call.configuration === undefined ? {} : { allowUnsafeFilter: true }),
			},
			timeout: { block: silenceMilliseconds },
			...(call.input === undefined ? {} : { input: () => call.input }),
			...(call.signal === undefined ? {} : { abort: call.signal }),
			// It takes an exit code without a message for success, and hides the code.
			errors: (error, { exitCode, stdErr }) => {
				// A git that was killed has none, whatever the type says.
				ending.exitCode = typeof exitCode === 'number' ? exitCode : -1;
				ending.errorOutput =
					Buffer.concat(stdErr).toString('utf8') || (error instanceof Error ? error.message : '');
				return exitCode === 0 || call.accepts?.(exitCode) === true
					? undefined
					: new GitError(undefined, ending.errorOutput);
			},
		});
		// It waits 50 ms after a command that printed nothing, in case output is late; the end of a pipe is never late.
		git.outputHandler((_command, output) => void output.once('end', () => output.emit('data', Buffer.alloc(0))));
		git.env(environment);
		return { output: await work(git), ...ending };
	} catch (error) {
		if (call.signal?.aborted === true && process.platform !== 'win32') {
			// Git is gone; a filter it ran may wait for it for ever.
			await endProcessTree(systemProcessTable(), makeIdentity(0, '', mark), false).catch(() => undefined);
		}
		throwIfStopped(call);
		if (ending.exitCode === 0) {
			ending.errorOutput = error instanceof Error ? error.message : String(error);
		}
		throw failure();
	}
}

function throwIfStopped({ signal, folder, arguments: [command = ''] }: GitCall): void {
	if (signal?.aborted === true) {
		throw new DreamError('git.stopped', `git ${command} was stopped, because nobody waits for it any more.`, {
			details: { folder },
		});
	}
}

/** The configuration gitEnvironment sets and simple-git would refuse. */
const configurationGuards = { allowUnsafeHooksPath: true, allowUnsafeFsMonitor: true } as const;
