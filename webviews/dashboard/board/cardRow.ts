// Owns a card of the board: a few words about a task, all of them text. What can be done with it is done from the board.

import * as l10n from '@vscode/l10n';
import type { TaskCard } from '../../../src/protocol/taskCard.ts';
import { byCount, formatDuration } from '../../../src/base/words.ts';
import { wordOf } from '../../shared/coreWords.ts';
import type { Row } from '../../shared/dom.ts';
import { element, setAttribute, setText } from '../../shared/dom.ts';

export interface CardFacts {
	readonly card: TaskCard;
	readonly isSelected: boolean;
	readonly isActive: boolean;
	/** Dependencies that are not completed. */
	readonly waitsFor: number;
}

const ids = new Map<string, string>();

/** The id of a card's element: a task's own may hold anything. */
export function elementIdOf(lane: string, taskId: string): string {
	const key = `${lane}\n${taskId}`;
	const known = ids.get(key) ?? `card-${ids.size}`;
	ids.set(key, known);
	return known;
}

export function createCardRow(lane: string, first: TaskCard): Row<CardFacts> {
	const name = element('span', { className: 'cardName' });
	const facts = element('span', { className: 'cardFacts' });
	const priority = element('span', { className: 'badge' });
	const card = element(
		'div',
		{ className: 'card', attributes: { role: 'option', id: elementIdOf(lane, first.id), 'data-task': first.id } },
		[name, element('span', { className: 'cardFoot' }, [priority, facts])],
	);
	return {
		element: card,
		update({ card: next, isSelected, isActive, waitsFor }) {
			setText(name, next.name);
			setAttribute(card, 'title', next.name);
			setText(priority, wordOf(next.priority));
			priority.classList.toggle('hidden', next.priority === 'MEDIUM');
			setAttribute(card, 'data-priority', next.priority);
			setText(
				facts,
				[
					next.pin === null ? '' : l10n.t('pinned'),
					next.name === next.id ? '' : next.id,
					next.agent ?? '',
					next.type === 'task' ? '' : next.type,
					waitsFor === 0
						? ''
						: byCount(
								waitsFor,
								l10n.t('waits for {0} task', waitsFor),
								l10n.t('waits for {0} tasks', waitsFor),
							),
					next.reason,
					...next.tags.map((tag) => `#${tag}`),
					next.changedAt === null ? '' : formatDuration(Date.now() - next.changedAt),
				]
					.filter(Boolean)
					.join(' · '),
			);
			setAttribute(card, 'aria-selected', String(isSelected));
			card.classList.toggle('isActive', isActive);
		},
	};
}
