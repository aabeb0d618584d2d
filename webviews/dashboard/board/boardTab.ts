// Owns the board: tasks as cards by status, searched and laned as the person wants, moved with the pointer and with keys. It moves
// nothing itself: the editor is asked where tasks may go, and does it.

import * as l10n from '@vscode/l10n';
import type { DashboardModel } from '../../../src/protocol/viewModels.ts';
import type { ToldState } from '../../../src/protocol/dashboardState.ts';
import type { TaskCard } from '../../../src/protocol/taskCard.ts';
import { cardPriorities } from '../../../src/protocol/taskCard.ts';
import { byCount } from '../../../src/base/words.ts';
import { element, setText } from '../../shared/dom.ts';
import { createSelect, createTextField } from '../../shared/fields.ts';
import { wordOf } from '../../shared/coreWords.ts';
import { withSection } from '../layout.ts';
import type { FoundTasks, Tab, TabParts } from '../tab.ts';
import type { Status } from './boardGroups.ts';
import { groupCards, laneKinds } from './boardGroups.ts';
import type { BoardKeysParts } from './boardKeys.ts';
import { handleBoardKey } from './boardKeys.ts';
import { BoardSelection } from './boardSelection.ts';
import { createCardDrag } from './cardDrag.ts';
import { createLanes } from './lanes.ts';
import { createMoveMenu } from './moveMenu.ts';
import { createNameBox } from './nameBox.ts';

const help = l10n.t('Arrows choose, Space selects, M moves, F2 renames, Enter shows the task in the sidebar.');

export function createBoardTab({ post, layout, keep }: TabParts): Tab {
	const selection = new BoardSelection();
	let cards: ReadonlyMap<string, TaskCard> = new Map();
	let counts: DashboardModel['counts'] = [];
	let found: FoundTasks | undefined;
	/** What somebody opened the board for, such as the tasks behind a figure. */
	let only: { readonly title: string; readonly ids: ReadonlySet<string> } | undefined;
	let drawn = '';

	const labelOf = (status: Status) => wordOf(counts.find((each) => each.status === status)?.label ?? status);
	const lanes = createLanes({
		selection,
		labels: () => counts.map(({ status, label }) => ({ status, label: wordOf(label) })),
		isClosed: (lane) => layout().closedLanes.includes(lane),
		onToggle: (lane, isOpen) => keep({ closedLanes: withSection(layout().closedLanes, lane, isOpen) }),
		waitsFor: ({ dependencies, status }) =>
			status === 'PENDING' || status === 'READY' || status === 'BLOCKED'
				? dependencies.filter((id) => cards.get(id)?.status !== 'COMPLETED').length
				: 0,
	});
	const said = element('p', { className: 'note said', attributes: { role: 'status' } });
	const empty = element('p', { className: 'note empty hidden' });
	const board = element('div', { className: 'boardBody' }, [empty, lanes.element]);

	const focusActive = () => {
		const { active } = selection;
		const column = active === undefined ? undefined : lanes.columnOf(active.lane, active.status);
		if (active !== undefined && column !== undefined) {
			column.reveal(lanes.idsIn(active.lane, active.status).indexOf(active.taskId));
			column.list.focus({ preventScroll: true });
			column.element.scrollIntoView({ block: 'nearest' });
		}
	};
	const saySelection = () => {
		const { size, subjects } = selection;
		const one = subjects.length === 1 ? cards.get(subjects[0] ?? '') : undefined;
		setText(
			said,
			size === 0
				? help
				: one === undefined
					? byCount(size, l10n.t('{0} task selected', size), l10n.t('{0} tasks selected', size))
					: one.name,
		);
		bar.classList.toggle('hidden', size === 0);
		rename.disabled = subjects.length !== 1;
		reveal.disabled = subjects.length !== 1;
		if (one !== undefined) {
			priority.set(one.priority);
		}
	};
	const showSelection = () => {
		lanes.refresh();
		saySelection();
	};
	const askMove = () => {
		const taskIds = selection.subjects;
		if (taskIds.length > 0) {
			post('planDrop', { taskIds });
		}
	};
	const openName = () => {
		const { active } = selection;
		const card = cards.get(active?.taskId ?? '');
		const over = document.querySelector<HTMLElement>('.card.isActive');
		if (card !== undefined && over !== null) {
			nameBox.open(card, over);
		}
	};
	const openTask = () => {
		const { active } = selection;
		if (active !== undefined) {
			post('revealTask', { taskId: active.taskId });
		}
	};
	const keys: BoardKeysParts = {
		selection,
		statuses: () => counts.map(({ status }) => status),
		laneIds: lanes.laneIds,
		idsIn: lanes.idsIn,
		onGo() {
			focusActive();
			showSelection();
		},
		onSelect: showSelection,
		onMove: askMove,
		onRename() {
			showSelection();
			openName();
		},
		onOpen: openTask,
	};
	board.addEventListener('keydown', (event) => handleBoardKey(event, keys));
	board.addEventListener('click', (event) => {
		const card = event.target instanceof Element ? event.target.closest<HTMLElement>('.card') : null;
		const column = card?.closest<HTMLElement>('.boardColumn');
		const taskId = card?.dataset['task'];
		if (card === null || taskId === undefined || column === null || column === undefined) {
			return;
		}
		const [lane = '', status = ''] = [column.dataset['lane'], column.dataset['status']];
		const place = { lane, status, taskId };
		if (event.shiftKey) {
			selection.extend(place, lanes.idsIn(lane, status));
		} else if (event.ctrlKey || event.metaKey) {
			selection.toggle(place);
		} else {
			selection.only(place);
		}
		lanes.columnOf(lane, status)?.list.focus({ preventScroll: true });
		showSelection();
	});
	board.addEventListener('dblclick', () => openName());

	const menu = createMoveMenu({
		labelOf,
		onMove: (taskIds, to) => post('moveTasks', { taskIds, to }),
		onClose: focusActive,
	});
	const drag = createCardDrag({
		board,
		subjectsOf: (taskId) => (selection.has(taskId) ? selection.subjects : [taskId]),
		ask: (taskIds) => post('planDrop', { taskIds }),
		onDrop: (taskIds, to) => post('moveTasks', { taskIds, to }),
		labelOf,
		say: (text) => (text === undefined ? showSelection() : setText(said, text)),
		mark: (stateOf) => lanes.columns().forEach((column) => column.mark(stateOf(column.status, column.element))),
	});
	const nameBox = createNameBox(board, ({ id: taskId }, name) => {
		if (name !== undefined) {
			post('editTask', { taskId, name });
		}
		focusActive();
	});

	const rename = element('button', { text: l10n.t('Rename'), onClick: openName });
	const reveal = element('button', { text: l10n.t('Show in Sidebar'), onClick: openTask });
	const priority = createSelect({
		label: l10n.t('Priority of what is selected'),
		options: cardPriorities.map((id) => ({ id, label: wordOf(id) })),
		value: 'MEDIUM',
		onChange: (value) => {
			const wanted = cardPriorities.find((each) => each === value);
			selection.subjects.forEach((taskId) => post('editTask', { taskId, priority: wanted }));
		},
	});
	const bar = element(
		'div',
		{ className: 'buttons hidden', attributes: { role: 'group', 'aria-label': l10n.t('Selection') } },
		[element('button', { text: l10n.t('Move to…'), onClick: askMove }), priority.element, rename, reveal],
	);
	const all = element('button', {
		className: 'hidden',
		attributes: { 'aria-description': l10n.t('Shows all tasks again') },
		onClick: () => {
			only = undefined;
			draw();
		},
	});
	const search = createTextField({
		label: l10n.t('Search the board'),
		placeholder: l10n.t('Search: words, status:blocked, tag:…, agent:…'),
		value: layout().boardText,
		onInput: (text) => {
			keep({ boardText: text });
			if (text.trim() === '') {
				found = undefined;
			}
			post('search', { text });
			draw();
		},
	});
	const lanesBy = createSelect({
		label: l10n.t('Lanes'),
		options: laneKinds,
		value: layout().lanes,
		onChange: (value) => {
			keep({ lanes: value });
			draw();
		},
	});
	if (layout().boardText.trim() !== '') {
		post('search', { text: layout().boardText });
	}

	const draw = () => {
		if (counts.length === 0) {
			return;
		}
		const answers = layout().boardText.trim() === '' || found === undefined ? undefined : new Set(found.ids);
		const shown =
			only === undefined
				? answers
				: new Set([...only.ids].filter((id) => answers === undefined || answers.has(id)));
		setText(
			all,
			only === undefined
				? ''
				: l10n.t(
						'Only: {0} ✕',
						wordOf(counts.find(({ status }) => status === only?.title)?.label ?? only.title),
					),
		);
		all.classList.toggle('hidden', only === undefined);
		selection.keep((id) => cards.has(id) && shown?.has(id) !== false);
		lanes.show(
			groupCards({
				cards,
				statuses: counts.map(({ status }) => status),
				lanes: layout().lanes,
				shown,
			}),
		);
		setText(empty, cards.size === 0 ? l10n.t('There is no task yet.') : l10n.t('No task answers the search.'));
		empty.classList.toggle('hidden', cards.size > 0 && shown?.size !== 0);
		saySelection();
	};
	return {
		id: 'board',
		title: l10n.t('Board'),
		element: element('div', { className: 'board' }, [
			element('div', { className: 'toolbar' }, [search.element, lanesBy.element, all, bar, said]),
			board,
			menu.element,
		]),
		render(told: ToldState) {
			const version = `${told.revision('tasks')} ${told.overview?.counts.map(({ status }) => status).join(' ') ?? ''}`;
			if (version !== drawn) {
				drawn = version;
				counts = told.overview?.counts ?? [];
				cards = told.itemsByKey('tasks') ?? new Map();
				draw();
			}
		},
		showOnly(title, taskIds) {
			only = { title, ids: new Set(taskIds) };
			drawn = '';
		},
		takeDrops(answer) {
			if (!drag.answer(answer)) {
				menu.open(answer);
			}
		},
		takeFound(next) {
			if (next.text === layout().boardText.trim()) {
				found = next;
				draw();
			}
		},
	};
}
