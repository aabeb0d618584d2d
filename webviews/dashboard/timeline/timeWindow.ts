// Owns which time is seen and where a moment lies in it. Pure.

import * as l10n from '@vscode/l10n';
import { locale } from '../../shared/language.ts';

export interface TimeWindow {
	/** Wall times in milliseconds. */
	readonly from: number;
	readonly to: number;
}

export const spans = [
	{ id: 'hour', label: l10n.t('Last hour'), milliseconds: 3_600_000 },
	{ id: 'shift', label: l10n.t('Last 8 hours'), milliseconds: 8 * 3_600_000 },
	{ id: 'day', label: l10n.t('Last day'), milliseconds: 24 * 3_600_000 },
	{ id: 'week', label: l10n.t('Last 7 days'), milliseconds: 7 * 24 * 3_600_000 },
	{ id: 'month', label: l10n.t('Last 30 days'), milliseconds: 30 * 24 * 3_600_000 },
] as const;

const shortest = 60_000;
const longest = 366 * 24 * 3_600_000;

/** The window made shorter or longer around a place in it, 0 being its beginning and 1 its end. */
export function zoomWindow({ from, to }: TimeWindow, factor: number, place = 0.5): TimeWindow {
	const length = Math.min(longest, Math.max(shortest, (to - from) * factor));
	const at = from + (to - from) * place;
	return { from: at - length * place, to: at + length * (1 - place) };
}

/** Moved by a share of its length. */
export function moveWindow({ from, to }: TimeWindow, share: number): TimeWindow {
	const by = (to - from) * share;
	return { from: from + by, to: to + by };
}

/** Where a moment lies, as a share of the window; kept within it. */
export const placeOf = (at: number, { from, to }: TimeWindow): number =>
	Math.min(1, Math.max(0, (at - from) / (to - from)));

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 10_080, 40_320].map(
	(minutes) => minutes * 60_000,
);

/** Round moments in the window, at most so many. */
export function ticksIn({ from, to }: TimeWindow, most: number): { readonly at: number; readonly label: string }[] {
	const step = steps.find((each) => (to - from) / each <= most) ?? (to - from) / most;
	const zone = new Date(from).getTimezoneOffset() * 60_000;
	const ticks = [];
	for (let at = Math.ceil((from - zone) / step) * step + zone; at <= to; at += step) {
		const date = new Date(at);
		const label =
			step >= 1440 * 60_000
				? date.toLocaleDateString(locale, { month: 'short', day: 'numeric' })
				: date.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
		ticks.push({ at, label });
	}
	return ticks;
}

interface Span {
	readonly openedAt: number;
	readonly closedAt: number | null;
}

/** Rows of runs of one worker: those that overlap stand below each other. */
export function rowsOf<Bar extends Span>(bars: readonly Bar[], now: number): Bar[][] {
	const rows: Bar[][] = [];
	const ends: number[] = [];
	for (const bar of [...bars].sort((left, right) => left.openedAt - right.openedAt)) {
		const free = ends.findIndex((end) => end <= bar.openedAt);
		const row = free < 0 ? rows.length : free;
		rows[row] = [...(rows[row] ?? []), bar];
		ends[row] = bar.closedAt ?? now;
	}
	return rows;
}
