// Owns waiting for the model: the moment at which the views of this process are told of something.

import type { SwarmSnapshot } from '../../src/core/swarm/swarmSnapshot.ts';
import type { OpenWorkspace } from '../../src/workspace/workspaceOptions.ts';
import { monotonicNow } from './otherProcess.ts';

const patienceMilliseconds = 15_000;

/** Resolves to the time at which the model first announces a snapshot in which it holds. */
export function whenShown(
	{ model }: OpenWorkspace,
	what: string,
	holds: (snapshot: SwarmSnapshot) => boolean,
): Promise<number> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => {
			subscription.dispose();
			reject(new Error(`The model did not show ${what} within ${patienceMilliseconds} ms.`));
		}, patienceMilliseconds);
		const subscription = model.onDidChange((snapshot) => {
			if (holds(snapshot)) {
				clearTimeout(timer);
				subscription.dispose();
				resolve(monotonicNow());
			}
		});
	});
}
