// Owns which cards stand where: lanes, in each a column for each status, in each the cards in their order. Pure.

import * as l10n from '@vscode/l10n';
import type { TaskCard } from '../../../src/protocol/taskCard.ts';
import type { StatusCount } from '../../../src/protocol/viewModels.ts';

export type Status = StatusCount['status'];

export const laneKinds = [
	{ id: 'none', label: l10n.t('No lanes') },
	{ id: 'agent', label: l10n.t('Lanes by agent') },
	{ id: 'epic', label: l10n.t('Lanes by epic') },
] as const;

export interface Lane {
	/** Empty where there are no lanes, or for what belongs to none. */
	readonly id: string;
	readonly title: string;
	readonly count: number;
	readonly columns: ReadonlyMap<Status, readonly TaskCard[]>;
}

export interface GroupParts {
	/** By id. */
	readonly cards: ReadonlyMap<string, TaskCard>;
	readonly statuses: readonly Status[];
	readonly lanes: string;
	/** Only these; all where it is undefined. */
	readonly shown: ReadonlySet<string> | undefined;
}

const finished: readonly Status[] = ['COMPLETED', 'FAILED', 'CANCELLED'];

/** What is over: the newest first. Everything else: pinned ones first, then by place. */
function compare(status: Status): (left: TaskCard, right: TaskCard) => number {
	return finished.includes(status)
		? (left, right) => (right.changedAt ?? 0) - (left.changedAt ?? 0)
		: (left, right) =>
				(left.pin ?? Number.MAX_VALUE) - (right.pin ?? Number.MAX_VALUE) || left.position - right.position;
}

function epicsOf(cards: Iterable<TaskCard>): Set<string> {
	const epics = new Set<string>();
	for (const { parent } of cards) {
		if (parent !== null) {
			epics.add(parent);
		}
	}
	return epics;
}

export function groupCards({ cards, statuses, lanes, shown }: GroupParts): Lane[] {
	const epics = lanes === 'epic' ? epicsOf(cards.values()) : new Set<string>();
	// An epic stands in its own lane, with its parts.
	const laneOf = (card: TaskCard): string =>
		lanes === 'agent'
			? (card.agent ?? '')
			: lanes === 'epic'
				? (card.parent ?? (epics.has(card.id) ? card.id : ''))
				: '';
	const found = new Map<string, Map<Status, TaskCard[]>>();
	for (const card of cards.values()) {
		if (shown !== undefined && !shown.has(card.id)) {
			continue;
		}
		const id = laneOf(card);
		const lane = found.get(id) ?? new Map<Status, TaskCard[]>(statuses.map((status) => [status, []]));
		found.set(id, lane);
		lane.get(card.status)?.push(card);
	}
	if (found.size === 0) {
		found.set('', new Map(statuses.map((status) => [status, []])));
	}
	const titleOf = (id: string) =>
		id === ''
			? lanes === 'agent'
				? l10n.t('Nobody')
				: lanes === 'epic'
					? l10n.t('No epic')
					: ''
			: (cards.get(id)?.name ?? id);
	return [...found]
		.map(([id, columns]) => {
			let count = 0;
			for (const [status, column] of columns) {
				column.sort(compare(status));
				count += column.length;
			}
			return { id, title: lanes === 'agent' && id !== '' ? id : titleOf(id), count, columns };
		})
		.sort(
			(left, right) => Number(left.id === '') - Number(right.id === '') || left.title.localeCompare(right.title),
		);
}
