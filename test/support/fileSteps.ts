// Owns the moments between the steps of a replacement that waits for nothing in between: each synchronous call on a file can be
// preceded by what somebody else does there. Works on what `node:fs` does for everybody in this process.

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const steps = ['statSync', 'renameSync', 'linkSync', 'rmSync'] as const;
type Step = (typeof steps)[number];
type Call = (...parameters: unknown[]) => unknown;

/**
 * Calls `onStep` before each step, with its number from 1 and its paths, until the answer is called. What `onStep` itself does to
 * files is no step; what it throws the step throws.
 */
export function watchSteps(onStep: (count: number, step: Step, paths: readonly string[]) => void): () => void {
	const originals = new Map(steps.map((name) => [name, fs[name] as Call]));
	let count = 0;
	let isOurs = false;
	for (const [name, original] of originals) {
		Reflect.set(fs, name, (...parameters: unknown[]) => {
			if (!isOurs) {
				isOurs = true;
				try {
					count += 1;
					onStep(
						count,
						name,
						parameters.filter((each) => typeof each === 'string'),
					);
				} finally {
					isOurs = false;
				}
			}
			return original(...parameters);
		});
	}
	syncBuiltinESMExports();
	return () => {
		for (const [name, original] of originals) {
			Reflect.set(fs, name, original);
		}
		syncBuiltinESMExports();
	};
}
