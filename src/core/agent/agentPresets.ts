// Owns what is known of the coding agents people use, as data: how each is started and installed, and what a driver has to know
// of its ways. Whatever a preset says, an entry in `runtime/agents.json` says it more strongly.

import type { Agent } from './agent.ts';

/** Ways of one agent in which it differs from the protocol, or from what is wise. Measured on the real programs. */
export interface AgentQuirks {
	/** Reading a file that is not there must answer "": otherwise it cannot create one. */
	readonly readsMissingAsEmpty?: true;
	/** The mode in which it asks before it writes and runs, set after the session is open unless the entry names another. */
	readonly strictMode?: string;
	/** Options with the same purpose, by their id. */
	readonly strictOptions?: Readonly<Record<string, string>>;
	/** Two that start at the same time on a fresh machine break each other: the first of them starts alone. */
	readonly startsAlone?: true;
	/** It takes no MCP servers at all, so that it works with the swarm through the command line. */
	readonly usesCommandLine?: true;
	/** One process keeps several sessions apart, and closes each by itself: its runs share one unless the entry says otherwise. */
	readonly sharesProcess?: true;
	/** Loading a session in the clock minute in which it was made destroys it. */
	readonly resumesFromNextMinute?: true;
}

export interface AgentPreset {
	readonly id: string;
	readonly name: string;
	/** Program and arguments that make it speak the Agent Client Protocol on stdin and stdout. */
	readonly command: readonly [program: string, ...rest: string[]];
	/** Arguments that make the program print its version and end. */
	readonly version: readonly string[];
	/** The command line a person runs to get it. */
	readonly install: string;
	/** The lowest version of Node it starts with, where it runs on the person's own. */
	readonly node?: string;
	/** Variables of the environment in which it looks for its key, when it is not logged in. */
	readonly keys: readonly string[];
	/** What is its own on the disk, written to while it works: below `~/`, or what a `$VARIABLE` names. */
	readonly places: readonly string[];
	/** Words by which it calls itself in its answer to `initialize`, or by which its program is called. */
	readonly names: RegExp;
	readonly quirks: AgentQuirks;
}

const npm = (name: string): string => `npm install --global ${name}`;
const version = ['--version'];

/** In the order in which they are offered. */
export const agentPresets: readonly AgentPreset[] = [
	{
		id: 'claude',
		name: 'Claude Code',
		command: ['claude-agent-acp'],
		version,
		install: npm('@agentclientprotocol/claude-agent-acp'),
		node: '22.0.0',
		keys: ['ANTHROPIC_API_KEY'],
		places: ['~/.claude', '~/.claude.json', '$CLAUDE_CONFIG_DIR'],
		names: /claude/iu,
		quirks: { strictMode: 'default', sharesProcess: true },
	},
	{
		id: 'codex',
		name: 'Codex',
		command: ['codex-acp'],
		version,
		install: npm('@agentclientprotocol/codex-acp'),
		keys: ['OPENAI_API_KEY', 'CODEX_API_KEY'],
		places: ['~/.codex', '$CODEX_HOME'],
		names: /codex/iu,
		quirks: { strictMode: 'workspace-write', startsAlone: true, sharesProcess: true },
	},
	{
		id: 'gemini',
		name: 'Gemini CLI',
		command: ['gemini', '--acp'],
		version,
		install: npm('@google/gemini-cli'),
		node: '20.0.0',
		keys: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
		places: ['~/.gemini'],
		names: /gemini/iu,
		quirks: { readsMissingAsEmpty: true, strictMode: 'default', resumesFromNextMinute: true },
	},
	{
		id: 'opencode',
		name: 'opencode',
		command: ['opencode', 'acp'],
		version,
		install: npm('opencode-ai'),
		keys: [],
		places: ['~/.config/opencode', '~/.local/share/opencode', '~/.local/state/opencode', '~/.cache/opencode'],
		names: /opencode/iu,
		quirks: { sharesProcess: true },
	},
	{
		id: 'cursor',
		name: 'Cursor',
		command: ['agent', 'acp'],
		version,
		install: 'curl https://cursor.com/install -fsS | bash',
		keys: ['CURSOR_API_KEY'],
		places: ['~/.cursor', '~/.config/cursor', '~/.local/share/cursor-agent'],
		names: /cursor/iu,
		quirks: {},
	},
	{
		id: 'copilot',
		name: 'Copilot CLI',
		command: ['copilot', '--acp'],
		version,
		install: npm('@github/copilot'),
		node: '22.0.0',
		keys: ['GH_TOKEN', 'GITHUB_TOKEN'],
		places: ['~/.copilot', '~/.config/github-copilot', '~/.cache/copilot'],
		names: /copilot/iu,
		quirks: { strictMode: 'agent', strictOptions: { allow_all: 'off' } },
	},
	{
		id: 'qwen',
		name: 'Qwen Code',
		command: ['qwen', '--acp'],
		version,
		install: npm('@qwen-code/qwen-code'),
		node: '22.0.0',
		keys: ['OPENAI_API_KEY', 'DASHSCOPE_API_KEY'],
		places: ['~/.qwen'],
		names: /qwen/iu,
		quirks: { strictMode: 'default' },
	},
	{
		id: 'cline',
		name: 'Cline',
		command: ['cline', '--acp'],
		version,
		install: npm('cline'),
		node: '20.0.0',
		keys: [],
		places: ['~/.cline'],
		names: /cline/iu,
		quirks: { usesCommandLine: true },
	},
	{
		id: 'goose',
		name: 'Goose',
		command: ['goose', 'acp'],
		version,
		install: 'curl -fsSL https://github.com/block/goose/releases/download/stable/download_cli.sh | bash',
		keys: [],
		places: ['~/.config/goose', '~/.local/share/goose', '~/.local/state/goose'],
		names: /goose/iu,
		quirks: {},
	},
	{
		id: 'kimi',
		name: 'Kimi Code',
		command: ['kimi', 'acp'],
		version,
		install: npm('@moonshot-ai/kimi-code'),
		node: '22.19.0',
		keys: [],
		places: ['~/.kimi-code', '~/.kimi'],
		names: /kimi/iu,
		quirks: { strictMode: 'default', sharesProcess: true },
	},
	{
		id: 'pi',
		name: 'pi',
		command: ['pi-acp'],
		version,
		install: npm('pi-acp @earendil-works/pi-coding-agent'),
		node: '22.19.0',
		keys: [],
		places: ['~/.pi'],
		names: /^pi(?:-acp)?$/iu,
		quirks: { usesCommandLine: true },
	},
];

export function findPreset(id: string): AgentPreset | undefined {
	return agentPresets.find((preset) => preset.id === id);
}

/**
 * The preset an agent belongs to: the one its entry names, else the one whose words are in what the agent calls itself or in the
 * program it is started with. undefined for an agent nobody here knows.
 */
export function presetOf(agent: Pick<Agent, 'preset' | 'command'>, calledItself?: string): AgentPreset | undefined {
	if (agent.preset !== undefined) {
		return findPreset(agent.preset);
	}
	const program = agent.command?.[0]?.split(/[\\/]/u).at(-1);
	return [calledItself, program].flatMap((name) => {
		const found = name === undefined ? undefined : agentPresets.find(({ names }) => names.test(name));
		return found === undefined ? [] : [found];
	})[0];
}
