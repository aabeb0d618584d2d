// Owns the shape of a tab of the dashboard.

import type { DashboardTab, DropAnswer, toEditor, toWebview } from '../../src/protocol/dashboardApi.ts';
import type { ToldState } from '../../src/protocol/dashboardState.ts';
import type { DataOf, Post } from '../../src/protocol/define.ts';
import type { Layout } from './layout.ts';

export type FoundTasks = DataOf<typeof toWebview.found>;

/** What every tab gets. */
export interface TabParts {
	readonly post: Post<typeof toEditor>;
	/** The layout as it is now. */
	readonly layout: () => Layout;
	/** Keeps a part of the layout over a restart. */
	readonly keep: (part: Partial<Layout>) => void;
	/** Opens the board with these tasks and no others; the title says which they are. */
	readonly openOnBoard: (title: string, taskIds: readonly string[]) => void;
}

/** A tab renders what the page was told, while it is the one that is seen. */
export interface Tab {
	readonly id: DashboardTab;
	readonly title: string;
	readonly element: HTMLElement;
	render(told: ToldState): void;
	/** Takes an answer of the editor that is about this tab. */
	takeDrops?(answer: DropAnswer): void;
	takeFound?(found: FoundTasks): void;
	/** Shows these tasks and no others. */
	showOnly?(title: string, taskIds: readonly string[]): void;
}
