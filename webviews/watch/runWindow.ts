// Owns the part of a run that is loaded: pages that follow each other, and the events of the ledger beside them. It stays small
// however long the run is: what is far from where the person looks is let go, and read again when it is wanted.

import type { FoldedRun } from '../../src/protocol/foldEntries.ts';
import { foldEntries, joinEntries } from '../../src/protocol/foldEntries.ts';
import type { PageAsk } from '../../src/protocol/watchApi.ts';
import type { WatchEntry } from '../../src/protocol/watchEntry.ts';

export interface LoadedPage {
	readonly ask: PageAsk;
	readonly from: number;
	readonly to: number;
	readonly entries: readonly WatchEntry[];
}

/** Entries beyond this many are let go, at the end that is farther away. */
export const mostLoaded = 3000;

export class RunWindow {
	private pages: LoadedPage[] = [];
	private events: readonly WatchEntry[] = [];
	private folded: FoldedRun | undefined;

	/** Whether a first page came; the log itself may be empty. */
	get isLoaded(): boolean {
		return this.pages.length > 0;
	}

	get from(): number {
		return this.pages[0]?.from ?? 0;
	}

	get to(): number {
		return this.pages.at(-1)?.to ?? 0;
	}

	get count(): number {
		return this.pages.reduce((sum, { entries }) => sum + entries.length, 0);
	}

	setEvents(events: readonly WatchEntry[], isWhole: boolean): void {
		this.events = isWhole ? events : [...this.events, ...events];
		this.folded = undefined;
	}

	/** Everything loaded is let go: what is asked for next begins anew. */
	clear(): void {
		this.pages = [];
		this.folded = undefined;
	}

	/** Takes a page that fits to what is loaded; one that does not is too late, and left. */
	add(page: LoadedPage): void {
		if ('newest' in page.ask || this.pages.length === 0) {
			this.pages = [page];
		} else if ('before' in page.ask && page.to === this.from) {
			this.pages.unshift(page);
			while (this.count > mostLoaded && this.pages.length > 2) {
				this.pages.pop();
			}
		} else if ('after' in page.ask && page.from === this.to) {
			this.pages.push(page);
			while (this.count > mostLoaded && this.pages.length > 2) {
				this.pages.shift();
			}
			this.joinSmall();
		}
		this.folded = undefined;
	}

	/** Items of what is loaded. Events older or newer than it wait until it is loaded too; `size` is that of the log. */
	fold(size: number): FoldedRun {
		this.folded ??= this.foldWith(size);
		return this.folded;
	}

	private foldWith(size: number): FoldedRun {
		const lines = this.pages.flatMap(({ entries }) => entries);
		const begin = this.from === 0 ? 0 : (lines[0]?.at ?? 0);
		const end = this.to >= size || lines.length === 0 ? Infinity : (lines.at(-1)?.at ?? 0);
		return foldEntries(
			joinEntries(
				lines,
				this.events.filter(({ at }) => at >= begin && at < end),
			),
		);
	}

	/** A run that is followed comes in drops: they become one page, or there would be thousands. */
	private joinSmall(): void {
		const [before, last] = this.pages.slice(-2);
		if (before !== undefined && last !== undefined && before.entries.length + last.entries.length <= 300) {
			this.pages.splice(-2, 2, { ...before, to: last.to, entries: [...before.entries, ...last.entries] });
		}
	}
}
