// Owns where the reading of events stands: what a window has not told its person yet. Pure, so that it is tested without an editor.

import type { LedgerEvent } from '../core/events.ts';
import type { SwarmSnapshot } from '../core/swarm/swarmSnapshot.ts';

export class NewsReader {
	private last: number | undefined;

	/**
	 * Called with each picture as it comes. What happened before the first one of our own boards is in the views; everything after
	 * it is news, however late it is read.
	 */
	see({ workspace, events }: SwarmSnapshot): void {
		this.last = workspace === 'ours' ? (this.last ?? events[0]?.sequence ?? 0) : undefined;
	}

	/** Events since the last call, oldest first. */
	take({ events }: SwarmSnapshot): LedgerEvent[] {
		const { last } = this;
		if (last === undefined) {
			return [];
		}
		this.last = events[0]?.sequence ?? last;
		return events.filter(({ sequence }) => sequence > last).toReversed();
	}
}
