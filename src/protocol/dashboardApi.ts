// Owns the messages between the dashboard and the editor. What the webview sends is checked by dashboardInput.ts.

import { message } from './define.ts';
import type { DashboardModel } from './viewModels.ts';

/** Commands the dashboard may ask for: each is the palette's own. */
export const dashboardCommands = [
	'workspace.initialize',
	'workspace.adopt',
	'task.create',
	'task.unblock',
	'task.retry',
	'run.review',
	'run.accept',
	'run.reject',
	'run.log',
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
}

/** From the webview. */
export const toEditor = {
	/** The page is there and wants its first snapshot. */
	ready: message<Record<string, never>>(),
	perform: message<CommandRequest>(),
	/** Show the tasks with this status in the tree. */
	revealStatus: message<{ readonly status: string }>(),
	revealTask: message<{ readonly taskId: string }>(),
};

/** To the webview. */
export const toWebview = {
	/** The whole model, each time: a page that missed one has missed nothing. */
	snapshot: message<{ readonly sequence: number; readonly model: DashboardModel }>(),
};
