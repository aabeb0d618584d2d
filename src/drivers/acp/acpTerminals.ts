// Owns terminal/*: commands an agent asks us to run for it. They start inside the worktree, keep a capped tail of their
// output and die with the session. Each is a process tree of ours, not of the agent.

import type {
	CreateTerminalRequest,
	TerminalExitStatus,
	TerminalOutputResponse,
	WaitForTerminalExitResponse,
} from '@agentclientprotocol/sdk';
import { RequestError } from '@agentclientprotocol/sdk';
import { describeError } from '../../base/errors.ts';
import { displayLine } from '../../base/text.ts';
import type { DriverUpdate } from '../../core/driver/driver.ts';
import type { ProcessRunner } from '../../core/ports.ts';
import { createOutputBatch } from '../outputBatch.ts';
import type { WorktreeFence } from '../worktreeFence.ts';

export interface Terminals {
	create(request: CreateTerminalRequest): Promise<{ terminalId: string }>;
	output(terminalId: string): TerminalOutputResponse;
	waitForExit(terminalId: string): Promise<WaitForTerminalExitResponse>;
	kill(terminalId: string): Promise<void>;
	release(terminalId: string): Promise<void>;
	/** Ends all of them; resolves when nothing is left. */
	dispose(): Promise<void>;
}

export interface TerminalsOptions {
	readonly processes: ProcessRunner;
	readonly fence: WorktreeFence;
	readonly worktree: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Why a command line may not run; undefined when it may. */
	readonly refuse: (command: string) => Promise<string | undefined>;
	readonly tell: (update: DriverUpdate) => void;
}

/** What a terminal printed so far, and how it ended. */
interface Screen {
	output: string;
	isTruncated: boolean;
	exit: TerminalExitStatus | undefined;
	readonly limit: number;
}

interface Terminal {
	readonly controller: AbortController;
	readonly done: Promise<TerminalExitStatus>;
	readonly screen: Screen;
}

const maximumTerminals = 32;
const maximumOutputBytes = 1024 * 1024;
const invalidParameters = -32602;

export function createTerminals(options: TerminalsOptions): Terminals {
	const terminals = new Map<string, Terminal>();
	let created = 0;
	let isDisposed = false;

	const find = (id: string): Terminal => {
		const terminal = terminals.get(id);
		if (terminal === undefined) {
			throw new RequestError(invalidParameters, `There is no terminal ${displayLine(id)}`, { terminalId: id });
		}
		return terminal;
	};
	const kill = async (terminal: Terminal) => {
		terminal.controller.abort();
		await terminal.done;
	};
	return {
		async create(request) {
			const folder = await options.fence.resolve(request.cwd ?? options.worktree);
			if (folder === undefined) {
				throw new RequestError(invalidParameters, `${request.cwd} is outside the worktree`, {
					cwd: request.cwd,
				});
			}
			const why = await options.refuse(commandLine(request));
			if (why !== undefined) {
				throw new RequestError(invalidParameters, `The command was not run: ${why}`);
			}
			if (isDisposed || terminals.size >= maximumTerminals) {
				throw new RequestError(invalidParameters, `No more than ${maximumTerminals} terminals at once`);
			}
			created += 1;
			const terminalId = `terminal-${created}`;
			terminals.set(terminalId, start(options, request, folder));
			return { terminalId };
		},
		output(id) {
			const { screen } = find(id);
			trim(screen);
			return { output: screen.output, truncated: screen.isTruncated, exitStatus: screen.exit ?? null };
		},
		waitForExit: async (id) => await find(id).done,
		kill: async (id) => await kill(find(id)),
		async release(id) {
			const terminal = find(id);
			terminals.delete(id);
			await kill(terminal);
		},
		async dispose() {
			isDisposed = true;
			await Promise.all([...terminals.values()].map(kill));
			terminals.clear();
		},
	};
}

function start(options: TerminalsOptions, request: CreateTerminalRequest, folder: string): Terminal {
	const line = commandLine(request);
	options.tell({ kind: 'tool', text: `Terminal: ${displayLine(line)}`, data: { command: displayLine(line, 1_000) } });
	const batch = createOutputBatch((text) =>
		options.tell({ kind: 'output', text, data: { command: displayLine(line) } }),
	);
	const controller = new AbortController();
	const limit = Math.min(maximumOutputBytes, Math.max(0, request.outputByteLimit ?? maximumOutputBytes));
	const screen: Screen = { output: '', isTruncated: false, exit: undefined, limit };
	const show = (text: string) => {
		batch.add(text);
		screen.output += text;
		if (screen.output.length > limit * 2) {
			trim(screen);
		}
	};
	const tellEnd = ({ exitCode, signal }: TerminalExitStatus) => {
		const how = signal === null ? `exit code ${exitCode}` : 'ended by a signal';
		options.tell({
			kind: 'tool',
			text: `Terminal: ${displayLine(line)} · ${how}`,
			data: { command: displayLine(line, 1_000), exitCode },
		});
	};
	const run = async (): Promise<TerminalExitStatus> => {
		try {
			const result = await options.processes.run({
				command: commandOf(request),
				folder,
				environment: {
					...options.environment,
					...Object.fromEntries((request.env ?? []).map((one) => [one.name, one.value])),
				},
				signal: controller.signal,
				onOutput: show,
			});
			const isEnded = result.ending === 'signal' || result.ending === 'aborted';
			screen.exit = {
				exitCode: result.exitCode ?? (result.ending === 'notFound' ? 127 : null),
				signal: isEnded ? 'SIGTERM' : null,
			};
		} catch (error) {
			show(`${describeError(error)}\n`);
			screen.exit = { exitCode: 127, signal: null };
		}
		batch.dispose();
		tellEnd(screen.exit);
		return screen.exit;
	};
	return { controller, done: run(), screen };
}

const commandLine = (request: CreateTerminalRequest): string => [request.command, ...(request.args ?? [])].join(' ');

/** A program with arguments, or a bare command line, which some agents send and only a shell understands. */
function commandOf(request: CreateTerminalRequest) {
	const args = request.args ?? [];
	return args.length === 0 && /\s/u.test(request.command)
		? request.command
		: { program: request.command, arguments: args };
}

/** Cuts the output from the front to its limit in bytes, at the boundary of a character. */
function trim(screen: Screen): void {
	const bytes = Buffer.from(screen.output, 'utf8');
	if (bytes.length <= screen.limit) {
		return;
	}
	let start = bytes.length - screen.limit;
	while (start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) {
		start += 1;
	}
	screen.output = bytes.subarray(start).toString('utf8');
	screen.isTruncated = true;
}
