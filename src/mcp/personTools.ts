// Owns the program for clients that a person sets up by hand: the workspace's tools over stdin and stdout, in the name of that
// person or of an agent the person names.

import { join, resolve } from 'node:path';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { Logger } from '../base/log.ts';
import type { Actor } from '../core/actor.ts';
import { requireAgent } from '../core/agent/requireAgent.ts';
import { userName } from '../node/userName.ts';
import { findCaller } from '../workspace/caller.ts';
import type { OpenWorkspace } from '../workspace/workspaceOptions.ts';
import { personInstructions, personToolViews } from './personToolViews.ts';
import { createTool } from './tool.ts';
import { ToolSession } from './toolSession.ts';

export interface PersonToolsOptions {
	/** Folder of the workspace. */
	readonly folder: string;
	/** Act as this agent of the registry; as the person who runs the program without it. */
	readonly agent: string | undefined;
	/** Folder of the running bundle; `host.cjs` lies beside it. */
	readonly distFolder: string;
	readonly log: Logger;
}

/** Serves until stdin ends. Rejects with `agent.unknown`, or as opening the workspace does. */
export async function servePersonTools({ folder, agent, distFolder, log }: PersonToolsOptions): Promise<void> {
	const ended = new Promise<void>((done) => {
		process.stdin.once('end', done).once('close', done);
	});
	// Loaded late: a client starts faster, and the bundle of the window is used once more.
	const { openWorkspace } = await import('../workspace/openWorkspace.ts');
	const workspace = await openWorkspace({
		folder: resolve(folder),
		log,
		startedFrom: 'terminal',
		hostScript: join(distFolder, 'host.cjs'),
		follows: 'boards',
	});
	try {
		const session = new ToolSession({
			dream: workspace.dream,
			actor: await actorFor(workspace, agent),
			tools: personToolViews().map(createTool),
			instructions: personInstructions,
		});
		const server = session.createServer();
		await server.connect(new StdioServerTransport());
		await ended;
		await server.close();
		await workspace.flushBoards();
	} finally {
		await workspace.close();
	}
}

async function actorFor(workspace: OpenWorkspace, agent: string | undefined): Promise<Actor> {
	// An agent of the swarm that finds this program in the settings of the project is no person by it, and no other agent.
	const { actor } = findCaller(workspace.folder, process.env, process.cwd());
	if (actor.kind === 'agent') {
		return actor;
	}
	if (agent === undefined) {
		return { kind: 'mcp', id: userName() };
	}
	await workspace.ledger()?.read((reader) => requireAgent(reader, agent));
	return { kind: 'agent', id: agent };
}
