// Owns an agent of the Agent Client Protocol for tests and demos, written with the SDK's agent side. It has no model: a
// script, or the prompt itself, says what it does, and how badly it behaves.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import type {
	InitializeResponse,
	LoadSessionResponse,
	McpServer,
	NewSessionResponse,
	PromptResponse,
	StopReason,
} from '@agentclientprotocol/sdk';
import { RequestError, agent, methods, ndJsonStream } from '@agentclientprotocol/sdk';
import type { Script } from './scriptedAcpScript.ts';
import { scriptVariable } from './scriptedAcpScript.ts';
import { play, playAlone } from './scriptedAcpSteps.ts';

interface Session {
	readonly folder: string;
	readonly isResumed: boolean;
	readonly servers: readonly McpServer[];
	turn: AbortController;
	prompts: number;
}

function readScript(): Script {
	const [, , file] = process.argv;
	const text = file === undefined ? process.env[scriptVariable] : readFileSync(file, 'utf8');
	return text === undefined ? {} : (JSON.parse(text) as Script);
}

async function answer<T extends object>(how: Script['initialize'], usual: T): Promise<T> {
	if (how?.isSilent === true) {
		await new Promise(() => undefined);
	}
	if (how?.error !== undefined) {
		throw new RequestError(how.error.code, how.error.message, how.error.data);
	}
	return { ...usual, ...how?.answer };
}

/** Modes and options are offered again; a session that is loaded has its id already. */
function withoutSessionId(how: Script['session']): Script['session'] {
	return how?.answer === undefined ? how : { ...how, answer: { ...how.answer, sessionId: undefined } };
}

function serve(script: Script) {
	const sessions = new Map<string, Session>();
	const find = (id: string): Session => {
		const session = sessions.get(id);
		if (session === undefined) {
			throw RequestError.sessionNotFound(id);
		}
		return session;
	};
	const takeUp = (sessionId: string, folder: string, servers: readonly McpServer[]) =>
		void sessions.set(sessionId, { folder, isResumed: true, servers, turn: new AbortController(), prompts: 0 });
	return agent({ name: 'scripted' })
		.onRequest(methods.agent.initialize, () =>
			answer<InitializeResponse>(script.initialize, {
				protocolVersion: 1,
				agentInfo: { name: 'scripted', title: 'Scripted Agent', version: '1' },
				agentCapabilities: {
					loadSession: script.resume === 'load' || script.resume === 'refuse',
					sessionCapabilities: { close: {}, ...(script.resume === 'resume' ? { resume: {} } : {}) },
				},
				authMethods: [],
			}),
		)
		.onRequest(methods.agent.session.new, async ({ params }) => {
			const sessionId = randomUUID();
			sessions.set(sessionId, {
				folder: params.cwd,
				isResumed: false,
				servers: params.mcpServers,
				turn: new AbortController(),
				prompts: 0,
			});
			return await answer<NewSessionResponse>(script.session, { sessionId });
		})
		.onRequest(methods.agent.session.prompt, async ({ params, client }): Promise<PromptResponse> => {
			const session = find(params.sessionId);
			session.turn = new AbortController();
			session.prompts += 1;
			const prompt = params.prompt.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
			const { signal } = session.turn;
			const { folder, servers } = session;
			const scene = { client, sessionId: params.sessionId, folder, servers, prompt, signal };
			const usual = script.turn ?? [{ do: 'followPrompt' as const }];
			const first = session.isResumed ? (script.turnAfterResume ?? usual) : usual;
			await play(session.prompts > 1 ? (script.laterTurns ?? first) : first, scene);
			if (signal.aborted && script.cancel === 'askFirst') {
				const late = { ...scene, signal: new AbortController().signal };
				await play(
					[
						{
							do: 'ask',
							title: 'After the cancel',
							paths: ['late.txt'],
							allowed: [{ do: 'write', path: 'late.txt', content: 'late' }],
						},
					],
					late,
				);
			}
			const stopReason = signal.aborted ? 'cancelled' : (script.stopReason ?? 'end_turn');
			return { stopReason: stopReason as StopReason, ...script.promptAnswer };
		})
		.onRequest(methods.agent.session.setConfigOption, async ({ params, client }) => {
			const text = `config ${params.configId}=${String(params.value)}\n`;
			await client.notify(methods.client.session.update, {
				sessionId: params.sessionId,
				update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } },
			});
			return { configOptions: [] };
		})
		.onRequest(methods.agent.session.setMode, async ({ params, client }) => {
			await client.notify(methods.client.session.update, {
				sessionId: params.sessionId,
				update: { sessionUpdate: 'current_mode_update', currentModeId: params.modeId },
			});
			return {};
		})
		.onRequest(methods.agent.session.load, async ({ params, client }) => {
			if (script.resume === 'refuse') {
				const { refusal } = script;
				throw refusal === undefined
					? RequestError.resourceNotFound(params.sessionId)
					: new RequestError(refusal.code, refusal.message);
			}
			takeUp(params.sessionId, params.cwd, params.mcpServers ?? []);
			await client.notify(methods.client.session.update, {
				sessionId: params.sessionId,
				update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'said before\n' } },
			});
			return await answer<LoadSessionResponse>(withoutSessionId(script.session), {});
		})
		.onRequest(methods.agent.session.resume, async ({ params }) => {
			takeUp(params.sessionId, params.cwd, params.mcpServers ?? []);
			return await answer<LoadSessionResponse>(withoutSessionId(script.session), {});
		})
		.onRequest(methods.agent.session.close, ({ params }) => {
			sessions.delete(params.sessionId);
			return {};
		})
		.onNotification(methods.agent.session.cancel, ({ params }) => {
			if (script.cancel !== 'ignore') {
				sessions.get(params.sessionId)?.turn.abort();
			}
		});
}

async function main(): Promise<void> {
	const script = readScript();
	if (script.ignoresTerm === true) {
		process.on('SIGTERM', () => undefined);
	}
	for (const step of script.start ?? []) {
		await playAlone(step);
	}
	const output = Writable.toWeb(process.stdout) as WritableStream<Uint8Array>;
	const input = Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>;
	const connection = serve(script).connect(ndJsonStream(output, input));
	const isAlive = setInterval(() => undefined, 60_000);
	await connection.closed;
	if (script.ignoresEnd !== true) {
		clearInterval(isAlive);
		process.exit(0);
	}
}

void main();
