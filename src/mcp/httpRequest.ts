// Owns what a request must be before anything of it is believed: to this machine by name, from no web page, with a body that is
// small enough. A page in a browser must not reach the endpoint by a host name that points here (DNS rebinding).

import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Refusal {
	readonly status: number;
	readonly message: string;
	readonly headers?: Readonly<Record<string, string>>;
}

const localNames: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost']);

/** Why a request is not served at all; undefined when it is. `port` is the one the server listens on. */
export function refusalOf({ method, url, headers }: IncomingMessage, port: number): Refusal | undefined {
	const hosts = [...localNames].map((name) => `${name}:${port}`);
	if (headers.host === undefined || !hosts.includes(headers.host.toLowerCase())) {
		return { status: 403, message: 'This Host is not served.' };
	}
	if (headers.origin !== undefined && !hosts.some((host) => headers.origin === `http://${host}`)) {
		return { status: 403, message: 'This Origin is not served.' };
	}
	if ((url ?? '').split('?')[0] !== endpointPath) {
		return { status: 404, message: 'There is nothing here.' };
	}
	if (method !== 'POST') {
		// No stream of the server's own and no session to delete: the protocol's answer for that.
		return { status: 405, message: 'Only POST is served.', headers: { allow: 'POST' } };
	}
	return undefined;
}

/** The one path of the endpoint. */
export const endpointPath = '/mcp';

/** The secret of a request; undefined without a well-formed one. */
export function bearerOf({ headers }: IncomingMessage): string | undefined {
	return /^Bearer ([\w-]{20,200})$/u.exec(headers.authorization ?? '')?.[1];
}

/** The body as text, or undefined when it is larger than `limit` bytes; the rest is then not read. */
export async function readBody(request: IncomingMessage, limit: number): Promise<string | undefined> {
	if (Number(request.headers['content-length'] ?? 0) > limit) {
		return undefined;
	}
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > limit) {
			return undefined;
		}
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}

/** Answers with an error of the protocol that belongs to no message, and lets the connection go. */
export function refuse(response: ServerResponse, { status, message, headers = {} }: Refusal, code = -32_000): void {
	response.writeHead(status, { 'content-type': 'application/json', connection: 'close', ...headers });
	response.end(JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null }));
}
