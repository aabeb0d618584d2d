// Owns a list of which only what can be seen, and a little around it, is in the page. Rows have the height they need: one is measured
// when it is first shown, and what the person looks at stays where it is while others grow, come and go.

import type { Row } from '../shared/dom.ts';
import { createList, element } from '../shared/dom.ts';

export interface ListItem {
	readonly key: string;
	readonly offset: number;
}

export interface ListAnchor {
	readonly key: string;
	readonly offset: number;
	/** How far the row is scrolled out at the top, in pixels. */
	readonly pixels: number;
}

export interface VirtualList<Item extends ListItem> {
	readonly element: HTMLElement;
	/** Shows these items; stays where it is, or at the end. */
	show(items: readonly Item[], isFollowing: boolean): void;
	/** Draws what came into sight. */
	scrolled(): void;
	/** Brings a row to the top. */
	goTo(anchor: ListAnchor): void;
	/** The row at the top. */
	anchor(): ListAnchor | undefined;
}

const estimate = 44;
/** Pixels above and below that are drawn before they are seen. */
const margin = 600;

export function createVirtualList<Item extends ListItem>(
	scroller: HTMLElement,
	createRow: (item: Item) => Row<Item>,
): VirtualList<Item> {
	const above = element('div', { attributes: { 'aria-hidden': 'true' } });
	const rows = element('div', { className: 'rows' });
	const below = element('div', { attributes: { 'aria-hidden': 'true' } });
	const heights = new Map<string, number>();
	const drawn = new Map<string, HTMLElement>();
	let items: readonly Item[] = [];
	let isFollowing = false;

	const renderRows = createList<Item>(
		rows,
		({ key }) => key,
		(item) => {
			const row = createRow(item);
			drawn.set(item.key, row.element);
			return row;
		},
	);
	const heightOf = (item: Item | undefined): number => (item === undefined ? 0 : (heights.get(item.key) ?? estimate));
	const topOf = (index: number): number => {
		let top = above.offsetTop;
		for (let each = 0; each < index; each += 1) {
			top += heightOf(items[each]);
		}
		return top;
	};
	/** First and last index that are drawn. */
	const range = (): readonly [number, number] => {
		const [from, to] = [scroller.scrollTop - margin, scroller.scrollTop + scroller.clientHeight + margin];
		let top = above.offsetTop;
		let first = items.length;
		let last = 0;
		for (const [index, item] of items.entries()) {
			const bottom = top + heightOf(item);
			if (bottom >= from && top <= to) {
				first = Math.min(first, index);
				last = index + 1;
			}
			if (top > to) {
				break;
			}
			top = bottom;
		}
		return first >= last ? [Math.max(0, items.length - 20), items.length] : [first, last];
	};
	const draw = (): boolean => {
		const [first, last] = range();
		const focused = rows.contains(document.activeElement) ? document.activeElement : null;
		renderRows(items.slice(first, last));
		if (focused !== null && !focused.isConnected) {
			// What had the focus was scrolled away: the keys go on scrolling.
			scroller.focus({ preventScroll: true });
		}
		let isOther = false;
		for (const [key, row] of drawn) {
			if (!row.isConnected) {
				drawn.delete(key);
				continue;
			}
			const height = row.getBoundingClientRect().height;
			if (Math.abs((heights.get(key) ?? 0) - height) > 0.5) {
				heights.set(key, height);
				isOther = true;
			}
		}
		const sum = (list: readonly Item[]) => `${list.reduce((total, item) => total + heightOf(item), 0)}px`;
		above.style.height = sum(items.slice(0, first));
		below.style.height = sum(items.slice(last));
		return isOther;
	};
	const anchor = (): ListAnchor | undefined => {
		let top = above.offsetTop;
		for (const item of items) {
			const bottom = top + heightOf(item);
			if (bottom > scroller.scrollTop) {
				return { key: item.key, offset: item.offset, pixels: scroller.scrollTop - top };
			}
			top = bottom;
		}
		return undefined;
	};
	/** The row a place is in now: its own, or the one that holds its line since an older page was laid before it. */
	const indexOf = ({ key, offset }: ListAnchor): number => {
		const own = items.findIndex((item) => item.key === key);
		return own >= 0 ? own : items.findLastIndex((item) => item.offset >= 0 && item.offset <= offset);
	};
	/** Draws until heights are known; each time what is looked at is put back to its place. */
	const settle = (kept: ListAnchor | undefined) => {
		for (let round = 0; round < 5; round += 1) {
			const index = kept === undefined ? -1 : indexOf(kept);
			if (isFollowing) {
				scroller.scrollTop = scroller.scrollHeight;
			} else if (kept !== undefined && index >= 0) {
				const wanted = Math.max(0, topOf(index) + kept.pixels);
				if (Math.abs(scroller.scrollTop - wanted) > 0.5) {
					scroller.scrollTop = wanted;
				}
			}
			if (!draw()) {
				break;
			}
		}
		if (isFollowing) {
			scroller.scrollTop = scroller.scrollHeight;
		}
	};
	new ResizeObserver(() => {
		// Where a person is follows from the heights the rows had, so it is asked for before these are forgotten.
		const kept = anchor();
		heights.clear();
		settle(kept);
	}).observe(scroller);
	// A card that is folded or opened changes the height of its row.
	new ResizeObserver(() => draw()).observe(rows);
	return {
		element: element('div', { className: 'virtual' }, [above, rows, below]),
		anchor,
		show(next, follows) {
			const kept = anchor();
			items = next;
			isFollowing = follows;
			settle(kept);
		},
		scrolled() {
			if (isFollowing) {
				draw();
			} else {
				settle(anchor());
			}
		},
		goTo(wanted) {
			isFollowing = false;
			settle(wanted);
		},
	};
}
