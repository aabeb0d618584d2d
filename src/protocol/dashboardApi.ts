// Owns the messages between the dashboard and the editor. What the webview sends is checked by dashboardInput.ts.

import type { PeriodId } from './analyticsModel.ts';
import type { DashboardDelta, DashboardSnapshot } from './dashboardState.ts';
import type { TaskPriority } from '../core/task/taskPriority.ts';
import type { MoveName, TaskStatus } from '../core/task/taskStatus.ts';
import { message } from './define.ts';

/** The tabs, in their order. The editor sends what the one that is seen shows. */
export const dashboardTabs = ['overview', 'board', 'graph', 'timeline', 'analytics', 'log'] as const;
export type DashboardTab = (typeof dashboardTabs)[number];

/** Commands the dashboard may ask for: each is the palette's own. */
export const dashboardCommands = [
	'workspace.initialize',
	'workspace.adopt',
	'task.create',
	'task.unblock',
	'task.retry',
	'task.release',
	'task.split',
	'run.review',
	'run.accept',
	'run.reject',
	'run.log',
	'run.watch',
	'run.pause',
	'run.resume',
	'run.message',
	'agent.pause',
	'agent.resume',
	'question.answer',
	'swarm.start',
	'swarm.stop',
	'swarm.pause',
	'swarm.resume',
	'boards.check',
	'logs.show',
] as const;
export type DashboardCommand = (typeof dashboardCommands)[number];

export interface CommandRequest {
	readonly command: DashboardCommand;
	readonly taskId?: string | undefined;
	readonly runId?: string | undefined;
	readonly agentId?: string | undefined;
}

/** What a page shows. */
export interface Watched {
	readonly tab: DashboardTab;
	/** Which time the analytics are about. */
	readonly period: PeriodId;
}

/** Fields of a task that are changed where they stand. */
export interface EditRequest {
	readonly taskId: string;
	readonly name?: string | undefined;
	readonly priority?: TaskPriority | undefined;
}

/** Where tasks may be put together. */
export interface DropAnswer {
	readonly taskIds: readonly string[];
	readonly places: readonly {
		readonly status: TaskStatus;
		/** Why not; null where they may. */
		readonly why: string | null;
		/** What putting them there does; null where nothing would be done. */
		readonly move: MoveName | 'accept' | null;
	}[];
}

/** All figures, or a chart of them. */
export const savedFigures = ['analytics', 'throughput', 'cycle-time'] as const;

/** What becomes a file; `data` is the picture in base64. */
export interface SaveRequest {
	readonly kind: 'csv' | 'png';
	readonly what: (typeof savedFigures)[number];
	readonly data?: string | undefined;
}

/** From the webview. */
export const toEditor = {
	/** The page is there, or missed something, and wants a whole picture for the tab it shows. */
	ready: message<Watched>(),
	/** Another tab is seen now. */
	watch: message<Watched>(),
	perform: message<CommandRequest>(),
	/** Show the tasks with this status in the tree. */
	revealStatus: message<{ readonly status: string }>(),
	revealTask: message<{ readonly taskId: string }>(),
	/** Where may these be put? Answered by `drops`. */
	planDrop: message<{ readonly taskIds: readonly string[] }>(),
	moveTasks: message<{ readonly taskIds: readonly string[]; readonly to: TaskStatus }>(),
	editTask: message<EditRequest>(),
	/** Which tasks answer this search, from now on; answered by `found`. Blank ends it. */
	search: message<{ readonly text: string }>(),
	/** Which tasks stand behind this figure, of the analytics, of today (`today completed`), or of what needs the person (`attention`)? Answered by `figure`. */
	openFigure: message<{ readonly key: string }>(),
	/** Write figures to a file. */
	save: message<SaveRequest>(),
};

/** To the webview. */
export const toWebview = {
	snapshot: message<DashboardSnapshot>(),
	/** What is new since the message before; at most ten times a second. */
	delta: message<DashboardDelta>(),
	drops: message<DropAnswer>(),
	figure: message<{ readonly title: string; readonly ids: readonly string[] }>(),
	/** `total` counts also what is not among the ids. */
	found: message<{ readonly text: string; readonly ids: readonly string[]; readonly total: number }>(),
};
