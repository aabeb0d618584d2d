// Owns where the reading of events stands: what a window has not told its person yet. Pure, so that it is tested without an editor.

import type { LedgerEvent } from '../core/events.ts';
import type { SwarmSnapshot } from '../core/swarm/swarmSnapshot.ts';

export class NewsReader {
	private readonly since: number;
	private last: number | undefined;

	/** @param since wall milliseconds at which the person came. */
	constructor(since: number) {
		this.since = since;
	}

	/**
	 * Called with each picture as it comes. What happened before the first one of our own boards is in the views; everything after
	 * it is news, however late it is read. That the ledger was rebuilt is news in any case: it happens before the first picture.
	 */
	see({ workspace, events }: SwarmSnapshot): void {
		const newest = events[0]?.sequence ?? 0;
		if (workspace !== 'ours') {
			this.last = undefined;
		} else if (this.last === undefined || this.last > newest) {
			const rebuilt = events.find(({ type, at }) => type === 'workspace.rebuilt' && Date.parse(at) >= this.since);
			this.last = rebuilt === undefined ? newest : rebuilt.sequence - 1;
		}
	}

	/**
	 * Events since the last call, oldest first. A picture has only the newest ones: where it does not reach back to the last call,
	 * `readAfter` is asked for those after a sequence, oldest first.
	 */
	async take(
		{ events }: SwarmSnapshot,
		readAfter: (sequence: number) => Promise<readonly LedgerEvent[]>,
	): Promise<readonly LedgerEvent[]> {
		const { last } = this;
		const newest = events[0]?.sequence ?? 0;
		if (last === undefined || newest <= last) {
			return [];
		}
		this.last = newest;
		const oldest = events.at(-1)?.sequence ?? 0;
		const known = oldest <= last + 1 ? events.toReversed() : await readAfter(last);
		return known.filter(({ sequence }) => sequence > last && sequence <= newest);
	}
}
