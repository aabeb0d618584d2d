// Owns the timeline: who ran what, when, and how it went, with gates, landings and what changed outside a worktree. A run opens its
// evidence.

import * as l10n from '@vscode/l10n';
import type { ToldState } from '../../../src/protocol/dashboardState.ts';
import type { RunBar } from '../../../src/protocol/runBar.ts';
import { byCount, formatDuration } from '../../../src/base/words.ts';
import { createList, element, setAttribute, setText } from '../../shared/dom.ts';
import { createSelect } from '../../shared/fields.ts';
import { formatNumber } from '../../shared/numbers.ts';
import { formatTime } from '../../shared/times.ts';
import { wordOf } from '../../shared/coreWords.ts';
import { locale } from '../../shared/language.ts';
import type { Tab, TabParts } from '../tab.ts';
import type { TimeWindow } from './timeWindow.ts';
import { createTimeAxis } from './timeAxis.ts';
import { moveWindow, placeOf, rowsOf, spans, zoomWindow } from './timeWindow.ts';

/** More bars at once say nothing. */
const mostBars = 600;
const tickMilliseconds = 1000;
const markTexts = { passed: '✓', failed: '✗', landed: '↓', returned: '↩', strayed: '!', drifted: '~' } as const;

interface Lane {
	readonly worker: string;
	readonly rows: readonly (readonly RunBar[])[];
}

const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;

function describe({ taskName, taskId, worker, attempt, state, reason, openedAt, closedAt, marks }: RunBar): string {
	return [
		l10n.t('{0} ({1})', taskName, taskId),
		l10n.t('{0}, attempt {1}', worker, attempt),
		closedAt === null
			? l10n.t('{0} since {1}', wordOf(state), formatTime(openedAt, new Date()))
			: l10n.t('{0} after {1}', wordOf(state), formatDuration(closedAt - openedAt)),
		reason,
		...marks.map(({ text }) => text),
	]
		.filter(Boolean)
		.join('\n');
}

export function createTimelineTab({ post, layout, keep }: TabParts): Tab {
	let bars: readonly RunBar[] = [];
	/** Undefined while the window follows the clock. */
	let fixed: TimeWindow | undefined;
	let drawn = -1;

	const lengthOf = () => spans.find(({ id }) => id === layout().span)?.milliseconds ?? spans[1].milliseconds;
	const seen = (): TimeWindow => fixed ?? { from: Date.now() - lengthOf(), to: Date.now() };
	const set = (next: TimeWindow | undefined) => {
		fixed = next;
		draw();
	};
	const said = element('p', { className: 'note said', attributes: { role: 'status' } });
	const axis = createTimeAxis();
	const list = element('div', { className: 'timeLanes' });
	const empty = element('p', { className: 'note empty hidden' });
	const span = createSelect({
		label: l10n.t('Time that is shown'),
		options: spans,
		value: layout().span,
		onChange: (value) => {
			keep({ span: value });
			set(undefined);
		},
	});
	const button = (text: string, label: string, onClick: () => void) =>
		element('button', { text, attributes: { 'aria-label': label }, onClick });
	const now = button(l10n.t('Now'), l10n.t('Now: follow the clock'), () => set(undefined));

	/** From the first run there is to the last. */
	const fit = button(l10n.t('Fit'), l10n.t('Fit all runs'), () => {
		const from = Math.min(...bars.map(({ openedAt }) => openedAt));
		const to = Math.max(...bars.map(({ closedAt }) => closedAt ?? Date.now()));
		const room = Math.max(1000, (to - from) * 0.02);
		set({ from: from - room, to: to + room });
	});

	const fillBar = (target: HTMLElement, bar: RunBar, time: TimeWindow) => {
		const end = bar.closedAt ?? Date.now();
		const [left, right] = [placeOf(bar.openedAt, time), placeOf(end, time)];
		// A run that has just begun keeps the width it is seen by.
		target.style.left = `min(${percent(left)}, 100% - 4px)`;
		target.style.width = percent(right - left);
		target.dataset['state'] = bar.state;
		setAttribute(target, 'title', describe(bar));
		setAttribute(target, 'aria-label', describe(bar).replaceAll('\n', ', '));
		const retry = bar.attempt > 1 ? [element('span', { className: 'retry', text: `#${bar.attempt}` })] : [];
		const marks = bar.marks
			.filter(({ at }) => at >= time.from && at <= time.to)
			.map(({ at, kind }) => {
				const mark = element('span', { className: 'mark', text: markTexts[kind] });
				mark.dataset['kind'] = kind;
				mark.style.left = percent(
					Math.min(1, Math.max(0, (at - bar.openedAt) / Math.max(1, end - bar.openedAt))),
				);
				return mark;
			});
		target.replaceChildren(...retry, element('span', { className: 'barName', text: bar.taskName }), ...marks);
	};
	const renderLanes = createList<Lane>(
		list,
		({ worker }) => worker,
		({ worker }) => {
			const rows = element('div', { className: 'timeRows' });
			const renderRows = createList<readonly RunBar[]>(
				rows,
				(row) => row[0]?.id ?? '',
				() => {
					const track = element('div', { className: 'track' });
					const renderBars = createList<RunBar>(
						track,
						({ id }) => id,
						({ id }) => {
							const bar = element('button', {
								className: 'bar',
								attributes: { 'data-run': id },
								onClick: () => post('perform', { command: 'run.watch', runId: id }),
							});
							return { element: bar, update: (next) => fillBar(bar, next, seen()) };
						},
					);
					return { element: track, update: renderBars };
				},
			);
			return {
				element: element(
					'div',
					{
						className: 'timeLane',
						attributes: { role: 'group', 'aria-label': l10n.t('Runs of {0}', worker) },
					},
					[element('div', { className: 'laneName', text: worker, attributes: { title: worker } }), rows],
				),
				update: (lane) => renderRows(lane.rows),
			};
		},
	);
	const draw = () => {
		const time = seen();
		const inside = bars.filter(
			({ openedAt, closedAt }) => openedAt < time.to && (closedAt ?? Date.now()) > time.from,
		);
		const shown = [...inside].sort((left, right) => right.openedAt - left.openedAt).slice(0, mostBars);
		const workers = [...new Set(shown.map(({ worker }) => worker))].sort((left, right) =>
			left.localeCompare(right, locale, { numeric: true }),
		);
		renderLanes(
			workers.map((worker) => ({
				worker,
				rows: rowsOf(
					shown.filter((bar) => bar.worker === worker),
					Date.now(),
				),
			})),
		);
		axis.draw(time);
		setText(
			said,
			[
				byCount(
					inside.length,
					l10n.t('{0} run', formatNumber(inside.length)),
					l10n.t('{0} runs', formatNumber(inside.length)),
				),
				inside.length > shown.length ? l10n.t('the newest {0} are drawn', shown.length) : '',
				l10n.t('{0} to {1}', formatTime(time.from, new Date()), formatTime(time.to, new Date())),
				l10n.t('✓ ✗ gates, ↓ landed, ↩ came back, ! outside its worktree, ~ drifted, #2 a retry'),
			]
				.filter(Boolean)
				.join(' · '),
		);
		setText(
			empty,
			bars.length === 0 ? l10n.t('Nobody has run anything yet.') : l10n.t('There was no run in this time.'),
		);
		empty.classList.toggle('hidden', shown.length > 0);
		now.disabled = fixed === undefined;
		fit.disabled = bars.length === 0;
	};
	list.addEventListener(
		'wheel',
		(event) => {
			if (event.ctrlKey || event.metaKey) {
				event.preventDefault();
				const { left, width } = axis.element.getBoundingClientRect();
				set(zoomWindow(seen(), Math.exp(event.deltaY / 400), (event.clientX - left) / Math.max(1, width)));
			}
		},
		{ passive: false },
	);
	// From bar to bar with the arrows; Tab leaves.
	list.addEventListener('keydown', (event) => {
		const all = [...list.querySelectorAll<HTMLElement>('.bar')];
		const at = all.indexOf(document.activeElement as HTMLElement);
		const step =
			event.key === 'ArrowRight' || event.key === 'ArrowDown'
				? 1
				: event.key === 'ArrowLeft' || event.key === 'ArrowUp'
					? -1
					: 0;
		if (step !== 0 && at >= 0) {
			event.preventDefault();
			all[at + step]?.focus();
		}
	});
	const content = element('div', { className: 'timeline' }, [
		element('div', { className: 'toolbar' }, [
			span.element,
			button('+', l10n.t('Shorter time'), () => set(zoomWindow(seen(), 0.5))),
			button('−', l10n.t('Longer time'), () => set(zoomWindow(seen(), 2))),
			button('◀', l10n.t('Earlier'), () => set(moveWindow(seen(), -0.5))),
			button('▶', l10n.t('Later'), () => set(moveWindow(seen(), 0.5))),
			now,
			fit,
			said,
		]),
		empty,
		element('div', { className: 'axisRow' }, [element('div', { className: 'laneName' }), axis.element]),
		list,
	]);
	setInterval(() => {
		if (
			fixed === undefined &&
			content.isConnected &&
			content.checkVisibility() &&
			bars.some(({ closedAt }) => closedAt === null)
		) {
			draw();
		}
	}, tickMilliseconds);
	return {
		id: 'timeline',
		title: l10n.t('Timeline'),
		element: content,
		render(told: ToldState) {
			const revision = told.revision('runs');
			if (revision !== drawn) {
				drawn = revision;
				bars = told.list('runs') ?? [];
			}
			draw();
		},
	};
}
