// Owns what an agent is told of its tools: their names as it will see them, or the commands that say the same.

import type { AgentIdentity } from './agentTools.ts';
import { toolWording } from './agentTools.ts';
import type { JobTools } from './jobTools.ts';

/** How an agent reaches its tools: as a server, or by commands alone. */
export type ToolWay = 'server' | 'command';

/** What is worth a line, in the order in which it is needed. `words` is the command, `what` its use. */
const offered: readonly { readonly tool: string; readonly words: string; readonly what: string }[] = [
	{ tool: 'task_show', words: 'task show TASK', what: 'read your task, or another one, with its history' },
	{ tool: 'task_list', words: 'task list', what: 'see the board: who works on what, what waits' },
	{ tool: 'task_search', words: 'task search WORDS', what: 'find tasks by words' },
	{ tool: 'run_report', words: 'run report "TEXT"', what: 'say how far you are, when the work takes longer' },
	{ tool: 'run_ask', words: 'run ask "QUESTION"', what: 'ask what only a person can answer; the task waits for it' },
	{ tool: 'task_block', words: 'task block TASK --reason "TEXT"', what: 'stop because something is missing' },
	{ tool: 'run_handoff', words: 'run handoff AGENT --note "TEXT"', what: 'give the task to another agent' },
	{ tool: 'task_propose', words: 'task propose "NAME"', what: 'propose a task for what you found but should not do' },
	{ tool: 'run_finish', words: 'run finish "SUMMARY"', what: 'say that you are done, and what you changed' },
];

const lastWord =
	'After asking, blocking or handing off, end your turn: your work is kept, and you need not wait. Guessing is worse than asking.';

/** The part of the first message on tools, as plain text with a line break at its end. */
export function toolsPrompt(tools: JobTools, agent: AgentIdentity, way: ToolWay): string {
	return `\n${(way === 'server' ? describeServer(tools, agent) : describeCommands(tools)).join('\n')}\n${lastWord}\n`;
}

function describeServer({ name, commandLine }: JobTools, agent: AgentIdentity): string[] {
	const wording = toolWording(agent, name);
	const shown = wording?.shown ?? ((tool: string) => tool);
	const lines = offered.map(({ tool, what }) => `- ${shown(tool)}: ${what}`);
	if (wording === undefined) {
		return [
			`You have tools of the MCP server "${name}" for this. Your program may put the server's name before theirs; if you do not see them, look them up in whatever way it offers. They are:`,
			...lines,
			`If you have no such tools, these commands do the same: ${commandLine} task show, run report, run ask, task block, run handoff, task propose, run finish; add --help for what they take.`,
		];
	}
	return [
		`You have tools of the MCP server "${name}" for this:`,
		...lines,
		...(wording.search === undefined ? [] : [`If you do not see them at first, look them up (${wording.search}).`]),
	];
}

function describeCommands({ commandLine }: JobTools): string[] {
	return [
		'These commands are for you; they know your task and your run:',
		...offered.map(({ words, what }) => `- ${commandLine} ${words}: ${what}`),
	];
}
