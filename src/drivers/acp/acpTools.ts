// Owns how an agent gets our tools over the protocol: over HTTP where it takes that, else as a program, and for one that takes
// neither, as commands in its prompt. An agent that never comes for them does not say so; the wait here does.

import type { McpServer } from '@agentclientprotocol/sdk';
import { displayLine } from '../../base/text.ts';
import type { Agent } from '../../core/agent/agent.ts';
import type { AgentIdentity } from '../../core/driver/agentTools.ts';
import { takesNoServer } from '../../core/driver/agentTools.ts';
import type { DriverJob, DriverUpdate } from '../../core/driver/driver.ts';
import type { JobTools } from '../../core/driver/jobTools.ts';
import { toolsPrompt } from '../../core/driver/toolsPrompt.ts';
import type { Foreign } from './acpRead.ts';
import { objectAt, textAt } from './acpRead.ts';

export interface SessionTools {
	/** To be given with `session/new`, and again with `load` and `resume`. */
	readonly servers: McpServer[];
	/** What the prompt says of them; empty where there are none. */
	readonly prompt: string;
	/** Begins to wait for the agent to come; call it when the prompt is sent. The wait ends with the function it returns. */
	watch(milliseconds: number, tell: (update: DriverUpdate) => void): () => void;
}

const nothing: SessionTools = { servers: [], prompt: '', watch: () => () => undefined };

/** How an agent takes a server, by what it said of itself in its answer to `initialize`. */
export function serverWay(agent: Pick<Agent, 'command'>, initialized: Foreign): 'http' | 'program' | 'none' {
	const capabilities = objectAt(objectAt(initialized, 'agentCapabilities'), 'mcpCapabilities');
	if (capabilities?.['http'] === true) {
		return 'http';
	}
	return takesNoServer(identityOf(agent, initialized)) ? 'none' : 'program';
}

const identityOf = (agent: Pick<Agent, 'command'>, initialized: Foreign): AgentIdentity => ({
	name: textAt(objectAt(initialized, 'agentInfo'), 'name') ?? '',
	command: agent.command ?? [],
});

/** What an agent is given. */
export function sessionTools({ tools, agent }: DriverJob, initialized: Foreign): SessionTools {
	if (tools === undefined) {
		return nothing;
	}
	const identity = identityOf(agent, initialized);
	const way = serverWay(agent, initialized);
	if (way === 'none') {
		return { ...nothing, prompt: toolsPrompt(tools, identity, 'command') };
	}
	return {
		servers: [way === 'http' ? overHttp(tools) : asProgram(tools)],
		prompt: toolsPrompt(tools, identity, 'server'),
		watch: (milliseconds, tell) => watch(tools, agent.id, milliseconds, tell),
	};
}

function overHttp({ name, http }: JobTools): McpServer {
	const headers = Object.entries(http.headers).map(([header, value]) => ({ name: header, value }));
	return { type: 'http', name, url: http.url, headers };
}

/** Every agent must take this form, says the protocol. */
function asProgram({ name, stdio }: JobTools): McpServer {
	const env = Object.entries(stdio.environment).map(([variable, value]) => ({ name: variable, value }));
	return { name, command: stdio.command, args: [...stdio.arguments], env };
}

function watch(
	tools: JobTools,
	agentId: string,
	milliseconds: number,
	tell: (update: DriverUpdate) => void,
): () => void {
	const timer = setTimeout(() => {
		const message = `${displayLine(agentId)} did not connect to the tools of Dream.OS within ${milliseconds / 1000} s; it can neither report nor ask by them.`;
		tell({ kind: 'note', text: message, data: { code: 'tools.notConnected' } });
		tools.noteMissing(message);
	}, milliseconds);
	let isWatched = true;
	void tools.connected.then(() => {
		clearTimeout(timer);
		if (isWatched) {
			tell({ kind: 'note', text: 'The agent connected to the tools of Dream.OS.' });
		}
	});
	return () => {
		isWatched = false;
		clearTimeout(timer);
	};
}
