// Owns the contract of the tools a run's agent gets from us (MCP): where they are, and what the host hears of them. How they are
// served is the host's business, how an agent is told of them the driver's.

import type { Disposable } from '../../base/event.ts';
import type { Actor } from '../actor.ts';
import type { Agent } from '../agent/agent.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Run } from '../run/run.ts';

/** A tool as a driver hands it on that talks to the model itself. */
export interface JobTool {
	readonly name: string;
	readonly description: string;
	/** JSON Schema of its input. */
	readonly inputSchema: JsonObject;
	/** Once it was called there is nothing left to do in the run. */
	readonly endsTurn: boolean;
}

export interface JobTools {
	/** The name agents know the server by. */
	readonly name: string;
	/** Names of the tools, as the server has them. */
	readonly toolNames: readonly string[];
	/** Streamable HTTP on this machine; the headers carry the session's secret. */
	readonly http: { readonly url: string; readonly headers: Readonly<Record<string, string>> };
	/** The same session as a program on stdin and stdout, for agents that take no other. */
	readonly stdio: {
		readonly command: string;
		readonly arguments: readonly string[];
		readonly environment: Readonly<Record<string, string>>;
	};
	/** The start of a command line that says the same things, for agents that take no server at all. */
	readonly commandLine: string;
	/** Added to the agent's environment, so that the command line knows whom it speaks for. */
	readonly environment: Readonly<Record<string, string>>;
	/** The same tools for a driver that calls them itself; what it was told is in the text. Never rejects. */
	readonly direct: {
		readonly tools: readonly JobTool[];
		call(name: string, input: JsonObject): Promise<{ readonly text: string; readonly isError: boolean }>;
	};
	/** Resolves when the agent initialized the server, or can no longer do so. */
	readonly connected: Promise<void>;
	/** Text without the session's secret: whatever an agent says is logged, and it may say anything. */
	redact(text: string): string;
	/** The agent was given the server and never came; `message` says so in a line. */
	noteMissing(message: string): void;
}

/** The tools of one run, for as long as it lasts. Disposing refuses every further call. */
export interface RunTools extends JobTools, Disposable {
	/** Resolves when the agent said by a tool that it is done, or can no longer do so. */
	readonly finished: Promise<void>;
}

export interface RunToolsRequest {
	readonly run: Run;
	/** Its secrets are not written down, whatever it says. */
	readonly agent: Pick<Agent, 'env' | 'keys' | 'preset' | 'command'>;
	/** Who speaks through the tools. */
	readonly actor: Actor;
	readonly onMissing: (message: string) => void;
}

/** Opens the tools of a run. Rejects when they cannot be served; the run then goes on without. */
export type OpenRunTools = (request: RunToolsRequest) => Promise<RunTools>;
