// Owns a column of a lane: the tasks of one status, of which only what is near to sight is drawn. The focus is the column's; which
// card it means is said to screen readers by its id.

import * as l10n from '@vscode/l10n';
import type { TaskCard } from '../../../src/protocol/taskCard.ts';
import { element, setAttribute, setText } from '../../shared/dom.ts';
import { formatNumber } from '../../shared/numbers.ts';
import { taskCount } from '../../shared/taskCount.ts';
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
	/** @param factsOf asked for what is drawn only. @param activeId the card of this lane the keys act on. */
	show(cards: readonly TaskCard[], factsOf: (card: TaskCard) => CardFacts, activeId: string | undefined): void;
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
	let factsOf: ((card: TaskCard) => CardFacts) | undefined;
	const rows = createVirtualRows<TaskCard>({
		scroller: list,
		estimate: cardPixels,
		gap: gapPixels,
		attributes: { role: 'presentation' },
		keyOf: ({ id }) => id,
		createRow: (first) => {
			const row = createCardRow(lane, first);
			return {
				element: row.element,
				update: (card) => factsOf !== undefined && row.update(factsOf(card)),
			};
		},
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
		show(cards, facts, activeId) {
			factsOf = facts;
			rows.show(cards);
			setText(count, formatNumber(cards.length));
			column.classList.toggle('isEmpty', cards.length === 0);
			const title = laneTitle === '' ? label : l10n.t('{0}, {1}', laneTitle, label);
			setAttribute(list, 'aria-label', l10n.t('{0}: {1}', title, taskCount(cards.length)));
			setAttribute(
				list,
				'aria-activedescendant',
				activeId === undefined || rows.rowOf(activeId)?.isConnected !== true
					? undefined
					: elementIdOf(lane, activeId),
			);
		},
		reveal: (index) => rows.scrollTo(index),
		mark(state) {
			setAttribute(column, 'data-drop', state);
		},
	};
}
