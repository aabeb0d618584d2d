// Owns the analytics: how much was done and how long it took, what waits and why, who does what at what cost. Every figure opens the
// tasks behind it on the board; all of it is exported as CSV, the charts as a picture.

import * as l10n from '@vscode/l10n';
import type { AnalyticsModel, ShownFigure, ShownWork } from '../../../src/protocol/analyticsModel.ts';
import { periods } from '../../../src/protocol/analyticsModel.ts';
import type { ToldState } from '../../../src/protocol/dashboardState.ts';
import { byCount, formatDuration } from '../../../src/base/words.ts';
import { drawPicture } from './chartPicture.ts';
import type { PicturedChart } from './chartPicture.ts';
import { createChartSection } from './chartSection.ts';
import { locale } from '../../shared/language.ts';
import { createChart } from '../../shared/chart.ts';
import { element, setAttribute, setText } from '../../shared/dom.ts';
import { wordOf } from '../../shared/coreWords.ts';
import { formatNumber } from '../../shared/numbers.ts';
import { createSelect } from '../../shared/fields.ts';
import type { Tab, TabParts } from '../tab.ts';
import type { FigureRow } from './figureTable.ts';
import { createFigureTable } from './figureTable.ts';

const time = (milliseconds: number | null): string => (milliseconds === null ? '–' : formatDuration(milliseconds));
const number = (value: number | null): string => (value === null ? '–' : formatNumber(value));

const countSteps = [1, 10, 100, 1000, 10_000].flatMap((power) => [power, 2 * power, 5 * power]);
const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];
const timeSteps = [
	...[second, minute].flatMap((unit) => [1, 2, 5, 10, 15, 30].map((count) => count * unit)),
	...[1, 2, 4, 8, 12].map((count) => count * hour),
	...[1, 2, 5, 10, 20, 50, 100].map((count) => count * day),
];

/** A bar for nothing would be a line. */
const drawnCount = ({ value }: ShownFigure): number | null => (value === 0 ? null : value);

function countRows(figures: readonly ShownFigure[]): FigureRow[] {
	const most = Math.max(1, ...figures.map(({ value }) => value));
	return figures.map(({ key, label, value }) => ({
		key,
		label: wordOf(label),
		cells: [number(value)],
		share: value / most,
		isEmpty: value === 0,
	}));
}

const percent = (share: number | null): string => (share === null ? '–' : `${Math.round(share * 100)} %`);
const rate = ({ count, perHour }: AnalyticsModel['autonomy']['drift']): string =>
	perHour === null ? number(count) : l10n.t('{0}, {1} an hour at work', number(count), formatNumber(perHour, 1));

/** How well the swarm got on alone, as words and values: nothing of it stands for tasks. */
function aloneLines({ autonomy }: AnalyticsModel): [string, string][] {
	const { atWork, longestAlone, interventions, betweenInterventions, drift, restarts } = autonomy;
	return [
		[l10n.t('Time at work'), time(atWork)],
		[l10n.t('Longest work without a person'), time(longestAlone)],
		[
			l10n.t('Interventions'),
			betweenInterventions === null
				? number(interventions)
				: l10n.t('{0}, one in {1} at work', number(interventions), time(betweenInterventions)),
		],
		[l10n.t('Drift'), rate(drift)],
		[l10n.t('Restarts after a crash'), rate(restarts)],
	];
}

const workHeadings = [
	l10n.t('Done'),
	l10n.t('Failed'),
	l10n.t('Success'),
	l10n.t('Trust'),
	l10n.t('Rework'),
	l10n.t('Runs'),
	l10n.t('Drift'),
	l10n.t('Median run'),
	l10n.t('Tokens'),
	l10n.t('Cost'),
];

const workRows = (rows: readonly ShownWork[]): FigureRow[] =>
	rows.map(({ key, label, completed, failed, success, trust, rework, runs, drift, runTime, tokens, cost }) => ({
		key,
		label,
		cells: [
			number(completed),
			number(failed),
			percent(success),
			percent(trust),
			percent(rework),
			number(runs),
			percent(drift),
			time(runTime),
			number(tokens),
			cost === null ? '–' : formatNumber(cost, 2),
		],
		isEmpty: completed + failed === 0,
	}));

/** The time that is shown, in words: days, or hours of one day. */
function rangeOf({ from, to }: AnalyticsModel): string {
	const isShort = to - from <= 2 * day;
	const format = new Intl.DateTimeFormat(locale, {
		dateStyle: 'medium',
		...(isShort ? { timeStyle: 'short' as const } : {}),
	});
	return format.formatRange(from, to);
}

export function createAnalyticsTab({ post, layout, keep }: TabParts): Tab {
	let model: AnalyticsModel | undefined;
	const open = (key: string) => post('openFigure', { key });
	const period = createSelect({
		label: l10n.t('Period'),
		options: periods.map(({ id, label: english }) => ({ id, label: wordOf(english) })),
		value: layout().period,
		onChange: (value) => {
			const known = periods.find(({ id }) => id === value);
			if (known !== undefined) {
				keep({ period: known.id });
				post('watch', { tab: 'analytics', period: known.id });
			}
		},
	});
	const figure = (label: string, keyOf: () => string | undefined) => {
		const value = element('span', { className: 'figure' });
		// With a space, so that what is seen is what is said.
		const parts = [value, document.createTextNode(' '), element('span', { className: 'label', text: label })];
		const box = element('button', { className: 'count', onClick: () => open(keyOf() ?? '') }, parts);
		return {
			item: element('li', {}, [box]),
			show(text: string, isEmpty = false) {
				setText(value, text);
				box.disabled = isEmpty;
				setAttribute(box, 'aria-label', l10n.t('{0} {1}. Show on the board', text, label));
			},
		};
	};
	const completed = figure(l10n.t('Completed'), () => model?.completed.key);
	const failed = figure(l10n.t('Failed'), () => model?.failed.key);
	const cycle = figure(l10n.t('Cycle time, median'), () => 'cycle');
	const cycleMost = figure(l10n.t('Cycle time, 90 % below'), () => 'cycle slow');
	const lead = figure(l10n.t('Lead time, median'), () => 'lead');
	const recovered = figure(l10n.t('Recovered by itself'), () => model?.autonomy.recovered.key);
	const unaided = figure(l10n.t('Completed without a person'), () => model?.autonomy.unaided.key);
	const bottleneck = figure(l10n.t('Longest wait'), () => model?.waits[0]?.key);
	const openBucket = (index: number) => {
		const bucket = model?.throughput[index];
		if (bucket !== undefined) {
			open(bucket.completed.value > 0 ? bucket.completed.key : bucket.failed.key);
		}
	};
	const buckets = createFigureTable(
		l10n.t('Throughput'),
		[l10n.t('Since'), l10n.t('Done'), l10n.t('Failed'), l10n.t('Cycle time')],
		open,
	);
	const ages = createFigureTable(l10n.t('Age of What Is Open'), [l10n.t('Age'), l10n.t('Tasks')], open);
	const blocked = createFigureTable(l10n.t('Why Tasks Are Blocked'), [l10n.t('Reason'), l10n.t('Tasks')], open);
	const waits = createFigureTable(
		l10n.t('Where Tasks Wait'),
		[l10n.t('Status'), l10n.t('Tasks'), l10n.t('Median wait')],
		open,
	);
	const agents = createFigureTable(l10n.t('By Agent'), [l10n.t('Agent'), ...workHeadings], open);
	const types = createFigureTable(l10n.t('By Type'), [l10n.t('Type'), ...workHeadings], open);
	const alone = element('dl', { className: 'plainFigures' });
	const said = element('span', { className: 'note', attributes: { role: 'status' } });
	const savePicture = (what: 'analytics' | 'throughput' | 'cycle-time', charts: readonly PicturedChart[]) => {
		const data = model === undefined ? undefined : drawPicture(charts, rangeOf(model));
		if (data !== undefined) {
			post('save', { kind: 'png', what, data });
		}
	};
	const done = createChartSection(
		l10n.t('Completed and Failed'),
		createChart({
			name: l10n.t('Throughput: completed and failed tasks over time; the table below has the same'),
			format: String,
			steps: countSteps,
			onChoose: openBucket,
		}),
		() => savePicture('throughput', [done]),
	);
	const took = createChartSection(
		l10n.t('Cycle Time'),
		createChart({
			name: l10n.t('Median cycle time over time; the table below has the same'),
			format: formatDuration,
			steps: timeSteps,
			onChoose: openBucket,
		}),
		() => savePicture('cycle-time', [took]),
	);
	return {
		id: 'analytics',
		title: l10n.t('Analytics'),
		element: element('div', { className: 'analytics' }, [
			element('div', { className: 'toolbar' }, [
				period.element,
				element('button', {
					text: l10n.t('Export CSV'),
					onClick: () => post('save', { kind: 'csv', what: 'analytics' }),
				}),
				element('button', {
					text: l10n.t('Export PNG'),
					onClick: () => savePicture('analytics', [done, took]),
				}),
				said,
			]),
			element(
				'ul',
				{ className: 'counts' },
				[completed, failed, cycle, cycleMost, lead, bottleneck, unaided, recovered].map(({ item }) => item),
			),
			element('div', { className: 'figureGrid' }, [
				done.element,
				took.element,
				element('section', { className: 'figures' }, [
					element('h2', { text: l10n.t('Without a Person') }),
					alone,
				]),
				waits.element,
				ages.element,
				blocked.element,
				buckets.element,
			]),
			agents.element,
			types.element,
		]),
		render(told: ToldState) {
			const next = told.value('analytics');
			if (next === undefined) {
				return;
			}
			model = next;
			const labelOf = (status: string) =>
				wordOf(told.overview?.counts.find((each) => each.status === status)?.label ?? status);
			completed.show(number(next.completed.value), next.completed.value === 0);
			failed.show(number(next.failed.value), next.failed.value === 0);
			cycle.show(time(next.cycle.median), next.cycle.median === null);
			cycleMost.show(time(next.cycle.p90), next.cycle.p90 === null);
			lead.show(time(next.lead.median), next.lead.median === null);
			const [longest] = next.waits;
			bottleneck.show(longest === undefined ? '–' : labelOf(longest.label), longest === undefined);
			unaided.show(percent(next.autonomy.unaided.share), next.autonomy.unaided.value === 0);
			recovered.show(percent(next.autonomy.recovered.share), next.autonomy.recovered.value === 0);
			const times = next.throughput.map(({ at }) => at);
			done.show({
				times,
				series: [
					{
						label: l10n.t('Completed'),
						colour: '--vscode-charts-green',
						kind: 'bars',
						values: next.throughput.map((bucket) => drawnCount(bucket.completed)),
					},
					{
						label: l10n.t('Failed'),
						colour: '--vscode-charts-red',
						kind: 'bars',
						values: next.throughput.map((bucket) => drawnCount(bucket.failed)),
					},
				],
			});
			took.show({
				times,
				series: [
					{
						label: l10n.t('Cycle time'),
						colour: '--vscode-charts-blue',
						kind: 'line',
						values: next.throughput.map((bucket) => bucket.cycle),
					},
				],
			});
			const isByDay = (times[1] ?? 0) - (times[0] ?? 0) > 3_600_000;
			const filled = next.throughput.filter((bucket) => bucket.completed.value + bucket.failed.value > 0);
			buckets.show(
				filled.toReversed().map((bucket) => ({
					key: bucket.completed.value > 0 ? bucket.completed.key : bucket.failed.key,
					label: new Date(bucket.at).toLocaleString(
						locale,
						isByDay ? { dateStyle: 'medium' } : { dateStyle: 'short', timeStyle: 'short' },
					),
					cells: [number(bucket.completed.value), number(bucket.failed.value), time(bucket.cycle)],
				})),
			);
			alone.replaceChildren(
				...aloneLines(next).flatMap(([label, value]) => [
					element('dt', { text: label }),
					element('dd', { text: value }),
				]),
			);
			ages.show(countRows(next.ages));
			blocked.show(countRows(next.blocked));
			waits.show(
				next.waits.map(({ key, label, value, median }) => ({
					key,
					label: labelOf(label),
					cells: [number(value), time(median)],
					share: median / Math.max(1, longest?.median ?? 1),
				})),
			);
			agents.show(workRows(next.agents));
			types.show(workRows(next.types));
			const over = next.completed.value + next.failed.value;
			setText(
				said,
				byCount(
					over,
					l10n.t('{0} task over in this period', number(over)),
					l10n.t('{0} tasks over in this period', number(over)),
				),
			);
		},
	};
}
