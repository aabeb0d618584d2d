// Owns what is known of how agents take and show the tools of a server, as data: measured, one line a kind. An agent nobody knows
// is told in neutral words.

interface ToolHabit {
	/** Found in the name an agent gives itself, else in its command. */
	readonly pattern: RegExp;
	/** How it shows a tool of a server to its model. */
	readonly shown: (server: string, tool: string) => string;
	/** It shows tools only after its model looked for them. */
	readonly search?: string;
	/** It takes no server in any way. */
	readonly takesNone?: true;
}

const underscore = (server: string, tool: string) => `${server}_${tool}`;
const doubled = (server: string, tool: string) => `mcp__${server}__${tool}`;

/** In this order: `kilo` before `opencode`, of which it is a fork. */
const habits: readonly ToolHabit[] = [
	{ pattern: /claude/iu, shown: doubled, search: 'ToolSearch' },
	{ pattern: /codex/iu, shown: (server, tool) => `${tool} (namespace mcp__${server})`, search: 'tool_search' },
	{ pattern: /gemini/iu, shown: (server, tool) => `mcp_${server}_${tool}` },
	{ pattern: /qwen/iu, shown: doubled, search: 'tool_search, then tool_call' },
	{ pattern: /kimi/iu, shown: doubled },
	{ pattern: /\bkilo/iu, shown: underscore },
	{ pattern: /opencode/iu, shown: underscore },
	{ pattern: /copilot/iu, shown: (server, tool) => `${server}-${tool}` },
	{ pattern: /\bcline\b/iu, shown: underscore, takesNone: true },
	{ pattern: /(?:^|[\s/\\@])pi(?:-acp|-coding-agent)?(?:$|[\s@])/iu, shown: underscore, takesNone: true },
];

export interface AgentIdentity {
	/** What it calls itself; empty before it said so. */
	readonly name: string;
	readonly command: readonly string[];
}

function habitOf({ name, command }: AgentIdentity): ToolHabit | undefined {
	return (
		habits.find(({ pattern }) => pattern.test(name)) ??
		habits.find(({ pattern }) => pattern.test(command.join(' ')))
	);
}

/** Whether an agent is known to take no server at all, whatever it says. */
export function takesNoServer(agent: AgentIdentity): boolean {
	return habitOf(agent)?.takesNone === true;
}

/** Every form in which some agent names a tool of a server. */
export function shownForms(server: string, tool: string): string[] {
	return [...habits.map(({ shown }) => shown(server, tool)), `${tool} (${server} MCP Server)`];
}

export interface ToolWording {
	readonly shown: (tool: string) => string;
	/** How its model finds tools that are not shown at first; undefined where they are. */
	readonly search: string | undefined;
}

/** How an agent's model sees our tools; undefined for an agent nobody knows. */
export function toolWording(agent: AgentIdentity, server: string): ToolWording | undefined {
	const habit = habitOf(agent);
	return habit === undefined ? undefined : { shown: (tool) => habit.shown(server, tool), search: habit.search };
}
