// Owns a long list of which only what is near to sight is in the page. Where rows are, and what that is, the library knows; here it
// is drawn, and a row that has the focus keeps it as long as it is drawn.

import type { VirtualizerOptions } from '@tanstack/virtual-core';
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import type { Row } from './dom.ts';
import { createList, element } from './dom.ts';

export interface VirtualRowsParts<Item> {
	/** What scrolls; it gets the list as its child. */
	readonly scroller: HTMLElement;
	/** Pixels a row has before it was measured. */
	readonly estimate: number;
	/** Pixels between rows. */
	readonly gap?: number;
	/** Whether rows have the height they need; else each has the estimate. */
	readonly isMeasured?: boolean;
	/** What the list is to a screen reader. */
	readonly attributes?: Readonly<Record<string, string>>;
	readonly keyOf: (item: Item) => string;
	readonly createRow: (item: Item) => Row<Item>;
}

export interface VirtualRows<Item> {
	readonly element: HTMLElement;
	show(items: readonly Item[]): void;
	/** Brings a row into sight. */
	scrollTo(index: number, align?: 'auto' | 'start' | 'center' | 'end'): void;
	/** The drawn row of an item. */
	rowOf(key: string): HTMLElement | undefined;
}

const overscan = 8;

export function createVirtualRows<Item>(parts: VirtualRowsParts<Item>): VirtualRows<Item> {
	const { scroller, estimate, gap = 0, isMeasured = false, attributes, keyOf, createRow } = parts;
	const list = element('div', { className: 'virtualRows', ...(attributes === undefined ? {} : { attributes }) });
	const drawn = new Map<string, HTMLElement>();
	let items: readonly Item[] = [];

	const renderRows = createList<{ readonly item: Item; readonly index: number; readonly start: number }>(
		list,
		({ item }) => keyOf(item),
		({ item }) => {
			const row = createRow(item);
			drawn.set(keyOf(item), row.element);
			return {
				element: row.element,
				update({ item: next, index, start }) {
					row.element.dataset['index'] = String(index);
					row.element.setAttribute('aria-posinset', String(index + 1));
					row.element.setAttribute('aria-setsize', String(items.length));
					row.element.style.transform = `translateY(${start}px)`;
					row.update(next);
				},
			};
		},
	);
	const draw = () => {
		const rows = virtualizer.getVirtualItems();
		list.style.height = `${virtualizer.getTotalSize()}px`;
		const focused = list.contains(document.activeElement);
		renderRows(
			rows.flatMap(({ index, start }) => {
				const item = items[index];
				return item === undefined ? [] : [{ item, index, start }];
			}),
		);
		if (focused && !list.contains(document.activeElement)) {
			// What had the focus was scrolled away: the keys go on scrolling.
			scroller.focus({ preventScroll: true });
		}
		for (const [key, row] of drawn) {
			if (!row.isConnected) {
				drawn.delete(key);
			} else if (isMeasured) {
				virtualizer.measureElement(row);
			}
		}
	};
	const options = (): VirtualizerOptions<HTMLElement, HTMLElement> => ({
		count: items.length,
		getScrollElement: () => scroller,
		estimateSize: () => estimate,
		// What is measured is remembered under its key; where nothing is, a new function would make the library begin anew.
		...(isMeasured
			? {
					getItemKey: (index: number) => {
						const item = items[index];
						return item === undefined ? index : keyOf(item);
					},
				}
			: {}),
		gap,
		overscan,
		scrollToFn: elementScroll,
		observeElementRect,
		observeElementOffset,
		onChange: draw,
	});
	scroller.append(list);
	const virtualizer = new Virtualizer<HTMLElement, HTMLElement>(options());
	virtualizer._didMount();
	return {
		element: list,
		show(next) {
			items = next;
			virtualizer.setOptions(options());
			virtualizer._willUpdate();
			draw();
		},
		scrollTo(index, align = 'auto') {
			virtualizer.scrollToIndex(index, { align });
		},
		rowOf: (key) => drawn.get(key),
	};
}
