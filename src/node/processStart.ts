// Owns starting one child: at the head of its own group and session, marked, with its identity read while it is surely
// there. It reads no output and ends nothing.

import type { ChildProcess, StdioOptions } from 'node:child_process';
import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { DreamError } from '../base/errors.ts';
import { randomText } from '../base/ids.ts';
import type { ProcessIdentity, ProcessRequest } from '../core/ports.ts';
import { systemCode } from './fileErrors.ts';
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

export type StartRequest = Pick<ProcessRequest, 'command' | 'folder' | 'environment' | 'mark'>;

/** Rejects with `process.notFound` when there is no such program or folder, `process.failed` when the system cannot. */
export async function startChild(request: StartRequest, settings: StartSettings): Promise<StartedChild> {
	const { table, stdio } = settings;
	const token = randomText(16);
	const options = {
		cwd: request.folder,
		env: childEnvironment(settings.environment, request.environment ?? {}, token, request.mark),
		stdio,
		detached: process.platform !== 'win32',
		windowsHide: true,
	};
	let running: ChildProcess;
	try {
		running =
			typeof request.command === 'string'
				? spawn(request.command, { ...options, shell: true })
				: spawn(request.command.program, [...request.command.arguments], options);
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
