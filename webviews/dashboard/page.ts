// Owns the page as a whole: its head, its tabs, and what a screen reader is told of all of it.

import * as l10n from '@vscode/l10n';
import type { DropAnswer, toEditor } from '../../src/protocol/dashboardApi.ts';
import type { ToldState } from '../../src/protocol/dashboardState.ts';
import type { Post } from '../../src/protocol/define.ts';
import { byCount } from '../../src/base/words.ts';
import type { DashboardModel } from '../../src/protocol/viewModels.ts';
import { element, setText } from '../shared/dom.ts';
import { createHead, swarmTexts } from './head.ts';
import type { Layout } from './layout.ts';
import { createAnalyticsTab } from './analytics/analyticsTab.ts';
import { createBoardTab } from './board/boardTab.ts';
import { createGraphTab } from './graph/graphTab.ts';
import { createLogTab } from './log/logTab.ts';
import { createNotice } from './notice.ts';
import { createOverview } from './overview/overviewTab.ts';
import { createTimelineTab } from './timeline/timelineTab.ts';
import type { FoundTasks, Tab, TabParts } from './tab.ts';
import { createTabs } from './tabs.ts';

export interface PageParts {
	readonly post: Post<typeof toEditor>;
	readonly layout: Layout;
	readonly keepLayout: (layout: Layout) => void;
	readonly told: ToldState;
}

export interface Page {
	readonly element: HTMLElement;
	/** Shows what was told. */
	render(): void;
	layout(): Layout;
	takeDrops(answer: DropAnswer): void;
	takeFound(found: FoundTasks): void;
	/** Shows the tasks behind a figure. */
	takeFigure(figure: { readonly title: string; readonly ids: readonly string[] }): void;
}

const workingStatuses = ['CLAIMED', 'IN_PROGRESS', 'VALIDATING'];

/** What a screen reader is told when it changes: the figures people wait for, nothing that ticks. */
function spokenSummary({ counts, swarm }: DashboardModel): string {
	const sum = (statuses: readonly string[]) =>
		counts.reduce((total, { status, count }) => total + (statuses.includes(status) ? count : 0), 0);
	const facts = [swarmTexts[swarm], sum(workingStatuses), sum(['REVIEW']), sum(['COMPLETED'])];
	return byCount(
		sum(workingStatuses),
		l10n.t('{0}. {1} task in work, {2} to review, {3} completed.', ...facts),
		l10n.t('{0}. {1} tasks in work, {2} to review, {3} completed.', ...facts),
	);
}

export function createPage({ post, layout: kept, keepLayout, told }: PageParts): Page {
	let layout = kept;
	const parts: TabParts = {
		post,
		layout: () => layout,
		keep(part) {
			layout = { ...layout, ...part };
			keepLayout(layout);
		},
		openOnBoard(title, taskIds) {
			all.find(({ id }) => id === 'board')?.showOnly?.(title, taskIds);
			tabs.open('board');
		},
	};
	const head = createHead(post);
	const notice = createNotice(post);
	const spoken = element('div', { className: 'spoken', attributes: { role: 'status' } });
	const all: readonly Tab[] = [
		createOverview(parts),
		createBoardTab(parts),
		createGraphTab(parts),
		createTimelineTab(parts),
		createAnalyticsTab(parts),
		createLogTab(parts),
	];
	const tabs = createTabs(all, layout.tab, (tab) => {
		parts.keep({ tab: tab.id });
		post('watch', { tab: tab.id, period: layout.period });
		tab.render(told);
	});
	return {
		element: element('main', { attributes: { id: 'page' } }, [head.element, notice.element, tabs.element, spoken]),
		layout: () => layout,
		takeDrops: (answer) => all.forEach((tab) => tab.takeDrops?.(answer)),
		takeFigure: ({ title, ids }) => parts.openOnBoard(title, ids),
		takeFound: (found) => all.forEach((tab) => tab.takeFound?.(found)),
		render() {
			const model = told.overview;
			if (model === undefined) {
				return;
			}
			head.render(model);
			const said = notice.render(model);
			tabs.element.classList.toggle('hidden', model.workspace !== 'ours' && model.workspace !== 'foreign');
			tabs.current()?.render(told);
			setText(spoken, model.workspace === 'ours' ? spokenSummary(model) : (said ?? ''));
		},
	};
}
