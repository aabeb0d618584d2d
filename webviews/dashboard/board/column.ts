// Owns a column of a lane: the tasks of one status, of which only what is near to sight is drawn. The focus is the column's; which
// card it means is said to screen readers by its id.

import { countOf } from '../../../src/base/words.ts';
import { element, setAttribute, setText } from '../../shared/dom.ts';
import { createVirtualRows } from '../../shared/virtualRows.ts';
import type { Status } from './boardGroups.ts';
import type { CardFacts } from './cardRow.ts';
import { createCardRow, elementIdOf } from './cardRow.ts';

const cardPixels = 72;
const gapPixels = 6;

export interface Column {
	readonly status: Status;
	readonly element: HTMLElement;
	/** What takes the focus. */
	readonly list: HTMLElement;
	show(cards: readonly CardFacts[]): void;
	/** Brings a card into sight. */
	reveal(index: number): void;
	/** Marks the column while something is dragged: whether it may be dropped here. */
	mark(state: 'can' | 'cannot' | 'over' | undefined): void;
}

export function createColumn(lane: string, laneTitle: string, status: Status, label: string): Column {
	const count = element('span', { className: 'note' });
	const list = element('div', {
		className: 'scroller',
		attributes: { role: 'listbox', tabindex: '0', 'aria-multiselectable': 'true' },
	});
	const rows = createVirtualRows<CardFacts>({
		scroller: list,
		estimate: cardPixels,
		gap: gapPixels,
		attributes: { role: 'presentation' },
		keyOf: ({ card }) => card.id,
		createRow: (facts) => createCardRow(lane, facts),
	});
	const column = element('section', { className: 'boardColumn', attributes: { 'data-status': status } }, [
		element('h3', {}, [element('span', { text: label }), count]),
		element('div', { className: 'columnBody' }, [list]),
	]);
	column.dataset['lane'] = lane;
	return {
		status,
		element: column,
		list,
		show(cards) {
			rows.show(cards);
			setText(count, String(cards.length));
			column.classList.toggle('isEmpty', cards.length === 0);
			const title = laneTitle === '' ? label : `${laneTitle}, ${label}`;
			setAttribute(list, 'aria-label', `${title}: ${countOf(cards.length, 'task')}`);
			const active = cards.find(({ isActive }) => isActive);
			setAttribute(
				list,
				'aria-activedescendant',
				active === undefined || rows.rowOf(active.card.id)?.isConnected !== true
					? undefined
					: elementIdOf(lane, active.card.id),
			);
		},
		reveal: (index) => rows.scrollTo(index),
		mark(state) {
			setAttribute(column, 'data-drop', state);
		},
	};
}
