// Owns the gate commands of a task: each recomputed by us, in the worktree, in order, until one fails. A command that never ends
// is ended with everything it started. What an agent says about its own checks is not looked at.

import { displayText, tailText } from '../../base/text.ts';
import type { ProcessIdentity, ProcessRunner } from '../ports.ts';
import type { GateResult, Task } from '../task/task.ts';
import { describeCommandFailure } from './commandFailure.ts';

export interface GateRequest {
	readonly commands: readonly string[];
	/** The worktree, or the workspace's place in it. */
	readonly folder: string;
	/** For each command. */
	readonly timeoutMilliseconds: number;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly signal: AbortSignal;
	readonly onProcess: (process: ProcessIdentity) => void;
	/** Told of each command as soon as it ended. */
	readonly onGate: (result: GateResult) => Promise<void>;
}

export interface GateReport {
	readonly results: readonly GateResult[];
	/** Why the task is not done, as a sentence that quotes the output; undefined when every gate passed. */
	readonly failure: string | undefined;
	/** The gates were stopped from outside; nothing was decided. */
	readonly isAborted: boolean;
}

/** What is kept of a gate's output, in characters. */
const keptCharacters = 8000;

/** The gate commands of a task; a record that was edited by hand may hold anything. */
export function gateCommands(task: Task): string[] {
	const commands: unknown = task.validation.commands;
	return Array.isArray(commands)
		? commands.filter((command): command is string => typeof command === 'string' && command.trim() !== '')
		: [];
}

/** Runs the gates in order and stops at the first that fails. Never rejects for what a command does. */
export async function runGates(processes: Pick<ProcessRunner, 'run'>, request: GateRequest): Promise<GateReport> {
	const results: GateResult[] = [];
	for (const command of request.commands) {
		if (request.signal.aborted) {
			return { results, failure: undefined, isAborted: true };
		}
		const finished = await processes.run({
			command,
			folder: request.folder,
			environment: request.environment,
			timeoutMilliseconds: request.timeoutMilliseconds,
			signal: request.signal,
			outputLimit: keptCharacters,
			onStart: request.onProcess,
		});
		if (finished.ending === 'aborted') {
			return { results, failure: undefined, isAborted: true };
		}
		const result: GateResult = {
			command,
			exit_code: finished.exitCode ?? null,
			ending: finished.ending,
			duration_ms: Math.round(finished.durationMilliseconds),
			output: tailText(displayText(finished.output), keptCharacters),
		};
		results.push(result);
		await request.onGate(result);
		if (finished.ending !== 'exited' || finished.exitCode !== 0) {
			return {
				results,
				failure: describeCommandFailure({
					title: 'Gate',
					command,
					result: finished,
					timeoutMilliseconds: request.timeoutMilliseconds,
					timeoutSetting: 'dreamos.gates.timeoutSeconds',
				}),
				isAborted: false,
			};
		}
	}
	return { results, failure: undefined, isAborted: false };
}
