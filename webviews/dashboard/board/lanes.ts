// Owns the lanes of the board and their columns: made when there is one, shown what stands in it, told which card is meant.

import * as l10n from '@vscode/l10n';
import type { TaskCard } from '../../../src/protocol/taskCard.ts';
import { createList, element, setText } from '../../shared/dom.ts';
import { taskCount } from '../../shared/taskCount.ts';
import type { Lane, Status } from './boardGroups.ts';
import type { BoardSelection } from './boardSelection.ts';
import type { CardFacts } from './cardRow.ts';
import type { Column } from './column.ts';
import { createColumn } from './column.ts';

/** More lanes than this nobody reads at once. */
const mostLanes = 60;

export interface LanesParts {
	readonly selection: BoardSelection;
	readonly labels: () => readonly { readonly status: Status; readonly label: string }[];
	readonly isClosed: (lane: string) => boolean;
	readonly onToggle: (lane: string, isOpen: boolean) => void;
	/** Dependencies of a card that are not completed. */
	readonly waitsFor: (card: TaskCard) => number;
}

export function createLanes({ selection, labels, isClosed, onToggle, waitsFor }: LanesParts) {
	const box = element('div', { className: 'lanes' });
	const rest = element('p', { className: 'note empty hidden' });
	const drawn = new Map<string, ReadonlyMap<Status, Column>>();
	let lanes: readonly Lane[] = [];

	const showColumns = (lane: Lane) => {
		const { active } = selection;
		const facts = (card: TaskCard): CardFacts => ({
			card,
			isSelected: selection.has(card.id),
			isActive: active?.lane === lane.id && active.taskId === card.id,
			waitsFor: waitsFor(card),
		});
		for (const [status, column] of drawn.get(lane.id) ?? []) {
			column.show(lane.columns.get(status) ?? [], facts, active?.lane === lane.id ? active.taskId : undefined);
		}
	};
	const render = createList<Lane>(
		box,
		({ id }) => id,
		(first) => {
			const title = element('span');
			const count = element('span', { className: 'note' });
			const summary = element('summary', {}, [title, count]);
			const columns = new Map(
				labels().map(({ status, label }) => [status, createColumn(first.id, first.title, status, label)]),
			);
			drawn.set(first.id, columns);
			const row = element(
				'div',
				{ className: 'boardColumns' },
				[...columns.values()].map((column) => column.element),
			);
			const details = element('details', { className: 'lane' }, [summary, row]);
			details.open = !isClosed(first.id);
			details.addEventListener('toggle', () => {
				onToggle(first.id, details.open);
				if (details.open) {
					const lane = lanes.find(({ id }) => id === first.id);
					if (lane !== undefined) {
						showColumns(lane);
					}
				}
			});
			return {
				element: details,
				update(lane) {
					details.classList.toggle('isOnly', lane.title === '');
					if (lane.title === '') {
						details.open = true;
					}
					setText(title, lane.title);
					setText(count, taskCount(lane.count));
					if (details.open) {
						showColumns(lane);
					}
				},
			};
		},
	);
	const columnOf = (lane: string, status: string): Column | undefined =>
		[...(drawn.get(lane) ?? [])].find(([each]) => each === status)?.[1];
	return {
		element: element('div', { className: 'lanesBox' }, [box, rest]),
		show(next: readonly Lane[]) {
			lanes = next.slice(0, mostLanes);
			box.classList.toggle('isSingle', lanes.length === 1 && lanes[0]?.title === '');
			render(lanes);
			setText(rest, l10n.t('and {0} more lanes: search for what you look for.', next.length - lanes.length));
			rest.classList.toggle('hidden', next.length <= lanes.length);
			const ids = new Set(lanes.map(({ id }) => id));
			[...drawn.keys()].filter((id) => !ids.has(id)).forEach((id) => drawn.delete(id));
		},
		/** Draws selection and active card anew. */
		refresh: () => lanes.forEach(showColumns),
		columnOf,
		columns: (): Column[] => [...drawn.values()].flatMap((columns) => [...columns.values()]),
		/** Ids of what stands in a column, in order. */
		idsIn: (lane: string, status: string): string[] =>
			(lanes.find(({ id }) => id === lane)?.columns.get(status as Status) ?? []).map(({ id }) => id),
		laneIds: (): string[] => lanes.map(({ id }) => id),
	};
}
