// Owns starting one child: at the head of its own group and session, marked, with its identity read while it is surely
// there. It reads no output and ends nothing.

import type { ChildProcess, StdioOptions } from 'node:child_process';
import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DreamError } from '../base/errors.ts';
import { randomText } from '../base/ids.ts';
import type { ProcessIdentity, ProcessRequest } from '../core/ports.ts';
import { systemCode } from './fileErrors.ts';
import { findProgram } from './findProgram.ts';
import { childEnvironment } from './processEnvironment.ts';
import type { ProcessTable } from './processTable.ts';
import { makeIdentity } from './processTree.ts';

export interface StartedChild {
	readonly process: ChildProcess;
	readonly identity: ProcessIdentity;
	readonly exited: Promise<{ readonly exitCode: number | undefined; readonly signal: string | undefined }>;
	/** It exited and all its pipes are closed. */
	readonly closed: Promise<void>;
}

export interface StartSettings {
	readonly table: ProcessTable;
	/** What the child inherits. */
	readonly environment: NodeJS.ProcessEnv;
	readonly stdio: StdioOptions;
	/** Called before anything can happen: Node throws away output that nobody reads when a program ends. */
	readonly attach: (running: ChildProcess) => void;
}

export type StartRequest = Pick<ProcessRequest, 'command' | 'folder' | 'environment' | 'mark' | 'inside'>;

/** Rejects with `process.notFound` when there is no such program or folder, `process.failed` when the system cannot. */
export async function startChild(request: StartRequest, settings: StartSettings): Promise<StartedChild> {
	const { table, stdio } = settings;
	const token = randomText(16);
	const environment = childEnvironment(settings.environment, request.environment ?? {}, token, request.mark);
	const options = {
		cwd: request.folder,
		env: environment,
		stdio,
		detached: process.platform !== 'win32',
		windowsHide: true,
	};
	let running: ChildProcess;
	try {
		const command = await commandInside(request, environment);
		running =
			typeof command === 'string'
				? spawn(command, { ...options, shell: true })
				: spawn(command.program, [...command.arguments], options);
		if (running.pid === undefined) {
			throw await new Promise<Error>((resolve) => running.once('error', resolve));
		}
	} catch (error) {
		throw await startError(error, request);
	}
	const { pid } = running;
	// A failing signal or pipe is reported here; the exit tells what matters.
	running.on('error', () => undefined);
	settings.attach(running);
	const exited = new Promise<Awaited<StartedChild['exited']>>((resolve) =>
		running.once('exit', (code, signal) => resolve({ exitCode: code ?? undefined, signal: signal ?? undefined })),
	);
	const closed = new Promise<void>((resolve) => running.once('close', () => resolve()));
	const started = table.startOfChild?.(pid) ?? (await table.startsOf([pid])).get(pid) ?? '';
	return { process: running, identity: makeIdentity(pid, started, token), exited, closed };
}

/** The command as it is, or as words for the program that runs it inside of itself. */
async function commandInside(
	{ command, inside, folder }: StartRequest,
	environment: Readonly<Record<string, string>>,
): Promise<ProcessRequest['command']> {
	if (inside === undefined) {
		return command;
	}
	const [program, ...rest] = inside;
	if (typeof command === 'string') {
		return { program, arguments: [...rest, '/bin/sh', '-c', command] };
	}
	const isNamed = !command.program.includes('/');
	const found = await findProgram(isNamed ? command.program : resolve(folder, command.program), environment);
	if (found === undefined) {
		// Otherwise it would be found missing inside only, where nobody tells that from an agent that ended.
		throw Object.assign(new Error(`${command.program} was not found`), { code: 'ENOENT' });
	}
	return { program, arguments: [...rest, found, ...command.arguments] };
}

async function startError(error: unknown, request: StartRequest): Promise<DreamError> {
	const program = typeof request.command === 'string' ? request.command : request.command.program;
	const options = { cause: error, details: { program, folder: request.folder, systemCode: systemCode(error) } };
	const folder = await stat(request.folder).catch(() => undefined);
	if (folder?.isDirectory() !== true) {
		return new DreamError(
			'process.notFound',
			`Cannot start ${program}: the folder ${request.folder} does not exist.`,
			options,
		);
	}
	switch (systemCode(error)) {
		case 'ENOENT':
		case 'ENOTDIR':
			return new DreamError('process.notFound', `The program ${program} was not found.`, {
				...options,
				advice: 'Install it, or give its full path.',
			});
		case 'EACCES':
		case 'ENOEXEC':
			return new DreamError('process.notFound', `The file ${program} cannot be run as a program.`, {
				...options,
				advice: 'Check that it is a program and that its permissions allow running it.',
			});
		default: {
			const reason = error instanceof Error ? error.message : String(error);
			return new DreamError('process.failed', `The system could not start ${program}: ${reason}`, options);
		}
	}
}
