// Owns the ProcessRunner port: programs run to their end or carry a protocol, and nothing they start is left behind, also
// not in the background. It judges no exit code.

import type { ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';
import { Readable } from 'node:stream';
import { withinTime } from '../base/async.ts';
import { DreamError, isDreamError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { nullLogger } from '../base/log.ts';
import type { ProcessResult, ProcessRunner, RunningProcess } from '../core/ports.ts';
import { findProgram } from './findProgram.ts';
import { createOutputTail } from './outputTail.ts';
import { withoutEditor } from './processEnvironment.ts';
import type { StartedChild } from './processStart.ts';
import { startChild } from './processStart.ts';
import type { ProcessTable } from './processTable.ts';
import { systemProcessTable } from './processTable.ts';
import type { EndingTimes } from './processTree.ts';
import { measureTrees } from './measureTrees.ts';
import { defaultEndingTimes, endInFolder, endProcessTree, isProcessAlive, makeIdentity } from './processTree.ts';

export interface ProcessRunnerOptions {
	readonly log?: Logger;
	readonly table?: ProcessTable;
	readonly endingTimes?: EndingTimes;
	/** What children inherit, before the editor's variables are taken out; our own environment unless given. */
	readonly environment?: NodeJS.ProcessEnv;
}

const defaultOutputLimit = 64_000;
/** How long pipes may stay open after the end, for output that is still on its way. */
const drainMilliseconds = 250;
/** A longer time makes a timer fire at once. */
const longestTimer = 2 ** 31 - 1;

/** The ProcessRunner of this machine. */
export function createProcessRunner(options: ProcessRunnerOptions = {}): ProcessRunner {
	const table = options.table ?? systemProcessTable();
	const environment = options.environment ?? process.env;
	const times = options.endingTimes ?? defaultEndingTimes;
	const log = options.log ?? nullLogger;

	const endChild = (child: StartedChild) => endProcessTree(table, child.identity, true, times);
	const endOrReport = (child: StartedChild) =>
		endChild(child).catch((error: unknown) => log.error('A process tree could not be ended.', error));

	async function run(request: Parameters<ProcessRunner['run']>[0]): Promise<ProcessResult> {
		const begin = performance.now();
		const tail = createOutputTail(request.outputLimit ?? defaultOutputLimit, guarded(request.onOutput, log));
		const result = (ending: ProcessResult['ending'], exitCode: number | undefined, end: number): ProcessResult => ({
			exitCode,
			ending,
			output: tail.text(),
			durationMilliseconds: Math.round(end - begin),
		});
		if (request.signal?.aborted === true) {
			return result('aborted', undefined, begin);
		}
		let child: StartedChild;
		try {
			const { input } = request;
			const attach = ({ stdin, stdout, stderr }: ChildProcess) => {
				[stdout, stderr].forEach((pipe) => readPipe(pipe, tail.stream()));
				// A program that does not read its stdin closes it, or leaves it standing; neither is our business.
				stdin?.on('error', () => undefined).end(input);
			};
			const stdin = input === undefined ? 'ignore' : 'pipe';
			child = await startChild(request, { table, environment, stdio: [stdin, 'pipe', 'pipe'], attach });
		} catch (error) {
			if (!isDreamError(error, 'process.notFound')) {
				throw error;
			}
			return { ...result('notFound', undefined, performance.now()), output: error.fullMessage };
		}
		guarded(request.onStart, log)(child.identity);
		const cut = await waitForEnd(child, request, endOrReport);
		const end = performance.now();
		if (cut === undefined) {
			await endOrReport(child);
		}
		await withinTime(drainMilliseconds, child.closed);
		closePipes(child);
		if (cut !== undefined) {
			return result(cut, undefined, end);
		}
		const { exitCode } = await child.exited;
		return result(exitCode === undefined ? 'signal' : 'exited', exitCode, end);
	}

	async function spawn(request: Parameters<ProcessRunner['spawn']>[0]): Promise<RunningProcess> {
		let input: RunningProcess['input'] | undefined;
		let output: RunningProcess['output'] | undefined;
		const attach = ({ stdin, stdout, stderr }: ChildProcess) => {
			input = stdin === null ? undefined : inputStream(stdin);
			output = stdout === null ? undefined : (Readable.toWeb(stdout) as RunningProcess['output']);
			readPipe(stderr, createOutputTail(0, guarded(request.onErrorOutput, log)).stream());
		};
		const child = await startChild(request, { table, environment, stdio: ['pipe', 'pipe', 'pipe'], attach });
		if (input === undefined || output === undefined) {
			throw new DreamError('process.failed', 'The system gave the process no pipes.');
		}
		guarded(request.onStart, log)(child.identity);
		let stopping: Promise<void> | undefined;
		const stop = async (graceMilliseconds: number) => {
			child.process.stdin?.end();
			await withinTime(graceMilliseconds, child.exited);
			try {
				await endChild(child);
			} finally {
				await withinTime(drainMilliseconds, child.closed);
				closePipes(child);
			}
		};
		return {
			identity: child.identity,
			input,
			output,
			exited: child.exited,
			stop: (graceMilliseconds) => (stopping ??= stop(graceMilliseconds)),
		};
	}

	return {
		run,
		spawn,
		endTree: (identity, manner) =>
			endProcessTree(
				table,
				identity,
				false,
				manner?.isUrgent === true ? { ...times, politeMilliseconds: 0 } : times,
			),
		// No process has the number 0: only what carries the run's mark is found.
		endRun: (runId) => endProcessTree(table, makeIdentity(0, '', runId), false, times),
		endInFolder: (identity, folder) => endInFolder(table, identity, folder, times),
		measure: (identities) => measureTrees(table, identities),
		isAlive: (identity) => isProcessAlive(table, identity),
		find: (program) => findProgram(program, withoutEditor(environment)),
	};
}

/** Waits for the program, or ends its tree when its time is over or the caller gives up; tells which of the two it was. */
async function waitForEnd(
	child: StartedChild,
	request: Parameters<ProcessRunner['run']>[0],
	end: (child: StartedChild) => Promise<void>,
): Promise<'timeout' | 'aborted' | undefined> {
	const { signal, timeoutMilliseconds } = request;
	let timer: NodeJS.Timeout | undefined;
	let onAbort: () => void = () => undefined;
	const cut = new Promise<'timeout' | 'aborted'>((resolve) => {
		onAbort = () => resolve('aborted');
		signal?.addEventListener('abort', onAbort, { once: true });
		if (signal?.aborted === true) {
			onAbort();
		}
		if (timeoutMilliseconds !== undefined) {
			timer = setTimeout(() => resolve('timeout'), Math.min(timeoutMilliseconds, longestTimer));
		}
	});
	try {
		const reason = await Promise.race([child.exited.then(() => undefined), cut]);
		if (reason !== undefined) {
			await end(child);
		}
		return reason;
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener('abort', onAbort);
	}
}

/** Each write settles when the pipe took it or is gone; `Writable.toWeb` lets writes to a dead process succeed for a while. */
function inputStream(stdin: Writable): RunningProcess['input'] {
	// A write to a program that is gone fails the write; the stream itself must not take us down.
	stdin.on('error', () => undefined);
	return new WritableStream<Uint8Array>({
		write: (chunk) =>
			new Promise((resolve, reject) => {
				stdin.write(chunk, (error) => (error === null || error === undefined ? resolve() : reject(error)));
			}),
		close: () => new Promise((resolve) => stdin.end(() => resolve())),
		abort: () => void stdin.destroy(),
	});
}

function readPipe(pipe: Readable | null, write: (chunk?: Buffer) => void): void {
	pipe?.on('data', (chunk: Buffer) => write(chunk));
	pipe?.once('end', () => write());
	pipe?.on('error', () => undefined);
}

function closePipes(child: StartedChild): void {
	for (const pipe of [child.process.stdin, child.process.stdout, child.process.stderr]) {
		pipe?.destroy();
	}
}

/** A listener's fault is logged and must not end the process it listens to. */
function guarded<T>(listener: ((value: T) => void) | undefined, log: Logger): (value: T) => void {
	return (value) => {
		try {
			listener?.(value);
		} catch (error) {
			log.error('A listener of a process failed.', error);
		}
	};
}
