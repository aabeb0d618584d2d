// Owns what the analytics of the dashboard show: the figures of an analysis as plain values. The tasks behind a figure stay with
// the editor, which is asked for them by the figure's key.

import { displayLine } from '../base/text.ts';
import type { Analysis, TimeFigure } from '../core/figures/analysis.ts';
import type { Autonomy, ShareFigure } from '../core/figures/autonomy.ts';
import type { Figure } from '../core/figures/figure.ts';
import type { WorkRow } from '../core/figures/workTable.ts';

export const periods = [
	{ id: 'day', label: 'Last day', days: 1 },
	{ id: 'week', label: 'Last 7 days', days: 7 },
	{ id: 'month', label: 'Last 30 days', days: 30 },
	{ id: 'year', label: 'Last year', days: 365 },
] as const;
export type PeriodId = (typeof periods)[number]['id'];

export type ShownFigure = Omit<Figure, 'taskIds'>;
/** Keys of its tasks are `cycle`, `cycle slow` and `lead`. */
export type ShownTime = Pick<TimeFigure, 'median' | 'p90'>;
export type ShownShare = Pick<ShareFigure, 'key' | 'value' | 'of' | 'share'>;
export type ShownWork = Omit<WorkRow, 'taskIds'>;

export interface AnalyticsModel {
	readonly from: number;
	readonly to: number;
	readonly completed: ShownFigure;
	readonly failed: ShownFigure;
	readonly cycle: ShownTime;
	readonly lead: ShownTime;
	readonly autonomy: Omit<Autonomy, 'recovered' | 'unaided'> & {
		readonly recovered: ShownShare;
		readonly unaided: ShownShare;
	};
	readonly throughput: readonly {
		readonly at: number;
		readonly completed: ShownFigure;
		readonly failed: ShownFigure;
		readonly cycle: number | null;
	}[];
	readonly ages: readonly ShownFigure[];
	readonly blocked: readonly ShownFigure[];
	readonly waits: readonly (ShownFigure & { readonly median: number })[];
	readonly agents: readonly ShownWork[];
	readonly types: readonly ShownWork[];
}

/** More rows than this nobody compares. */
const mostRows = 50;

function shown<Named extends { readonly label: string; readonly taskIds: readonly string[] }>(
	named: Named,
): Omit<Named, 'taskIds'> {
	const { taskIds: _ids, ...others } = named;
	return { ...others, label: displayLine(named.label, 80) };
}

const shownShare = ({ key, value, of, share }: ShareFigure): ShownShare => ({ key, value, of, share });

const shownTime = ({ median, p90 }: TimeFigure): ShownTime => ({ median, p90 });

export function toAnalyticsModel(analysis: Analysis): AnalyticsModel {
	const { period, completed, failed, cycle, lead, throughput, ages, blocked, waits, agents, types } = analysis;
	return {
		...period,
		completed: shown(completed),
		failed: shown(failed),
		cycle: shownTime(cycle),
		lead: shownTime(lead),
		autonomy: {
			...analysis.autonomy,
			recovered: shownShare(analysis.autonomy.recovered),
			unaided: shownShare(analysis.autonomy.unaided),
		},
		throughput: throughput.map((bucket) => ({
			...bucket,
			completed: shown(bucket.completed),
			failed: shown(bucket.failed),
		})),
		ages: ages.map(shown),
		blocked: blocked.map(shown),
		waits: waits.map(shown),
		agents: agents.slice(0, mostRows).map(shown),
		types: types.slice(0, mostRows).map(shown),
	};
}
