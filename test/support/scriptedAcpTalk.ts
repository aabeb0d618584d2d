// Owns what a scripted agent says over the wire: updates, questions, and what it asks its client to do.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentContext, McpServer } from '@agentclientprotocol/sdk';
import { RequestError, methods } from '@agentclientprotocol/sdk';
import type { Step } from './scriptedAcpScript.ts';

export interface Scene {
	readonly client: AgentContext;
	readonly sessionId: string;
	readonly folder: string;
	readonly servers: readonly McpServer[];
	readonly prompt: string;
	/** Aborts when the turn is cancelled. */
	readonly signal: AbortSignal;
}

/** Relative paths are joined as text: `../x` must reach the client as it was written. */
export const absolute = (scene: Scene, file: string) =>
	path.isAbsolute(file) ? file : `${scene.folder}${path.sep}${file}`;

/** One `session/update`, sent as it is: the agent side checks nothing. */
export async function update(scene: Scene, content: object): Promise<void> {
	await scene.client.notify<object>('session/update' as string, { sessionId: scene.sessionId, update: content });
}

/** A message or a thought, in pieces. */
export async function speak(scene: Scene, how: 'say' | 'think', text: string, pieces: number): Promise<void> {
	const size = Math.ceil(text.length / pieces);
	for (let start = 0; start < text.length; start += size) {
		await update(scene, {
			sessionUpdate: how === 'say' ? 'agent_message_chunk' : 'agent_thought_chunk',
			content: { type: 'text', text: text.slice(start, start + size) },
		});
	}
}

export function toolCall(step: Extract<Step, { do: 'tool' }>, scene: Scene): object {
	return {
		toolCallId: step.id,
		...(step.title === undefined ? {} : { title: step.title }),
		...(step.kind === undefined ? {} : { kind: step.kind }),
		...(step.status === undefined ? {} : { status: step.status }),
		...(step.paths === undefined ? {} : { locations: step.paths.map((file) => ({ path: absolute(scene, file) })) }),
		...(step.output === undefined && step.diff === undefined
			? {}
			: {
					content: [
						...(step.output === undefined
							? []
							: [{ type: 'content', content: { type: 'text', text: step.output } }]),
						...(step.diff === undefined
							? []
							: [{ type: 'diff', ...step.diff, path: absolute(scene, step.diff.path) }]),
					],
				}),
		...(step.meta === undefined ? {} : { _meta: step.meta }),
	};
}

/** Aborts once the file is there. */
function untilFile(file: string): AbortSignal {
	const controller = new AbortController();
	const timer = setInterval(() => {
		if (existsSync(file)) {
			clearInterval(timer);
			controller.abort();
		}
	}, 20);
	return controller.signal;
}

/** Asks for permission; true when it was given. */
export async function ask(step: Extract<Step, { do: 'ask' }>, scene: Scene): Promise<boolean> {
	const kinds = step.options ?? ['allow_once', 'allow_always', 'reject_once'];
	const { outcome } = await scene.client.request<{ outcome: { outcome: string; optionId?: string } }, object>(
		methods.client.session.requestPermission as string,
		{
			sessionId: scene.sessionId,
			toolCall: {
				toolCallId: `ask-${step.title}`,
				title: step.title,
				...(step.kind === undefined ? {} : { kind: step.kind }),
				...(step.paths === undefined
					? {}
					: { locations: step.paths.map((file) => ({ path: absolute(scene, file) })) }),
				...(step.rawInput === undefined ? {} : { rawInput: step.rawInput }),
			},
			options: kinds.map((kind) => ({ optionId: `option-${kind}`, name: kind, kind })),
		},
		step.takenBackWhen === undefined ? {} : { cancellationSignal: untilFile(absolute(scene, step.takenBackWhen)) },
	);
	if (step.isQuiet !== true) {
		await speak(scene, 'say', `answer: ${outcome.optionId ?? outcome.outcome}\n`, 1);
	}
	return outcome.optionId?.startsWith('option-allow') === true;
}

type Question = Extract<Step, { do: 'clientWrite' | 'clientRead' | 'terminal' | 'request' }>;

/** The client's answer as text; its error, too. */
export async function askClient(step: Question, scene: Scene): Promise<string> {
	const { client, sessionId } = scene;
	try {
		switch (step.do) {
			case 'clientWrite':
				await client.request(methods.client.fs.writeTextFile, {
					sessionId: step.session ?? sessionId,
					path: absolute(scene, step.path),
					content: step.content,
				});
				return 'written';
			case 'clientRead': {
				const range = { line: step.line ?? null, limit: step.limit ?? null };
				const file = absolute(scene, step.path);
				return (await client.request(methods.client.fs.readTextFile, { sessionId, path: file, ...range }))
					.content;
			}
			case 'terminal': {
				const terminal = await client.createTerminal({
					sessionId,
					command: step.command,
					args: [...(step.args ?? [])],
					...(step.cwd === undefined ? {} : { cwd: absolute(scene, step.cwd) }),
					...(step.outputByteLimit === undefined ? {} : { outputByteLimit: step.outputByteLimit }),
				});
				if (step.isForgotten === true) {
					return terminal.id;
				}
				if (step.killAfter !== undefined) {
					await delay(step.killAfter);
					await terminal.kill();
				}
				const exit = await terminal.waitForExit();
				const { output, truncated } = await terminal.currentOutput();
				await terminal.release();
				return `${truncated ? '… ' : ''}${output.trim()} (exit ${exit.exitCode ?? exit.signal})`;
			}
			default:
				return JSON.stringify(await client.request<unknown>(step.method, step.params));
		}
	} catch (error) {
		return error instanceof RequestError ? `error ${error.code}: ${error.message}` : String(error);
	}
}
