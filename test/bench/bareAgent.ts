// Owns starting an agent of the Agent Client Protocol with nothing of ours around it: a process, lines of JSON, the three requests
// without which there is no prompt.

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface BareAgent {
	readonly child: ChildProcess;
	/** Resolves when the first prompt was handed to the agent. */
	readonly prompted: Promise<void>;
}

interface Answer {
	readonly id?: number;
	readonly result?: { readonly sessionId?: string };
}

/** Starts it, opens a session in the folder and prompts it once; every line it says is parsed and handed on. */
export function startBareAgent(
	[program = '', ...words]: readonly string[],
	folder: string,
	environment: Readonly<Record<string, string>>,
	onMessage: (message: unknown) => void = () => undefined,
): BareAgent {
	const child = spawn(program, words, {
		cwd: folder,
		env: { ...process.env, ...environment },
		stdio: ['pipe', 'pipe', 'ignore'],
	});
	// An agent that is ended while it is written to is no news.
	child.stdin.on('error', () => undefined);
	let id = 0;
	const send = (method: string, params: unknown) => {
		child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
		id += 1;
	};
	const prompted = new Promise<void>((resolve) => {
		createInterface({ input: child.stdout }).on('line', (line) => {
			const message = JSON.parse(line) as Answer;
			if (message.id === 0) {
				send('session/new', { cwd: folder, mcpServers: [] });
			} else if (message.id === 1) {
				const prompt = [{ type: 'text', text: 'Do nothing.' }];
				send('session/prompt', { sessionId: message.result?.sessionId, prompt });
				resolve();
			}
			onMessage(message);
		});
	});
	send('initialize', { protocolVersion: 1, clientCapabilities: {} });
	return { child, prompted };
}
