// Owns the page of a run: when which part of the log is asked for, what is shown of it, and whether it follows. It never takes the
// focus; a person who scrolled up stays where they are until they say otherwise.

import * as l10n from '@vscode/l10n';
import type { FoldedRun, WatchItem } from '../../src/protocol/foldEntries.ts';
import type { DataOf, Post } from '../../src/protocol/define.ts';
import type { PageAsk, toEditor, toWebview, WatchState } from '../../src/protocol/watchApi.ts';
import { wordOf } from '../shared/coreWords.ts';
import { element, setAttribute, setText } from '../shared/dom.ts';
import { createEvidence } from './evidence.ts';
import { createHead } from './head.ts';
import { createItemRow } from './itemRow.ts';
import { mostLoaded, RunWindow } from './runWindow.ts';
import { createVirtualList } from './virtualList.ts';

export interface PageParts {
	readonly post: Post<typeof toEditor>;
	readonly state: WatchState;
	readonly keep: (state: WatchState) => void;
}

const filters = [
	{ id: 'all', title: l10n.t('All') },
	{ id: 'messages', title: l10n.t('Messages') },
	{ id: 'tools', title: l10n.t('Tools') },
] as const;
const filterKinds: Readonly<Record<WatchState['filter'], readonly WatchItem['kind'][] | undefined>> = {
	all: undefined,
	messages: ['message', 'thought', 'permission', 'event'],
	tools: ['tool', 'output', 'permission'],
};
/** Pixels from an end at which the next part is asked for, and within which the newest counts as reached. */
const loadAhead = 800;
const endSlack = 24;
/** A log that grew by more than this since it was looked at is not read through: the newest is shown. */
const farBytes = 256 * 1024;

export function createPage({ post, state, keep }: PageParts) {
	const loaded = new RunWindow();
	const folded = new Map<string, boolean>();
	let { isFollowing, filter } = state;
	/** Where the page stood before a reload, until it stands there again. */
	let wanted = isFollowing ? null : state.anchor;
	let size = 0;
	let asked: PageAsk | undefined;
	let lastTop = 0;
	let hasHead = false;

	const head = createHead(post);
	const evidence = createEvidence(post);
	const notice = element('p', { className: 'notice', text: l10n.t('Opening the run…') });
	const top = element('p', { className: 'faint edge' });
	const scroller = element('div', {
		className: 'scroller',
		attributes: { role: 'feed', tabindex: '0', 'aria-label': l10n.t('What the agent did') },
	});
	const list = createVirtualList<WatchItem>(scroller, (item) =>
		createItemRow(item, {
			folded,
			openDiff: (path) => post('openDiff', { path }),
			answer: () => post('perform', { command: 'question.answer' }),
		}),
	);
	scroller.append(top, list.element);
	const newest = element('button', {
		className: 'newest primary hidden',
		onClick: () => {
			follow(true);
			if (loaded.to < size) {
				loaded.clear();
				ask({ newest: true });
			}
			render();
		},
	});
	const filterButtons = filters.map(({ id, title }) => ({
		id,
		button: element('button', {
			text: title,
			onClick: () => {
				filter = id;
				render();
				remember();
			},
		}),
	}));
	const spoken = element('div', { className: 'spoken', attributes: { role: 'status' } });

	const ask = (next: PageAsk) => {
		if (asked === undefined) {
			asked = next;
			setAttribute(scroller, 'aria-busy', 'true');
			post('page', { ask: next });
		}
	};
	const remember = () => {
		const anchor = list.anchor() ?? null;
		keep({ runId: state.runId, isFollowing, anchor: wanted ?? anchor, filter });
	};
	const follow = (next: boolean) => {
		isFollowing = next;
		wanted = null;
		remember();
	};
	/** Asks for the part that comes next, where the person is about to see its place. */
	const loadMore = () => {
		if (!loaded.isLoaded || asked !== undefined) {
			return;
		}
		const rest = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
		const isShort = scroller.scrollHeight <= scroller.clientHeight + loadAhead;
		if (loaded.to < size && (isFollowing || rest < loadAhead)) {
			if (isFollowing && size - loaded.to > farBytes) {
				ask({ newest: true });
			} else {
				ask({ after: loaded.to });
			}
		} else if (loaded.from > 0 && scroller.scrollTop < loadAhead && (!isShort || loaded.count < mostLoaded)) {
			ask({ before: loaded.from });
		}
	};
	const shownItems = ({ items }: FoldedRun): readonly WatchItem[] => {
		const kinds = filterKinds[filter];
		return kinds === undefined ? items : items.filter(({ kind }) => kinds.includes(kind));
	};
	const render = () => {
		const items = shownItems(loaded.fold(size));
		notice.classList.toggle('hidden', hasHead && (items.length > 0 || !loaded.isLoaded));
		setText(top, loaded.from > 0 ? l10n.t('Older is read as you scroll up.') : l10n.t('The run begins here.'));
		top.classList.toggle('hidden', !loaded.isLoaded);
		list.show(items, isFollowing);
		if (wanted !== null && loaded.isLoaded) {
			list.goTo(wanted);
			wanted = null;
		}
		lastTop = scroller.scrollTop;
		newest.classList.toggle('hidden', isFollowing);
		setText(newest, loaded.to < size ? l10n.t('Jump to newest ↓ (there is more)') : l10n.t('Jump to newest ↓'));
		for (const { id, button } of filterButtons) {
			setAttribute(button, 'aria-pressed', String(id === filter));
		}
	};
	scroller.addEventListener(
		'scroll',
		() => {
			const { scrollTop } = scroller;
			const isUp = scrollTop < lastTop - 1;
			lastTop = scrollTop;
			const isAtEnd = scroller.scrollHeight - scrollTop - scroller.clientHeight < endSlack && loaded.to >= size;
			if (isFollowing ? isUp && !isAtEnd : isAtEnd && !isUp) {
				isFollowing = !isFollowing;
				render();
			} else {
				list.scrolled();
				lastTop = scroller.scrollTop;
			}
			remember();
			loadMore();
		},
		{ passive: true },
	);
	// End means the newest there is, not the end of what happens to be loaded.
	scroller.addEventListener('keydown', ({ key, target }) => {
		if (key === 'End' && target === scroller) {
			newest.click();
		}
	});

	return {
		element: element('main', { attributes: { id: 'page' } }, [
			head.element,
			evidence.element,
			element(
				'div',
				{ className: 'filters', attributes: { role: 'group', 'aria-label': l10n.t('Show') } },
				filterButtons.map(({ button }) => button),
			),
			notice,
			scroller,
			newest,
			spoken,
		]),
		start() {
			// Before anything else: a window that reloads again finds what it needs.
			remember();
			render();
		},
		takeHead({ head: next, events, isWhole }: DataOf<typeof toWebview.head>) {
			hasHead = true;
			head.render(next);
			evidence.render(next);
			size = next.size;
			loaded.setEvents(events, isWhole);
			setText(notice, l10n.t('Nothing was told yet.'));
			setText(
				spoken,
				next.question === null
					? l10n.t('{0}: {1}', next.worker, wordOf(next.state))
					: l10n.t('{0} asks: {1}', next.worker, next.question),
			);
			if (!loaded.isLoaded) {
				ask(wanted === null ? { newest: true } : { after: Math.max(0, wanted.offset) });
			}
			render();
			loadMore();
		},
		takeEvidence(told: DataOf<typeof toWebview.evidence>) {
			evidence.take(told);
		},
		takeNotice(text: string) {
			hasHead = false;
			setText(notice, text);
			render();
		},
		takePage(page: DataOf<typeof toWebview.page>) {
			asked = undefined;
			setAttribute(scroller, 'aria-busy', 'false');
			size = Math.max(size, page.to);
			loaded.add(page);
			render();
			remember();
			loadMore();
		},
	};
}
