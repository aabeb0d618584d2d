// Owns running one hook: the event on its stdin, a few facts in its environment, its time, and what is said of how it ended.

import { displayLine, displayText, tailText } from '../../base/text.ts';
import type { JsonObject } from '../../base/json.ts';
import { runtimePaths } from '../paths.ts';
import type { ProcessResult, ProcessRunner } from '../ports.ts';
import type { Hook } from './hook.ts';

export interface HookCall {
	readonly hook: Hook;
	/** What the command is told of: `task.completed`. */
	readonly event: string;
	/** Goes to stdin as one line of JSON. */
	readonly data: JsonObject;
	readonly taskId: string | undefined;
	/** More of the environment. */
	readonly facts?: Readonly<Record<string, string>>;
	/** Absolute path of the workspace: where the command runs. */
	readonly folder: string;
	readonly signal?: AbortSignal;
	/** By this mark another program finds what is left of the hook; see `ProcessRunner.endRun`. */
	readonly mark?: string;
}

export interface HookOutcome {
	readonly isDone: boolean;
	/** It was stopped from outside: nothing is known of what it would have said. */
	readonly isAborted: boolean;
	/** How it ended, as a phrase: `ended with exit code 1`. */
	readonly ending: string;
	/** The end of both its streams, harmless to show. */
	readonly output: string;
	readonly durationMilliseconds: number;
}

/** What is kept of a hook's output, in characters. */
const keptCharacters = 8000;
const quotedCharacters = 2000;

/** Says in a hook's own environment, and to whatever it starts, that it is one. */
export const hookVariable = 'DREAMOS_HOOK';

/** An environment variable cannot hold a NUL. */
const plain = (text: string): string => text.replaceAll('\0', '');

/** Never rejects for what the command does. */
export async function runHook(processes: Pick<ProcessRunner, 'run'>, call: HookCall): Promise<HookOutcome> {
	const { hook, event, data, taskId, facts, folder, signal, mark } = call;
	const result = await processes.run({
		command: hook.command,
		folder,
		input: `${JSON.stringify(data)}\n`,
		environment: {
			ELECTRON_RUN_AS_NODE: undefined,
			[hookVariable]: '1',
			DREAMOS_EVENT: event,
			DREAMOS_TASK_ID: taskId === undefined ? undefined : plain(taskId),
			DREAMOS_WORKSPACE: folder,
			...Object.fromEntries(Object.entries(facts ?? {}).map(([name, value]) => [name, plain(value)])),
		},
		timeoutMilliseconds: hook.timeoutSeconds * 1000,
		outputLimit: keptCharacters,
		...(signal === undefined ? {} : { signal }),
		...(mark === undefined ? {} : { mark }),
	});
	return {
		isDone: result.ending === 'exited' && result.exitCode === 0,
		isAborted: result.ending === 'aborted',
		ending: describeEnding(hook, result),
		output: tailText(displayText(result.output), keptCharacters),
		durationMilliseconds: Math.round(result.durationMilliseconds),
	};
}

function describeEnding(hook: Hook, { ending, exitCode }: ProcessResult): string {
	switch (ending) {
		case 'timeout':
			return `was not done after ${hook.timeoutSeconds} s (timeout_seconds in ${runtimePaths.hooks}, line ${hook.line}) and was ended`;
		case 'notFound':
			return 'could not start';
		case 'signal':
			return 'was ended by a signal';
		case 'aborted':
			return 'was stopped';
		case 'exited':
			return `ended with exit code ${exitCode ?? 'unknown'}`;
	}
}

/** What a hook said, for a sentence that ends with it. */
export function quoteOutput({ output }: HookOutcome): string {
	const text = tailText(output.trim(), quotedCharacters);
	return text === ''
		? ' It printed nothing.'
		: text.includes('\n')
			? ` It said:\n${text}`
			: ` It said: ${displayLine(text, quotedCharacters)}`;
}
