// Owns dragging cards with the pointer: where they may be put is asked as soon as they are lifted, so that a column says no, and
// why, before anything is dropped on it.

import * as l10n from '@vscode/l10n';
import type { DropAnswer } from '../../../src/protocol/dashboardApi.ts';
import { element } from '../../shared/dom.ts';
import { taskCount } from '../../shared/taskCount.ts';
import { sayMove } from './moveWords.ts';
import type { Status } from './boardGroups.ts';

/** Pixels the pointer moves before a press is a drag. */
const slack = 6;

export interface CardDragParts {
	readonly board: HTMLElement;
	/** What would be dragged from this card. */
	readonly subjectsOf: (taskId: string) => readonly string[];
	readonly ask: (taskIds: readonly string[]) => void;
	readonly onDrop: (taskIds: readonly string[], to: Status) => void;
	/** Says what would happen, or why not; undefined when nothing is dragged any more. */
	readonly say: (text: string | undefined) => void;
	readonly labelOf: (status: Status) => string;
	/** Marks the columns by what may be dropped on them. */
	readonly mark: (stateOf: (status: Status, column: Element) => 'can' | 'cannot' | 'over' | undefined) => void;
}

interface Drag {
	readonly taskIds: readonly string[];
	readonly ghost: HTMLElement;
	places: DropAnswer['places'] | undefined;
	over: HTMLElement | null;
}

export function createCardDrag(parts: CardDragParts) {
	const { board, subjectsOf, ask, onDrop, say, labelOf, mark } = parts;
	let pressed:
		| { readonly x: number; readonly y: number; readonly taskId: string; readonly pointer: number }
		| undefined;
	let drag: Drag | undefined;
	let isClickOfDrag = false;

	const placeOver = () => drag?.places?.find(({ status }) => status === drag?.over?.dataset['status']);
	const show = () => {
		if (drag === undefined) {
			return;
		}
		const { places, over } = drag;
		mark((status, column) => {
			const place = places?.find((each) => each.status === status);
			return place === undefined ? undefined : place.why !== null ? 'cannot' : column === over ? 'over' : 'can';
		});
		const place = placeOver();
		say(
			place === undefined
				? l10n.t('Drop on a column, or press Esc.')
				: l10n.t('{0}: {1}', labelOf(place.status), place.why ?? sayMove(place.move, drag.taskIds)),
		);
	};
	const end = () => {
		if (drag !== undefined) {
			drag.ghost.remove();
			mark(() => undefined);
			say(undefined);
		}
		board.classList.remove('isDragging');
		drag = undefined;
		pressed = undefined;
	};
	const begin = (taskId: string) => {
		const taskIds = subjectsOf(taskId);
		const ghost = element('div', {
			className: 'ghost',
			text: taskIds.length === 1 ? taskId : taskCount(taskIds.length),
			attributes: { 'aria-hidden': 'true' },
		});
		board.append(ghost);
		board.classList.add('isDragging');
		drag = { taskIds, ghost, places: undefined, over: null };
		ask(taskIds);
	};
	board.addEventListener('pointerdown', (event) => {
		isClickOfDrag = false;
		const card = event.target instanceof Element ? event.target.closest<HTMLElement>('.card') : null;
		const taskId = card?.dataset['task'];
		if (event.button === 0 && taskId !== undefined && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
			pressed = { x: event.clientX, y: event.clientY, taskId, pointer: event.pointerId };
		}
	});
	board.addEventListener('pointermove', (event) => {
		if (pressed === undefined || event.pointerId !== pressed.pointer) {
			return;
		}
		if (drag === undefined && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > slack) {
			begin(pressed.taskId);
			board.setPointerCapture(event.pointerId);
		}
		if (drag !== undefined) {
			const { left, top } = board.getBoundingClientRect();
			drag.ghost.style.transform = `translate(${event.clientX - left + 12}px, ${event.clientY - top + 8}px)`;
			drag.over =
				document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>('.boardColumn') ?? null;
			show();
		}
	});
	board.addEventListener('pointerup', () => {
		const place = placeOver();
		const taskIds = drag?.taskIds;
		const wasDragged = drag !== undefined;
		end();
		if (taskIds !== undefined && place?.why === null) {
			onDrop(taskIds, place.status);
		}
		isClickOfDrag = wasDragged;
	});
	// The click that follows is the end of the drag, and chooses nothing.
	board.addEventListener(
		'click',
		(event) => {
			if (isClickOfDrag) {
				event.stopPropagation();
				isClickOfDrag = false;
			}
		},
		{ capture: true },
	);
	board.addEventListener('pointercancel', end);
	document.addEventListener('keydown', ({ key }) => {
		if (key === 'Escape') {
			end();
		}
	});
	return {
		/** Takes the editor's answer; true when it was for what is dragged now. */
		answer({ taskIds, places }: DropAnswer): boolean {
			if (drag === undefined || taskIds.join('\n') !== drag.taskIds.join('\n')) {
				return false;
			}
			drag.places = places;
			show();
			return true;
		},
	};
}
