// Owns what the page remembers over a restart: its tab, closed sections, what a tab is filtered to. Everything else comes with the
// next snapshot.

import type { PeriodId } from '../../src/protocol/analyticsModel.ts';
import { periods } from '../../src/protocol/analyticsModel.ts';
import type { DashboardTab } from '../../src/protocol/dashboardApi.ts';
import { dashboardTabs } from '../../src/protocol/dashboardApi.ts';

export interface Layout {
	readonly tab: DashboardTab;
	/** Sections of the overview that are closed. */
	readonly closed: readonly string[];
	readonly lanes: string;
	/** What the board is searched for. */
	readonly boardText: string;
	/** Lanes that are closed. */
	readonly closedLanes: readonly string[];
	/** Which time the analytics are about. */
	readonly period: PeriodId;
	/** How much time the timeline shows. */
	readonly span: string;
	readonly logText: string;
	readonly logKind: string;
}

const usualLayout: Layout = {
	tab: 'overview',
	closed: [],
	lanes: 'none',
	boardText: '',
	closedLanes: [],
	period: 'week',
	span: 'shift',
	logText: '',
	logKind: 'all',
};

/** Reads what was kept; anything unexpected is as usual. */
export function readLayout(kept: unknown): Layout {
	const field = (name: keyof Layout): unknown =>
		typeof kept === 'object' && kept !== null ? Reflect.get(kept, name) : undefined;
	const text = (name: keyof Layout, usual: string): string => {
		const value = field(name);
		return typeof value === 'string' ? value : usual;
	};
	const texts = (name: keyof Layout): readonly string[] => {
		const value = field(name);
		return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
	};
	return {
		tab: dashboardTabs.find((tab) => tab === field('tab')) ?? usualLayout.tab,
		closed: texts('closed'),
		lanes: text('lanes', usualLayout.lanes),
		boardText: text('boardText', usualLayout.boardText),
		closedLanes: texts('closedLanes'),
		period: periods.find(({ id }) => id === field('period'))?.id ?? usualLayout.period,
		span: text('span', usualLayout.span),
		logText: text('logText', usualLayout.logText),
		logKind: text('logKind', usualLayout.logKind),
	};
}

/** The closed sections once one was opened or closed. */
export function withSection(closed: readonly string[], section: string, isOpen: boolean): readonly string[] {
	const others = closed.filter((each) => each !== section);
	return isOpen ? others : [...others, section];
}
