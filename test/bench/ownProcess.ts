// Owns what a process can tell of itself: processor time, how late its event loop was, and what it holds in memory.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface OwnFigures {
	/** Milliseconds of processor time. */
	readonly processor: number;
	/** How late the event loop was, in milliseconds: at the 99th percentile, and at most. */
	readonly late: number;
	readonly latest: number;
	/** Megabytes after a garbage collection: live objects with what they hold outside the heap, and all that is resident. */
	readonly live: number;
	readonly resident: number;
}

export interface OwnProcess {
	begin(): void;
	end(): OwnFigures;
}

/** Milliseconds between two looks at the event loop; the histogram counts them as a part of each delay. */
const lookMilliseconds = 10;

/** Watches the process it is called in. */
export function watchOwnProcess(): OwnProcess {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	const delay = monitorEventLoopDelay({ resolution: lookMilliseconds });
	let used = process.cpuUsage();
	return {
		begin() {
			delay.reset();
			delay.enable();
			used = process.cpuUsage();
		},
		end() {
			const { user, system } = process.cpuUsage(used);
			delay.disable();
			const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - lookMilliseconds);
			collect();
			const { heapUsed, external, rss } = process.memoryUsage();
			return {
				processor: (user + system) / 1000,
				late: late(delay.percentile(99)),
				latest: late(delay.max),
				live: (heapUsed + external) / 1_048_576,
				resident: rss / 1_048_576,
			};
		},
	};
}
