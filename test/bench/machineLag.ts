// Owns the control of every time that is measured: how late an idle process was at the same time on the same machine.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { percentile } from './statistics.ts';

export interface MachineLag {
	/** Ends the control and tells in a line what it saw. */
	describe(): Promise<string>;
}

export function watchMachine(): MachineLag {
	const child = fork(join(import.meta.dirname, 'idleClock.program.ts'), { execArgv: [] });
	return {
		async describe() {
			const told = once(child, 'message');
			child.send('stop');
			const [delays] = (await told) as [number[]];
			if (delays.length === 0) {
				return 'too short to tell how busy the machine was';
			}
			const [most, longest] = [percentile(delays, 0.99).toFixed(0), percentile(delays, 1).toFixed(0)];
			return `the machine kept an idle process waiting: p99 ${most} ms, longest ${longest} ms`;
		},
	};
}
