// Owns the tools of a run over stdin and stdout: it hands each message to the host's endpoint and its answer back. It opens no
// ledger and decides nothing.

import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { describeError } from '../base/errors.ts';

export interface BridgeOptions {
	/** Address of the endpoint. */
	readonly url: string;
	readonly token: string;
}

const answerMilliseconds = 120_000;

/** Carries messages until stdin ends. */
export async function runToolBridge(options: BridgeOptions): Promise<void> {
	const transport = new StdioServerTransport();
	const ended = new Promise<void>((resolve) => {
		process.stdin.once('end', resolve).once('close', resolve);
	});
	const open = new Set<Promise<void>>();
	transport.onmessage = (message) => {
		const work = carry(options, message)
			.then(async (answers) => {
				for (const answer of answers) {
					await transport.send(answer);
				}
			})
			.catch(() => undefined)
			.finally(() => open.delete(work));
		open.add(work);
	};
	await transport.start();
	await ended;
	await Promise.all(open);
	await transport.close();
}

/** What the host answers; an error in its place when it does not. */
async function carry({ url, token }: BridgeOptions, message: JSONRPCMessage): Promise<JSONRPCMessage[]> {
	try {
		const response = await fetch(url, {
			method: 'POST',
			headers: {
				authorization: `Bearer ${token}`,
				'content-type': 'application/json',
				accept: 'application/json, text/event-stream',
			},
			body: JSON.stringify(message),
			signal: AbortSignal.timeout(answerMilliseconds),
		});
		const text = await response.text();
		if (response.ok) {
			return text === '' ? [] : [JSON.parse(text) as JSONRPCMessage];
		}
		return failure(message, `The host refused it (${response.status}): ${text.slice(0, 500)}`);
	} catch (error) {
		return failure(message, `The swarm host does not answer: ${describeError(error)}. Its run is probably over.`);
	}
}

function failure(message: JSONRPCMessage, text: string): JSONRPCMessage[] {
	return 'id' in message && 'method' in message
		? [{ jsonrpc: '2.0', id: message.id, error: { code: -32_000, message: text } }]
		: [];
}
