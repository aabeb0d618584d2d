// Owns the messages between the dashboard and the editor. What the webview sends is checked by dashboardInput.ts.

import type { DashboardDelta, DashboardSnapshot } from './dashboardState.ts';
import { message } from './define.ts';

/** The tabs, in their order. The editor sends what the one that is seen shows. */
export const dashboardTabs = ['overview', 'log'] as const;
export type DashboardTab = (typeof dashboardTabs)[number];

/** Commands the dashboard may ask for: each is the palette's own. */
export const dashboardCommands = [
	'workspace.initialize',
	'workspace.adopt',
	'task.create',
	'task.unblock',
	'task.retry',
	'task.release',
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

/** From the webview. */
export const toEditor = {
	/** The page is there, or missed something, and wants a whole picture for the tab it shows. */
	ready: message<{ readonly tab: DashboardTab }>(),
	/** Another tab is seen now. */
	watch: message<{ readonly tab: DashboardTab }>(),
	perform: message<CommandRequest>(),
	/** Show the tasks with this status in the tree. */
	revealStatus: message<{ readonly status: string }>(),
	revealTask: message<{ readonly taskId: string }>(),
};

/** To the webview. */
export const toWebview = {
	snapshot: message<DashboardSnapshot>(),
	/** What is new since the message before; at most ten times a second. */
	delta: message<DashboardDelta>(),
};
