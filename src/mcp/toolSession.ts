// Owns one caller's tools: which there are, in whose name they act, and what is checked before each call.

import type { ServerOptions } from '@modelcontextprotocol/sdk/server/index.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { DreamError } from '../base/errors.ts';
import { mapTexts } from '../base/json.ts';
import { productVersion } from '../base/productVersion.ts';
import type { Actor } from '../core/actor.ts';
import type { Dream } from '../core/dream.ts';
import type { Tool } from './tool.ts';
import { listWindow } from './tool.ts';
import { toolAnswer, toolError } from './toolAnswer.ts';

/** Name under which every client lists our tools. */
export const serverName = 'dreamos';

/** For answers to forms, which we never ask for; the SDK's own would be built anew, and be most of the bundle. */
const noValidator: NonNullable<ServerOptions['jsonSchemaValidator']> = {
	getValidator: () => () => ({ valid: false, data: undefined, errorMessage: 'No form was asked for.' }),
};

export interface ToolSessionParts {
	readonly dream: Dream;
	readonly actor: Actor;
	readonly tools: readonly Tool[];
	/** What the session fills into the inputs of its tools. */
	readonly known?: Readonly<Record<string, unknown>>;
	/** Said to the client's model when it connects. */
	readonly instructions: string;
	/** Fails when the caller may do nothing any more. Asked before each call. */
	readonly check?: () => Promise<void>;
	/** Told of each call that was done. */
	readonly onCalled?: (tool: Tool) => void;
	/** Applied to everything a caller says, before it is kept. */
	readonly redact?: (text: string) => string;
}

export class ToolSession {
	private readonly parts: ToolSessionParts;
	private readonly byName: ReadonlyMap<string, Tool>;

	constructor(parts: ToolSessionParts) {
		this.parts = parts;
		this.byName = new Map(parts.tools.map((tool) => [tool.name, tool]));
	}

	/** A server of the SDK for one connection; many may share the session. */
	createServer() {
		// The SDK's newer class wants to own schemas and errors of tools; both are ours.
		// oxlint-disable-next-line typescript/no-deprecated
		const server = new Server(
			{ name: serverName, title: 'Dream.OS', version: productVersion },
			{ capabilities: { tools: {} }, instructions: this.parts.instructions, jsonSchemaValidator: noValidator },
		);
		server.setRequestHandler(ListToolsRequestSchema, () => ({
			tools: this.parts.tools.map((tool) => ({
				name: tool.name,
				title: tool.title,
				description: tool.description,
				inputSchema: { ...tool.inputSchema, type: 'object' as const },
				annotations: { readOnlyHint: tool.isReadOnly, destructiveHint: false, openWorldHint: false },
			})),
		}));
		server.setRequestHandler(CallToolRequestSchema, ({ params }) => this.call(params.name, params.arguments));
		return server;
	}

	/** Calls a tool. Never rejects: what goes wrong is the answer. */
	async call(name: string, given: unknown): Promise<CallToolResult> {
		const { dream, actor, known = {}, check, onCalled, redact } = this.parts;
		try {
			const tool = this.byName.get(name);
			if (tool === undefined) {
				throw new DreamError('tool.unknown', `There is no tool ${name.slice(0, 100)}.`, {
					advice: `There are: ${[...this.byName.keys()].join(', ')}.`,
				});
			}
			await check?.();
			const said = redact === undefined ? given : mapTexts(given, redact);
			const input = tool.readInput(said, known);
			const answer = await dream.perform(tool.action, withoutWindow(tool, input), actor);
			onCalled?.(tool);
			return toolAnswer(tool, answer, input);
		} catch (error) {
			return toolError(error);
		}
	}
}

/** The action's own input. */
function withoutWindow(tool: Tool, input: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const own = tool.action === 'task.list' ? Object.keys(listWindow) : [];
	return Object.fromEntries(Object.entries(input).filter(([name]) => !own.includes(name)));
}
