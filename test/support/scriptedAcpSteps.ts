// Owns how a scripted agent does one step: on disk, through its client, or to itself.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RequestError } from '@agentclientprotocol/sdk';
import type { Step } from './scriptedAcpScript.ts';
import { promptSteps, streamMark } from './scriptedAcpScript.ts';
import type { Scene } from './scriptedAcpTalk.ts';
import { absolute, ask, askClient, speak, toolCall, update } from './scriptedAcpTalk.ts';

/** Does the steps one after the other until the turn is cancelled. */
export async function play(steps: readonly Step[], scene: Scene): Promise<void> {
	for (const step of steps) {
		if (scene.signal.aborted) {
			return;
		}
		await playStep(step, scene);
	}
}

/** A step that needs no session: what an agent does before it reads its first message. */
export async function playAlone(step: Step): Promise<void> {
	switch (step.do) {
		case 'raw':
			for (let count = 0; count < (step.times ?? 1); count += 1) {
				await print(step.text);
			}
			break;
		case 'stderr':
			process.stderr.write(step.text);
			break;
		case 'exit':
			process.stderr.write(step.words ?? '');
			process.exit(step.code);
			break;
		case 'wait':
			await delay(step.milliseconds);
			break;
		case 'hang':
			await new Promise(() => undefined);
			break;
		case 'child':
			startChild(step.isDetached ?? false);
			break;
		case 'hugeLine':
			await print(`{"jsonrpc":"2.0","method":"session/update","params":"`);
			for (let count = 0; count < step.megabytes; count += 1) {
				await print('x'.repeat(1024 * 1024));
			}
			await print('"}\n');
			break;
		default:
			throw new Error(`A scripted agent cannot ${step.do} without a session.`);
	}
}

async function playStep(step: Step, scene: Scene): Promise<void> {
	switch (step.do) {
		case 'say':
		case 'think':
			await speak(scene, step.do, step.text, step.pieces ?? 1);
			break;
		case 'plan':
			await update(scene, {
				sessionUpdate: 'plan',
				entries: step.entries.map((entry) => ({ ...entry, priority: 'medium' })),
			});
			break;
		case 'title':
			await update(scene, { sessionUpdate: 'session_info_update', title: step.text });
			break;
		case 'usage': {
			const cost = step.cost === undefined ? {} : { cost: { amount: step.cost, currency: 'USD' } };
			await update(scene, { sessionUpdate: 'usage_update', used: step.used, size: step.size, ...cost });
			break;
		}
		case 'tool':
			await update(scene, {
				sessionUpdate: step.isUpdate === true ? 'tool_call_update' : 'tool_call',
				...toolCall(step, scene),
			});
			break;
		case 'ask':
			await play(((await ask(step, scene)) ? step.allowed : step.denied) ?? [], scene);
			break;
		case 'together':
			await Promise.all(step.steps.map((each) => playStep(each, scene)));
			break;
		case 'write':
			await announced(scene, 'Write', 'edit', step.path, async (file) => {
				await mkdir(path.dirname(file), { recursive: true });
				await writeFile(file, step.content);
			});
			break;
		case 'remove':
			await announced(scene, 'Remove', 'delete', step.path, (file) => rm(file, { recursive: true, force: true }));
			break;
		case 'clientWrite':
		case 'clientRead':
		case 'terminal':
		case 'request':
			await speak(scene, 'say', `${step.do}: ${await askClient(step, scene)}\n`, 1);
			break;
		case 'notify':
			await scene.client.notify(step.method, step.params);
			break;
		case 'environment':
			await speak(scene, 'say', step.names.map((name) => `${name}=${process.env[name] ?? ''}`).join('\n'), 1);
			break;
		case 'tools': {
			// Loaded late: an agent that uses none starts as fast as before.
			const { useTools } = await import('./scriptedAcpTools.ts');
			const say = (text: string) => speak(scene, 'say', `${text}\n`, 1);
			const { hiddenAs } = step;
			const calls = step.calls.filter(
				({ tool }) => hiddenAs === undefined || scene.prompt.includes(`${hiddenAs}${tool}:`),
			);
			await (calls.length < step.calls.length
				? say('I know of no such tools.')
				: useTools(calls, scene.servers, say));
			break;
		}
		case 'sayServers':
			await speak(scene, 'say', `${JSON.stringify(scene.servers)}\n`, 1);
			process.stderr.write(`${JSON.stringify(scene.servers)}\n`);
			break;
		case 'failWithServers':
			throw new RequestError(-32603, JSON.stringify(scene.servers));
		case 'wait':
			await delay(step.milliseconds, undefined, { signal: scene.signal }).catch(() => undefined);
			break;
		case 'waitForFile':
			while (!existsSync(absolute(scene, step.path)) && !scene.signal.aborted) {
				await delay(50);
			}
			break;
		case 'hang':
			await new Promise<void>((resolve) =>
				scene.signal.addEventListener('abort', () => resolve(), { once: true }),
			);
			break;
		case 'perhaps':
			await play(Math.random() * 100 < step.percent ? step.steps : (step.otherwise ?? []), scene);
			break;
		case 'flood':
			for (let count = 0; count < step.megabytes * 64 && !scene.signal.aborted; count += 1) {
				await speak(scene, 'say', `${'flood '.repeat(2_730)}\n`, 1);
			}
			break;
		case 'stream':
			await stream(step, scene);
			break;
		case 'childHere':
			startChild(true, scene.folder);
			break;
		case 'fail':
			throw new RequestError(step.code, step.message, step.data);
		case 'sayPrompt':
			await speak(scene, 'say', `${scene.prompt}\n`, 1);
			break;
		case 'followPrompt':
			await play(promptSteps(scene.prompt), scene);
			break;
		default:
			await playAlone(step);
	}
}

/** Late ones are made up for at once: the whole takes as long as it should on a machine that has the time. */
async function stream(step: Extract<Step, { do: 'stream' }>, scene: Scene): Promise<void> {
	const begin = performance.now();
	for (let index = 0; index < step.updates && !scene.signal.aborted; index += 1) {
		const early = begin + (index * 1000) / step.perSecond - performance.now();
		if (early > 1) {
			await delay(early);
		}
		await speak(scene, 'say', `${streamMark(step.name, index)} a few words of an answer that grows\n`, 1);
	}
}

/** A change of the disk with the tool call a real agent announces for it. */
async function announced(
	scene: Scene,
	verb: string,
	kind: string,
	file: string,
	work: (file: string) => Promise<void>,
): Promise<void> {
	const call = {
		toolCallId: `${verb}-${file}`,
		title: `${verb} ${file}`,
		kind,
		locations: [{ path: absolute(scene, file) }],
	};
	await update(scene, { sessionUpdate: 'tool_call', ...call, status: 'in_progress' });
	await work(absolute(scene, file));
	await update(scene, { sessionUpdate: 'tool_call_update', toolCallId: call.toolCallId, status: 'completed' });
}

function startChild(isDetached: boolean, cwd?: string): void {
	const options = { detached: isDetached, cwd, stdio: 'ignore' } as const;
	spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600_000)'], options).unref();
}

async function print(text: string): Promise<void> {
	if (!process.stdout.write(text)) {
		await new Promise<void>((resolve) => process.stdout.once('drain', () => resolve()));
	}
}
