// Owns what keys do on the board: arrows go from card to card, Space and Shift select, letters act on what is selected.

import type { BoardSelection, CardPlace } from './boardSelection.ts';

export interface BoardKeysParts {
	readonly selection: BoardSelection;
	readonly statuses: () => readonly string[];
	readonly laneIds: () => readonly string[];
	readonly idsIn: (lane: string, status: string) => readonly string[];
	/** Draws the selection, brings the active card into sight and the focus to its column. */
	readonly onGo: () => void;
	readonly onSelect: () => void;
	readonly onMove: () => void;
	readonly onRename: () => void;
	readonly onOpen: () => void;
}

type Step = 'up' | 'down' | 'left' | 'right' | 'first' | 'last';
const steps: Readonly<Record<string, Step>> = {
	ArrowUp: 'up',
	ArrowDown: 'down',
	ArrowLeft: 'left',
	ArrowRight: 'right',
	Home: 'first',
	End: 'last',
};

/** Where a step leads from a place; the place itself at the edge. */
function placeAfter(
	{ lane, status, taskId }: CardPlace,
	step: Step,
	{ statuses, laneIds, idsIn }: Pick<BoardKeysParts, 'statuses' | 'laneIds' | 'idsIn'>,
): CardPlace | undefined {
	const column = idsIn(lane, status);
	const index = column.indexOf(taskId);
	const at = (to: number): CardPlace | undefined => {
		const id = column[to];
		return id === undefined ? undefined : { lane, status, taskId: id };
	};
	switch (step) {
		case 'first':
			return at(0);
		case 'last':
			return at(column.length - 1);
		case 'left':
		case 'right': {
			const order = step === 'left' ? statuses().toReversed() : statuses();
			const next = order.slice(order.indexOf(status) + 1).find((each) => idsIn(lane, each).length > 0);
			const ids = next === undefined ? [] : idsIn(lane, next);
			const id = ids[Math.min(Math.max(index, 0), ids.length - 1)];
			return next === undefined || id === undefined ? undefined : { lane, status: next, taskId: id };
		}
		case 'up':
		case 'down': {
			const inColumn = at(index + (step === 'up' ? -1 : 1));
			if (inColumn !== undefined) {
				return inColumn;
			}
			// At the edge of a lane the same column of the next one.
			const order = step === 'up' ? laneIds().toReversed() : laneIds();
			const next = order.slice(order.indexOf(lane) + 1).find((each) => idsIn(each, status).length > 0);
			const id = next === undefined ? undefined : idsIn(next, status).at(step === 'up' ? -1 : 0);
			return next === undefined || id === undefined ? undefined : { lane: next, status, taskId: id };
		}
	}
}

export function handleBoardKey(event: KeyboardEvent, parts: BoardKeysParts): void {
	const { selection, idsIn, onGo, onSelect, onMove, onRename, onOpen } = parts;
	const column = event.target instanceof Element ? event.target.closest<HTMLElement>('.boardColumn') : null;
	if (column === null) {
		return;
	}
	const [lane = '', status = ''] = [column.dataset['lane'], column.dataset['status']];
	const ids = idsIn(lane, status);
	const [first] = ids;
	const { active } = selection;
	const here =
		active !== undefined && active.lane === lane && active.status === status
			? active
			: first === undefined
				? undefined
				: { lane, status, taskId: first };
	const isCommand = event.ctrlKey || event.metaKey;
	const step = steps[event.key];
	if (here === undefined) {
		return;
	}
	if (step !== undefined) {
		const next = here === active ? placeAfter(here, step, parts) : here;
		if (next !== undefined) {
			if (event.shiftKey) {
				selection.extend(next, idsIn(next.lane, next.status));
			} else if (isCommand) {
				selection.active = next;
			} else {
				selection.only(next);
			}
			onGo();
		}
	} else if (event.key === ' ') {
		selection.toggle(here);
		onSelect();
	} else if (event.key === 'a' && isCommand) {
		selection.active = here;
		selection.all(ids);
		onSelect();
	} else if (event.key === 'Escape') {
		selection.clear();
		onSelect();
	} else if (event.key === 'm' || event.key === 'M') {
		selection.active = here;
		onMove();
	} else if (event.key === 'F2') {
		selection.active = here;
		onRename();
	} else if (event.key === 'Enter') {
		selection.active = here;
		onOpen();
	} else {
		return;
	}
	event.preventDefault();
}
