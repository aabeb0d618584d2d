// Owns the log: what happened in the whole swarm as one list, filtered, and followed until the person scrolls up.

import * as l10n from '@vscode/l10n';
import type { ToldState } from '../../../src/protocol/dashboardState.ts';
import type { EventLine } from '../../../src/protocol/eventLine.ts';
import { byCount } from '../../../src/base/words.ts';
import { element, setAttribute, setText } from '../../shared/dom.ts';
import { createSelect, createTextField } from '../../shared/fields.ts';
import { formatNumber } from '../../shared/numbers.ts';
import { formatTime } from '../../shared/times.ts';
import { createVirtualRows } from '../../shared/virtualRows.ts';
import type { Tab, TabParts } from '../tab.ts';
import { logKinds, shownLines } from './logLines.ts';

const rowPixels = 26;
/** Pixels from the end within which the newest counts as seen. */
const endSlack = 24;

/** How many events are shown, and of how many where it is not all. */
function countText(shown: number, all: number): string {
	const [some, whole] = [formatNumber(shown), formatNumber(all)];
	return shown < all
		? byCount(shown, l10n.t('{0} event of {1}', some, whole), l10n.t('{0} events of {1}', some, whole))
		: byCount(shown, l10n.t('{0} event', some), l10n.t('{0} events', some));
}

export function createLogTab({ post, layout, keep }: TabParts): Tab {
	let lines: readonly EventLine[] = [];
	let isFollowing = true;
	const scroller = element('div', {
		className: 'scroller',
		attributes: { tabindex: '0', role: 'region', 'aria-label': l10n.t('Events, oldest first') },
	});
	const createRow = (line: EventLine) => {
		const { at, actor, text, taskId, runId } = line;
		const time = element('time', { className: 'note', attributes: { datetime: new Date(at).toISOString() } });
		const task =
			taskId === null
				? []
				: [
						element('button', {
							className: 'link',
							text: taskId,
							onClick: () => post('revealTask', { taskId }),
						}),
					];
		const run =
			runId === null
				? []
				: [
						element('button', {
							className: 'link note',
							text: l10n.t('run'),
							attributes: { 'aria-label': l10n.t('Watch run {0}', runId) },
							onClick: () => post('perform', { command: 'run.watch', runId }),
						}),
					];
		return {
			element: element('div', { className: 'logLine', attributes: { role: 'listitem' } }, [
				time,
				element('span', { className: 'note actor', text: actor }),
				element('span', { className: 'text', attributes: { title: text } }, [
					...task,
					element('span', { text: taskId === null ? text : ` ${text}` }),
				]),
				...run,
			]),
			update: () => setText(time, formatTime(at, new Date())),
		};
	};
	const rows = createVirtualRows<EventLine>({
		scroller,
		estimate: rowPixels,
		attributes: { role: 'list', 'aria-label': l10n.t('Events') },
		keyOf: ({ sequence }) => String(sequence),
		createRow,
	});
	const empty = element('p', { className: 'note empty' });
	const count = element('span', { className: 'note' });
	const follow = element('button', {
		text: l10n.t('Follow'),
		onClick: () => {
			isFollowing = !isFollowing;
			show();
		},
	});
	const text = createTextField({
		label: l10n.t('Filter the log'),
		placeholder: l10n.t('Filter: words, agent, task…'),
		value: layout().logText,
		onInput: (logText) => {
			keep({ logText });
			show();
		},
	});
	const kind = createSelect({
		label: l10n.t('Kind of event'),
		options: logKinds,
		value: layout().logKind,
		onChange: (logKind) => {
			keep({ logKind });
			show();
		},
	});
	const show = () => {
		const { logKind, logText } = layout();
		const shown = shownLines(lines, logKind, logText);
		rows.show(shown);
		setText(count, countText(shown.length, lines.length));
		setText(
			empty,
			lines.length === 0 ? l10n.t('Nothing has happened yet.') : l10n.t('No event answers the filter.'),
		);
		empty.classList.toggle('hidden', shown.length > 0);
		setAttribute(follow, 'aria-pressed', String(isFollowing));
		if (isFollowing && shown.length > 0) {
			rows.scrollTo(shown.length - 1, 'end');
		}
	};
	let lastTop = 0;
	scroller.addEventListener(
		'scroll',
		() => {
			const { scrollTop, scrollHeight, clientHeight } = scroller;
			const isUp = scrollTop < lastTop - 1;
			lastTop = scrollTop;
			const isAtEnd = scrollHeight - scrollTop - clientHeight < endSlack;
			if (isFollowing ? isUp && !isAtEnd : isAtEnd && !isUp) {
				isFollowing = !isFollowing;
				setAttribute(follow, 'aria-pressed', String(isFollowing));
			}
		},
		{ passive: true },
	);
	return {
		id: 'log',
		title: l10n.t('Log'),
		element: element('div', { className: 'log' }, [
			element('div', { className: 'toolbar', attributes: { role: 'toolbar', 'aria-label': l10n.t('Log') } }, [
				text.element,
				kind.element,
				follow,
				count,
			]),
			empty,
			scroller,
		]),
		render(told: ToldState) {
			lines = told.list('log') ?? [];
			show();
		},
	};
}
