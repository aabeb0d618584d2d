// Owns what a scripted agent can be told to do. The same types serve the tests that write scripts and the agent that follows them.

/** Name of the variable that holds a script as JSON; without it, and without a file as first argument, the prompt is followed. */
export const scriptVariable = 'DREAMOS_SCRIPTED_ACP';

interface Asking {
	readonly title: string;
	readonly kind?: string;
	readonly paths?: readonly string[];
	readonly rawInput?: unknown;
	/** Kinds of the options offered, in this order. */
	readonly options?: readonly string[];
	/** Takes the request back once this file is there, as agents do that were told to stop. */
	readonly takenBackWhen?: string;
	/** Does not say what was answered. */
	readonly isQuiet?: boolean;
	/** Done when one of the allowing options was chosen, or else. */
	readonly allowed?: readonly Step[];
	readonly denied?: readonly Step[];
}

interface ToolCall {
	readonly id: string;
	readonly title?: string;
	readonly kind?: string;
	readonly status?: string;
	readonly paths?: readonly string[];
	readonly output?: string;
	/** The change it makes, as an editing tool tells of it. */
	readonly diff?: { readonly path: string; readonly oldText: string; readonly newText: string };
	/** Sent as `tool_call_update`, whether or not there was a `tool_call`. */
	readonly isUpdate?: boolean;
	readonly meta?: Readonly<Record<string, unknown>>;
}

interface ToolUse {
	readonly tool: string;
	readonly input?: Readonly<Record<string, unknown>>;
}

/** One thing a scripted agent does. Relative paths start at the session's folder and are not normalised. */
export type Step =
	| { readonly do: 'say' | 'think'; readonly text: string; readonly pieces?: number }
	| { readonly do: 'plan'; readonly entries: readonly { readonly content: string; readonly status: string }[] }
	/** A title for the session, which agents have made aside by another model. */
	| { readonly do: 'title'; readonly text: string }
	| { readonly do: 'usage'; readonly used: number; readonly size: number; readonly cost?: number }
	| ({ readonly do: 'tool' } & ToolCall)
	| ({ readonly do: 'ask' } & Asking)
	/** All at once. */
	| { readonly do: 'together'; readonly steps: readonly Step[] }
	/** Writes the disk itself, as most agents do. */
	| { readonly do: 'write'; readonly path: string; readonly content: string }
	| { readonly do: 'remove'; readonly path: string }
	/** Through the client's fs methods; the answer, or the error, is said. */
	| { readonly do: 'clientWrite'; readonly path: string; readonly content: string; readonly session?: string }
	| { readonly do: 'clientRead'; readonly path: string; readonly line?: number; readonly limit?: number }
	/** Through the client's terminal methods; output and exit code are said. */
	| {
			readonly do: 'terminal';
			readonly command: string;
			readonly args?: readonly string[];
			readonly cwd?: string;
			readonly killAfter?: number;
			/** Bytes of output it asks for at most. */
			readonly outputByteLimit?: number;
			/** Neither waited for nor released. */
			readonly isForgotten?: boolean;
	  }
	| { readonly do: 'environment'; readonly names: readonly string[] }
	/**
	 * Tools of the MCP server the session was given: connects, names them, calls these one after the other, says each answer.
	 * `$SECRET` in an input is what the server was given with. With `hiddenAs` it finds only tools that the prompt names with this
	 * before their names, as agents do that show no tool before it is looked up.
	 */
	| { readonly do: 'tools'; readonly calls: readonly ToolUse[]; readonly hiddenAs?: string }
	/** Says what it was given in `session/new`, secrets included, as an agent without manners would. */
	| { readonly do: 'sayServers' | 'failWithServers' }
	| { readonly do: 'wait'; readonly milliseconds: number }
	/** Goes on once the file is there, or the turn is cancelled. */
	| { readonly do: 'waitForFile'; readonly path: string }
	| { readonly do: 'hang' }
	/** Some of them in so many of a hundred cases, else the others; which is chance, as with a model. */
	| {
			readonly do: 'perhaps';
			readonly percent: number;
			readonly steps: readonly Step[];
			readonly otherwise?: readonly Step[];
	  }
	| { readonly do: 'exit'; readonly code: number; readonly words?: string }
	/** A child that outlives the turn; detached ones leave the process group. */
	| { readonly do: 'child'; readonly isDetached?: boolean }
	/** The same, but in the folder of its session. */
	| { readonly do: 'childHere' }
	/** This many megabytes of message chunks. */
	| { readonly do: 'flood'; readonly megabytes: number }
	/** So many message chunks, each a numbered line (see `streamMark`), evenly at so many a second. */
	| { readonly do: 'stream'; readonly name: string; readonly updates: number; readonly perSecond: number }
	/** One line of this many megabytes. */
	| { readonly do: 'hugeLine'; readonly megabytes: number }
	| { readonly do: 'raw'; readonly text: string; readonly times?: number }
	| { readonly do: 'stderr'; readonly text: string }
	/** Any request or notification; an error is said. */
	| { readonly do: 'request'; readonly method: string; readonly params?: unknown }
	| { readonly do: 'notify'; readonly method: string; readonly params?: unknown }
	/** Answers the prompt with an error. */
	| { readonly do: 'fail'; readonly code: number; readonly message: string; readonly data?: unknown }
	| { readonly do: 'followPrompt' | 'sayPrompt' };

export interface Script {
	/** Before the first message is read. */
	readonly start?: readonly Step[];
	readonly initialize?: Answer;
	readonly session?: Answer;
	/** What is done for a prompt; `followPrompt` without it. */
	readonly turn?: readonly Step[];
	/** What is done for the second prompt of a session, and for every one after it, instead of `turn`. */
	readonly laterTurns?: readonly Step[];
	/** How it takes up a session that another process of it had: every id counts as one. Without it, not at all. */
	readonly resume?: 'load' | 'resume' | 'refuse';
	/** The error of `refuse`; without it the session is not found. */
	readonly refusal?: { readonly code: number; readonly message: string };
	/** What is done for a prompt in such a session, instead of `turn`. */
	readonly turnAfterResume?: readonly Step[];
	readonly stopReason?: string;
	/** Laid over the answer to the prompt. */
	readonly promptAnswer?: Readonly<Record<string, unknown>>;
	readonly cancel?: 'obey' | 'ignore' | 'askFirst';
	readonly ignoresTerm?: boolean;
	/** Goes on living when stdin ends. */
	readonly ignoresEnd?: boolean;
}

interface Answer {
	readonly isSilent?: boolean;
	readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
	/** Laid over the usual answer. */
	readonly answer?: Readonly<Record<string, unknown>>;
}

/** What a line of a stream begins with, so that each can be found again. */
export const streamMark = (name: string, index: number): string => `~${name}.${index}~`;

/**
 * What the lines of a prompt ask for: `WRITE path: text`, `REMOVE path`, `SAY text`, `WAIT milliseconds`, `DO step` with the step as
 * JSON; `\n` is a line break.
 */
export function promptSteps(prompt: string): Step[] {
	const steps = prompt.split(/\r?\n/u).flatMap((line): Step[] => {
		const [, verb, rest = ''] = /^\s*(?:[-*>]\s+)?(WRITE|REMOVE|SAY|WAIT|DO)\s+(.+)$/u.exec(line) ?? [];
		switch (verb) {
			case 'WRITE': {
				const [, path, content] = /^(.+?):\s?(.*)$/u.exec(rest) ?? [];
				return path === undefined || content === undefined
					? []
					: [{ do: 'write', path: path.trim(), content: `${content.replaceAll('\\n', '\n')}\n` }];
			}
			case 'REMOVE':
				return [{ do: 'remove', path: rest.trim() }];
			case 'DO':
				return [JSON.parse(rest) as Step];
			case 'SAY':
				return [{ do: 'say', text: `${rest}\n` }];
			case 'WAIT':
				return [{ do: 'wait', milliseconds: Number(rest) || 0 }];
			default:
				return [];
		}
	});
	const writes = steps.filter((step) => step.do === 'write' || step.do === 'remove').length;
	return [
		...steps,
		{ do: 'say', text: writes === 0 ? 'There was nothing for me to change.' : `Done: ${writes} files changed.` },
	];
}
