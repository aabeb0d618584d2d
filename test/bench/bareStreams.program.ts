// A program of its own for `agentStreams.ts`: the least that can follow many agents. It starts them, parses each line they say and
// adds it to a file; `begin` starts a measurement of itself, `end` tells it.
//   forked; the order is its first message, `ready` is said when all have their prompt

import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { startBareAgent } from './bareAgent.ts';
import { watchOwnProcess } from './ownProcess.ts';

export interface BareOrder {
	readonly command: readonly string[];
	readonly environment: Readonly<Record<string, string>>;
	readonly folder: string;
	readonly count: number;
}

const own = watchOwnProcess();

async function follow({ command, environment, folder, count }: BareOrder): Promise<void> {
	const agents = Array.from({ length: count }, (_, index) => {
		const log = createWriteStream(join(folder, `${index}.jsonl`));
		return startBareAgent(command, folder, environment, (message) => log.write(`${JSON.stringify(message)}\n`));
	});
	await Promise.all(agents.map(({ prompted }) => prompted));
	process.send?.('ready');
}

process.on('message', (message: BareOrder | 'begin' | 'end') => {
	if (message === 'begin') {
		own.begin();
	} else if (message === 'end') {
		process.send?.(own.end());
	} else {
		void follow(message);
	}
});
