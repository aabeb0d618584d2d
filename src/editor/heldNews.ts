// Owns when news becomes messages: few on the screen at a time, what comes meanwhile is told together, and none of it is
// forgotten. Pure, so that it is tested without an editor.

import type { LedgerEvent } from '../core/events.ts';
import type { NewsKind } from './newsKind.ts';
import { newsKindOf, newsKinds } from './newsKind.ts';

/** The editor takes a message down by itself after at most so long, without saying so; from then on another can be seen. */
export const seenMilliseconds = 20_000;
/** Messages that stand on the screen at the same time. */
export const mostMessages = 2;

/** What one message tells: by kind, oldest first. */
export type NewsMessage = ReadonlyMap<NewsKind, readonly LedgerEvent[]>;

export class HeldNews {
	/** When each message came to the screen. */
	private readonly shown = new Map<NewsMessage, number>();
	private readonly held = new Map<NewsKind, LedgerEvent[]>();

	/** Whether there is anything to be told later. */
	get isHolding(): boolean {
		return this.held.size > 0;
	}

	/**
	 * Messages that are to be shown now, of what is fresh and what was held before; whoever gets any is taken to show them. A kind
	 * that stands on the screen waits, and more kinds than have room become one message. `now` in milliseconds.
	 */
	take(fresh: readonly LedgerEvent[], now: number, isWanted: (kind: NewsKind) => boolean): readonly NewsMessage[] {
		for (const event of fresh) {
			const kind = newsKindOf(event);
			if (kind !== undefined && isWanted(kind)) {
				this.held.set(kind, [...(this.held.get(kind) ?? []), event]);
			}
		}
		for (const [message, at] of this.shown) {
			if (now - at >= seenMilliseconds) {
				this.shown.delete(message);
			}
		}
		const standing = new Set([...this.shown.keys()].flatMap((message) => [...message.keys()]));
		const due = newsKinds.flatMap((kind): [NewsKind, readonly LedgerEvent[]][] => {
			const events = this.held.get(kind);
			return events === undefined || standing.has(kind) ? [] : [[kind, events]];
		});
		const room = mostMessages - this.shown.size;
		if (due.length === 0 || room <= 0) {
			return [];
		}
		const messages = due.length <= room ? due.map((one) => new Map([one])) : [new Map(due)];
		for (const message of messages) {
			this.shown.set(message, now);
		}
		for (const [kind] of due) {
			this.held.delete(kind);
		}
		return messages;
	}

	/** The person has closed the message, or chosen something on it. */
	close(message: NewsMessage): void {
		this.shown.delete(message);
	}
}
