// Owns the tool with which a language model runs a command: in the worktree, with leave, for a limited time. The model sees the end of
// what it printed, the log of the run more.

import * as z from 'zod';
import { DreamError } from '../../base/errors.ts';
import { displayLine } from '../../base/text.ts';
import type { DriverJob, DriverPorts, DriverUpdate } from '../../core/driver/driver.ts';
import type { ProcessIdentity, ProcessResult } from '../../core/ports.ts';
import { createOutputBatch } from '../outputBatch.ts';
import type { LmPermissions } from './lmPermissions.ts';
import type { LmTool } from './lmTool.ts';
import { defineTool } from './lmTool.ts';

/** Characters of the end of the output that the model is shown. */
const shownOutput = 16_000;
const usualSeconds = 120;
const mostSeconds = 1800;

export interface CommandToolParts {
	readonly ports: DriverPorts;
	readonly job: DriverJob;
	readonly environment: Readonly<Record<string, string>>;
	readonly permissions: LmPermissions;
	readonly onProcess: (process: ProcessIdentity) => void;
	readonly tell: (update: DriverUpdate) => void;
}

export function createCommandTool({ ports, job, environment, permissions, onProcess, tell }: CommandToolParts): LmTool {
	return defineTool({
		name: 'run_command',
		description:
			'Runs a command line in a shell in your folder and shows its exit code and the end of its output. Nobody can type into it.',
		input: {
			command: z.string().min(1).max(20_000).describe('The command line'),
			timeout_seconds: z
				.number()
				.int()
				.min(1)
				.max(mostSeconds)
				.optional()
				.describe(`After this time it is ended; ${usualSeconds} unless said`),
		},
		async run({ command, timeout_seconds: seconds = usualSeconds }, signal) {
			const why = await permissions.refuse({ kind: 'execute', title: command, command }, signal);
			if (why !== undefined) {
				throw new DreamError('command.refused', `The command was not run: ${why}`);
			}
			const shown = displayLine(command);
			tell({ kind: 'tool', text: `Command: ${shown}`, data: { command: displayLine(command, 1_000) } });
			const batch = createOutputBatch((text) => tell({ kind: 'output', text, data: { command: shown } }));
			try {
				const result = await ports.processes.run({
					command,
					folder: job.worktree,
					environment,
					timeoutMilliseconds: seconds * 1000,
					signal,
					outputLimit: shownOutput,
					onOutput: (text) => batch.add(text),
					onStart: onProcess,
				});
				return describeResult(result, seconds);
			} finally {
				batch.dispose();
			}
		},
	});
}

function describeResult({ ending, exitCode, output }: ProcessResult, seconds: number): string {
	const how = {
		exited: `exit code ${exitCode ?? 'unknown'}`,
		timeout: `ended after ${seconds} s, before it was done`,
		aborted: 'ended, because the turn was cut short',
		signal: 'ended by a signal',
		notFound: 'did not start: the shell is not there',
	}[ending];
	return `[${how}]\n${output.trim() === '' ? '(no output)' : output}`;
}
