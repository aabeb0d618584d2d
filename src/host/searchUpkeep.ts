// Owns keeping the search's index up to date while the swarm works, so that nobody who searches waits for it. It takes small
// steps now and then, and does nothing while nothing happens.

import { coalesce } from '../base/async.ts';
import { DisposableStore } from '../base/disposable.ts';
import { describeError, isDreamError } from '../base/errors.ts';
import type { Disposable } from '../base/event.ts';
import type { Logger } from '../base/log.ts';
import type { Ledger } from '../core/ledger.ts';

/** How long changes are gathered: a task that is claimed, started and completed is read once. */
const usualGatherMilliseconds = 5000;
/** Tasks with long histories take long to read again: then it is done less often, so that it never costs more than a twentieth. */
const restsPerWork = 19;

/** Follows a ledger until it is disposed. */
export function keepSearchReady(ledger: Ledger, log: Logger, gatherMilliseconds = usualGatherMilliseconds): Disposable {
	const store = new DisposableStore();
	const end = new AbortController();
	let tookMilliseconds = 0;
	const refresh = store.add(
		coalesce(
			() => Math.max(gatherMilliseconds, tookMilliseconds * restsPerWork),
			async () => {
				const began = performance.now();
				await ledger.refreshSearch(end.signal);
				tookMilliseconds = performance.now() - began;
			},
			(error) => {
				if (!end.signal.aborted && !isDreamError(error, 'ledger.closed')) {
					log.warn(`The index of the search is not up to date: ${describeError(error)}`);
				}
			},
		),
	);
	let seen = 0;
	store.add(
		ledger.onDidChange(({ sequence }) => {
			// Leases are renewed every second, and nobody searches for them.
			if (sequence !== seen) {
				seen = sequence;
				refresh.trigger();
			}
		}),
	);
	store.add({ dispose: () => end.abort() });
	return store;
}
