// Owns how long news waits while a message of its kind is on the screen, and that none of it is forgotten. Pure, so that it is
// tested without an editor.

import type { LedgerEvent } from '../core/events.ts';
import type { NewsKind } from './newsKind.ts';

/** The editor takes a message down by itself after at most so long, without saying so; from then on another can be seen. */
export const seenMilliseconds = 20_000;

export class HeldNews {
	private readonly shownAt = new Map<NewsKind, number>();
	private readonly held = new Map<NewsKind, readonly LedgerEvent[]>();

	/** Whether there is anything to be told later. */
	get isHolding(): boolean {
		return this.held.size > 0;
	}

	/** What of a kind is to be told now, with what was held before; whoever gets any is taken to show it. `now` in milliseconds. */
	take(kind: NewsKind, fresh: readonly LedgerEvent[], now: number): readonly LedgerEvent[] {
		const all = [...(this.held.get(kind) ?? []), ...fresh];
		const shown = this.shownAt.get(kind);
		if (all.length > 0 && shown !== undefined && now - shown < seenMilliseconds) {
			this.held.set(kind, all);
			return [];
		}
		this.held.delete(kind);
		if (all.length > 0) {
			this.shownAt.set(kind, now);
		}
		return all;
	}

	/** The person has closed the message, or chosen something on it. */
	close(kind: NewsKind): void {
		this.shownAt.delete(kind);
	}
}
