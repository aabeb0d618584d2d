// Owns every name that package.json and the code share: commands, views, context keys. A test keeps both equal.

import type { Settings } from '../core/settings.ts';
import type { SwarmMode } from '../core/swarmFacts.ts';

export const commandIds = [
	'dreamos.workspace.initialize',
	'dreamos.workspace.adopt',
	'dreamos.workspace.openSample',
	'dreamos.task.create',
	'dreamos.task.createQuick',
	'dreamos.task.createFromSelection',
	'dreamos.task.createFromProblem',
	'dreamos.task.createFromComment',
	'dreamos.task.ready',
	'dreamos.task.shelve',
	'dreamos.task.reopen',
	'dreamos.task.claim',
	'dreamos.task.start',
	'dreamos.task.block',
	'dreamos.task.unblock',
	'dreamos.task.complete',
	'dreamos.task.fail',
	'dreamos.task.cancel',
	'dreamos.task.release',
	'dreamos.task.retry',
	'dreamos.task.pin',
	'dreamos.task.unpin',
	'dreamos.task.why',
	'dreamos.task.split',
	'dreamos.task.history',
	'dreamos.task.undo',
	'dreamos.task.openInBoard',
	'dreamos.tasks.showMore',
	'dreamos.run.review',
	'dreamos.run.accept',
	'dreamos.run.reject',
	'dreamos.run.log',
	'dreamos.run.evidence',
	'dreamos.checkpoint.restore',
	'dreamos.checkpoint.import',
	'dreamos.checkpoint.export',
	'dreamos.swarm.start',
	'dreamos.swarm.stop',
	'dreamos.swarm.stopNow',
	'dreamos.swarm.pause',
	'dreamos.swarm.resume',
	'dreamos.swarm.drain',
	'dreamos.budget.show',
	'dreamos.task.estimate',
	'dreamos.boards.check',
	'dreamos.boards.accept',
	'dreamos.boards.import',
	'dreamos.dashboard.open',
	'dreamos.logs.show',
	'dreamos.issue.report',
	'dreamos.task.import',
	'dreamos.boards.export',
	'dreamos.task.search',
	'dreamos.tasks.filter',
	'dreamos.tasks.clearFilter',
	'dreamos.tasks.groupBy',
	'dreamos.tasks.sortBy',
	'dreamos.tasks.tick',
	'dreamos.tasks.change',
	'dreamos.question.answer',
	'dreamos.policy.open',
	'dreamos.agent.add',
	'dreamos.agent.check',
	'dreamos.agent.setKey',
	'dreamos.worktree.open',
	'dreamos.worktree.reveal',
	'dreamos.worktree.reclaim',
	'dreamos.worktree.reclaimAbandoned',
	'dreamos.task.revert',
	'dreamos.run.acceptPart',
	'dreamos.run.sendBack',
	'dreamos.run.comment',
	'dreamos.run.uncomment',
	'dreamos.task.pullRequest',
	'dreamos.run.message',
	'dreamos.run.pause',
	'dreamos.run.resume',
	'dreamos.run.restart',
	'dreamos.run.handoff',
	'dreamos.agent.pause',
	'dreamos.agent.resume',
	'dreamos.run.watch',
	'dreamos.run.protocolLog',
	'dreamos.task.work',
	'dreamos.run.takeOver',
	'dreamos.run.submit',
	'dreamos.run.giveBack',
	'dreamos.task.resolve',
	'dreamos.workspace.chooseFolder',
] as const;
export type CommandId = (typeof commandIds)[number];

/** Commands that mean nothing without the row they were chosen on; hidden from the palette. */
export const rowCommandIds: readonly CommandId[] = [
	'dreamos.tasks.showMore',
	'dreamos.run.comment',
	'dreamos.run.uncomment',
];

export const viewIds = { tasks: 'dreamos.tasks', agents: 'dreamos.agents', worktrees: 'dreamos.worktrees' } as const;

/** `@dreamos` in the editor's chat. */
export const chatParticipantId = 'dreamos.board';
/** Tools for the editor's models, by the action behind them. */
export const chatToolActions = {
	dreamos_list_tasks: 'task.list',
	dreamos_search_tasks: 'task.search',
	dreamos_show_task: 'task.show',
	dreamos_why_waiting: 'task.why',
	dreamos_create_task: 'task.create',
} as const;

export const dashboardPanelType = 'dreamos.dashboard';
export const watchPanelType = 'dreamos.watch';

/** Values of `dreamos.workspace`; the first three are states of a folder, the others say why there is none. */
export type WorkspaceKey = 'ours' | 'foreign' | 'none' | 'opening' | 'noFolder' | 'unusable';

export interface ContextKeyValues {
	readonly 'dreamos.workspace': WorkspaceKey;
	readonly 'dreamos.swarm': 'running' | 'stopped';
	/** Whether a swarm that runs may begin tasks. */
	readonly 'dreamos.swarmMode': SwarmMode;
	/** Whether the active editor shows a change under review. */
	readonly 'dreamos.review': boolean;
	/** Whether the Tasks view shows only what answers a filter. */
	readonly 'dreamos.tasksFiltered': boolean;
}
export const contextKeyNames = [
	'dreamos.workspace',
	'dreamos.swarm',
	'dreamos.swarmMode',
	'dreamos.review',
	'dreamos.tasksFiltered',
] as const satisfies readonly (keyof ContextKeyValues)[];

/** Schemes of the read-only documents we show. */
export const documentSchemes = {
	blob: 'dreamos-run',
	log: 'dreamos-log',
	report: 'dreamos-report',
	repaired: 'dreamos-repaired',
} as const;

export const settingsSection = 'dreamos';

/** The provider of tools for the editor's own agent. */
export const toolProviderId = 'dreamos.boards';

/** What package.json says of notifications, until a workspace has read its settings: their checks are not loaded with the extension. */
export const unsetNotifications: Pick<Settings, 'notifications' | 'mutedNotifications'> = {
	notifications: 'problems',
	mutedNotifications: [],
};
