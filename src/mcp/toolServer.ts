// Owns the endpoint at which agents of the swarm reach their tools: one port of this machine for all sessions, a random secret for
// each. Only hashes of secrets are kept, so that looking one up tells nothing about another.

import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { DreamError, describeError } from '../base/errors.ts';
import { isJsonObject } from '../base/json.ts';
import type { Logger } from '../base/log.ts';
import type { ToolSession } from './toolSession.ts';
import { bearerOf, endpointPath, readBody, refusalOf, refuse } from './httpRequest.ts';

export interface OpenSession {
	/** Complete address of the endpoint. */
	readonly url: string;
	/** Secret of the session, for the header `Authorization: Bearer …`. */
	readonly token: string;
	/** The session is over; it is forgotten when many others are. */
	end(): void;
}

interface Entry {
	readonly session: ToolSession;
	readonly onInitialize: () => void;
}

const bodyLimit = 1024 * 1024;
/** Ended sessions that still answer, by saying that their run is over. */
const endedLimit = 100;

export class ToolServer {
	private readonly server: Server;
	private readonly log: Logger;
	private readonly sessions = new Map<string, Entry>();
	private readonly ended: string[] = [];
	private readonly port: number;

	private constructor(server: Server, log: Logger) {
		this.server = server;
		this.log = log;
		this.port = (server.address() as AddressInfo).port;
		server.on('request', (request, response) => {
			this.serve(request, response).catch((error: unknown) => {
				log.warn(`A request for tools was not answered: ${describeError(error)}`);
				response.destroy();
			});
		});
	}

	/** Listens on a port the system chooses, on this machine only. Rejects with `tools.notServed`. */
	static async listen(log: Logger): Promise<ToolServer> {
		const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 16 * 1024 });
		server.maxConnections = 256;
		await new Promise<void>((resolve, reject) => {
			server.once('error', (error) =>
				reject(
					new DreamError('tools.notServed', `The tools of agents are not served: ${error.message}`, {
						cause: error,
						advice: 'Agents work without them.',
					}),
				),
			);
			server.listen(0, '127.0.0.1', resolve);
		});
		// Not what keeps the process alive.
		server.unref();
		return new ToolServer(server, log);
	}

	/** Serves a session; `onInitialize` is called each time a client begins. */
	open(create: (token: string) => ToolSession, onInitialize: () => void): OpenSession {
		const token = randomBytes(32).toString('base64url');
		const hash = hashOf(token);
		this.sessions.set(hash, { session: create(token), onInitialize });
		return {
			url: `http://127.0.0.1:${this.port}${endpointPath}`,
			token,
			end: () => {
				this.ended.push(hash);
				const [oldest] = this.ended;
				if (this.ended.length > endedLimit && oldest !== undefined) {
					this.ended.shift();
					this.sessions.delete(oldest);
				}
			},
		};
	}

	/** Ends every connection. */
	async close(): Promise<void> {
		this.sessions.clear();
		const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
		this.server.closeAllConnections();
		await closed;
	}

	private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const refusal = refusalOf(request, this.port);
		if (refusal !== undefined) {
			refuse(response, refusal);
			return;
		}
		const token = bearerOf(request);
		const entry = token === undefined ? undefined : this.sessions.get(hashOf(token));
		if (entry === undefined) {
			this.log.debug('A request for tools had no valid token.');
			refuse(response, {
				status: 401,
				message: 'The token is missing, or belongs to no session of this host.',
				headers: { 'www-authenticate': 'Bearer' },
			});
			return;
		}
		const body = await readBody(request, bodyLimit);
		if (body === undefined) {
			refuse(response, { status: 413, message: `A message has at most ${bodyLimit} bytes.` });
			response.once('finish', () => request.destroy());
			return;
		}
		let message: unknown;
		try {
			message = JSON.parse(body);
		} catch {
			refuse(response, { status: 400, message: 'The body is not JSON.' }, -32_700);
			return;
		}
		if (isJsonObject(message) && message['method'] === 'initialize') {
			entry.onInitialize();
		}
		await this.answer(request, response, entry, message);
	}

	/** Each request gets a server of its own: nothing of one is left for the next. */
	private async answer(
		{ headers }: IncomingMessage,
		response: ServerResponse,
		{ session }: Entry,
		message: unknown,
	): Promise<void> {
		const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
		const server = session.createServer();
		try {
			await server.connect(transport);
			const answer = await transport.handleRequest(
				new Request(`http://127.0.0.1:${this.port}${endpointPath}`, {
					method: 'POST',
					headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
						typeof value === 'string' && name !== 'authorization' ? [[name, value]] : [],
					),
				}),
				{ parsedBody: message },
			);
			const text = await answer.text();
			response.writeHead(answer.status, Object.fromEntries(answer.headers));
			response.end(text);
		} finally {
			await server.close();
		}
	}
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
