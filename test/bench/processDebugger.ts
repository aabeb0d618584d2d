// Owns looking into a running Node process from outside: its debugger is asked to listen, as a person's is, and told to collect garbage.

import { setTimeout as delay } from 'node:timers/promises';

/** Where Node's debugger listens unless told otherwise. */
const place = 'http://127.0.0.1:9229/json/list';
const attempts = 50;
const pauseMilliseconds = 100;

export interface ProcessDebugger {
	/** What is live on the heap, after a garbage collection. */
	liveMegabytes(): Promise<number>;
	close(): void;
}

/** Rejects when another program's debugger listens in its place. */
export async function openDebugger(pid: number): Promise<ProcessDebugger> {
	process.kill(pid, 'SIGUSR1');
	const socket = new WebSocket(await findSocket());
	await new Promise<void>((resolve, reject) => {
		socket.addEventListener('open', () => resolve(), { once: true });
		socket.addEventListener('error', () => reject(new Error(`No talk with the debugger at ${place}.`)), {
			once: true,
		});
	});
	const waiting = new Map<number, (result: Record<string, unknown>) => void>();
	socket.addEventListener('message', ({ data }) => {
		const { id, result } = JSON.parse(String(data)) as { id?: number; result?: Record<string, unknown> };
		if (id !== undefined) {
			waiting.get(id)?.(result ?? {});
			waiting.delete(id);
		}
	});
	let asked = 0;
	const ask = (method: string, params: object = {}) =>
		new Promise<Record<string, unknown>>((resolve) => {
			asked += 1;
			waiting.set(asked, resolve);
			socket.send(JSON.stringify({ id: asked, method, params }));
		});
	const { result } = await ask('Runtime.evaluate', { expression: 'process.pid' });
	const listening = (result as { readonly value?: unknown } | undefined)?.value;
	if (listening !== pid) {
		socket.close();
		throw new Error(`At ${place} listens process ${String(listening)}, not ${pid}. End its debugger first.`);
	}
	return {
		async liveMegabytes() {
			await ask('HeapProfiler.collectGarbage');
			return Number((await ask('Runtime.getHeapUsage'))['usedSize']) / 1_048_576;
		},
		close: () => socket.close(),
	};
}

async function findSocket(): Promise<string> {
	for (let attempt = 0; attempt < attempts; attempt += 1) {
		try {
			const targets = (await (await fetch(place)).json()) as { readonly webSocketDebuggerUrl: string }[];
			const [target] = targets;
			if (target !== undefined) {
				return target.webSocketDebuggerUrl;
			}
		} catch {
			// It does not listen yet.
		}
		await delay(pauseMilliseconds);
	}
	throw new Error(`No debugger listens at ${place}.`);
}
