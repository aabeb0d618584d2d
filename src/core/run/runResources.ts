// Owns what a run's processes take of the machine, as it was last measured, and how that is said.

import { countOf, formatBytes } from '../../base/words.ts';

export interface RunResources {
	readonly at: string;
	/** Of the process tree: resident memory, of which what several processes share counts in each. */
	readonly memory_bytes: number;
	readonly peak_memory_bytes: number;
	/** Of one processor, since the measurement before. */
	readonly cpu_percent: number;
	readonly peak_cpu_percent: number;
	readonly processes: number;
	/** Other runs that work in the same process: what is measured is of all of them. */
	readonly shared_with: number;
}

/** One line: `312 MB, 14 % of a processor; at most 480 MB, 97 %; 3 processes, shared with 1 other run`. */
export function describeResources(resources: RunResources): string {
	const { processes, shared_with: others } = resources;
	const percent = (value: number) => `${Math.round(value)} %`;
	const shared = others === 0 ? '' : `, shared with ${countOf(others, 'other run')}`;
	return [
		`${formatBytes(resources.memory_bytes)}, ${percent(resources.cpu_percent)} of a processor`,
		`at most ${formatBytes(resources.peak_memory_bytes)}, ${percent(resources.peak_cpu_percent)}`,
		`${countOf(processes, 'process', 'processes')}${shared}`,
	].join('; ');
}
