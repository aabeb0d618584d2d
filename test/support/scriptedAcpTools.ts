// Owns how a scripted agent uses the MCP servers its session was given: with the SDK's own client, as real agents do.

import type { McpServer } from '@agentclientprotocol/sdk';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';

interface ToolUse {
	readonly tool: string;
	readonly input?: Readonly<Record<string, unknown>>;
}

/** Connects to the first server and calls its tools; says the names of all of them first, then each answer. */
export async function useTools(
	calls: readonly ToolUse[],
	servers: readonly McpServer[],
	say: (text: string) => Promise<void>,
): Promise<void> {
	const [server] = servers;
	if (server === undefined) {
		await say('no server');
		return;
	}
	const client = new Client({ name: 'scripted', version: '1' });
	try {
		await client.connect(transportTo(server));
		const { tools } = await client.listTools();
		await say(`tools: ${tools.map(({ name }) => name).join(' ')}`);
		for (const { tool, input = {} } of calls) {
			const text = JSON.stringify(input).replaceAll('$SECRET', secretOf(server));
			const given = JSON.parse(text) as Record<string, unknown>;
			await say(`${tool}: ${textOf(await client.callTool({ name: tool, arguments: given }))}`);
		}
	} catch (error) {
		await say(`tools failed: ${String(error)}`);
	} finally {
		await client.close().catch(() => undefined);
	}
}

const secretOf = (server: McpServer): string =>
	'headers' in server ? (server.headers[0]?.value ?? '').replace('Bearer ', '') : '';

function transportTo(server: McpServer): Transport {
	if ('type' in server && server.type === 'http') {
		const headers = Object.fromEntries(server.headers.map(({ name, value }) => [name, value]));
		return new StreamableHTTPClientTransport(new URL(server.url), { requestInit: { headers } });
	}
	if ('command' in server) {
		const given = Object.fromEntries(server.env.map(({ name, value }) => [name, value]));
		return new StdioClientTransport({ command: server.command, args: [...server.args], env: given });
	}
	throw new Error(`no such server: ${JSON.stringify(server)}`);
}

/** All texts of an answer in one line, marked when it is an error. */
export function textOf(result: object): string {
	const { content = [], isError } = result as {
		readonly content?: readonly { readonly text?: string }[];
		readonly isError?: boolean;
	};
	return `${isError === true ? 'error ' : ''}${content.map(({ text = '' }) => text).join(' ')}`;
}
