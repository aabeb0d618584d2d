// Owns the commands that look into one task or its turn: why it waits, its history, undo, pin and unpin. What may be undone or pinned
// is for the actions to say.

import { l10n } from 'vscode';
import type { EstimateAnswer } from '../../core/budget/budgetReport.ts';
import { estimateLines } from '../../core/budget/budgetReport.ts';
import type { ShownTask } from '../../core/swarm/swarmSnapshot.ts';
import type { TimelineEntry } from '../../core/task/taskTimeline.ts';
import { timelineLines } from '../../core/task/taskTimeline.ts';
import { isFinished } from '../../core/task/taskStatus.ts';
import { countOfFiles } from '../counts.ts';
import type { ReportDocuments } from '../documents/reportDocuments.ts';
import type { Notifier } from '../notify.ts';
import type { Performer } from '../performer.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { CommandHandler, CommandHandlers } from './commandRegistry.ts';
import type { TaskQuestion } from './pickers.ts';
import { offerSplit } from './splitTask.ts';
import { pickTask } from './pickers.ts';
import { taskOf } from './rowArguments.ts';
import { sortForPicking } from './taskChoices.ts';

export interface TaskInsightParts {
	readonly session: WorkspaceSession;
	readonly performer: Performer;
	readonly notifier: Notifier;
	readonly reports: ReportDocuments;
}

interface InsightCommand {
	readonly question: TaskQuestion;
	/** Looks only: allowed where the folder is not trusted. */
	readonly isReading?: true;
	/** Tasks the palette offers. */
	readonly isOffered: (shown: ShownTask) => boolean;
	run(parts: TaskInsightParts, taskId: string): Promise<void>;
}

const noTasks = { message: l10n.t('There are no tasks.'), advice: l10n.t('Create one first.') };

const why: InsightCommand = {
	isReading: true,
	question: { title: l10n.t('Why Is It Waiting?'), placeHolder: l10n.t('Which task?'), none: noTasks },
	isOffered: () => true,
	async run({ performer, notifier }, task_id) {
		const answer = await performer.perform<{ readonly why: string }>('task.why', { task_id });
		notifier.answer(answer.why);
	},
};

const split: InsightCommand = {
	question: {
		title: l10n.t('Split Task'),
		placeHolder: l10n.t('Which task is too big?'),
		none: {
			message: l10n.t('There is no task to split.'),
			advice: l10n.t('Only a task nobody works on is split.'),
		},
	},
	isOffered: ({ task }) => ['PENDING', 'READY', 'BLOCKED', 'FAILED'].includes(task.status),
	run: offerSplit,
};

const history: InsightCommand = {
	isReading: true,
	question: { title: l10n.t('Show Task History'), placeHolder: l10n.t('Which task?'), none: noTasks },
	isOffered: () => true,
	async run({ performer, reports }, task_id) {
		const entries = await performer.perform<readonly TimelineEntry[]>('task.history', { task_id });
		await reports.open(l10n.t('History of {0}', task_id.replaceAll(/[\\/]/gu, '-')), timelineLines(entries));
	},
};

const estimate: InsightCommand = {
	isReading: true,
	question: { title: l10n.t('Estimate Cost of Task'), placeHolder: l10n.t('Of which task?'), none: noTasks },
	isOffered: ({ task }) => !isFinished(task.status),
	async run({ performer, notifier }, task_id) {
		const answer = await performer.perform<EstimateAnswer>('budget.estimate', { task_id });
		notifier.answer(`${task_id}: ${estimateLines(answer).join('; ')}.`);
	},
};

const undo: InsightCommand = {
	question: {
		title: l10n.t('Undo Last Change'),
		placeHolder: l10n.t('Of which task is the last change taken back?'),
		none: noTasks,
	},
	isOffered: () => true,
	async run({ performer, notifier }, task_id) {
		interface Undone {
			readonly undone: { readonly what: string; readonly who: string };
		}
		const { undone } = await performer.perform<Undone>('task.undo', { task_id });
		notifier.answer(l10n.t('Taken back: {0} ({1}). Undo Last Change does it again.', undone.what, undone.who));
	},
};

const pin: InsightCommand = {
	question: {
		title: l10n.t('Pin Task'),
		placeHolder: l10n.t('Which task comes before all others?'),
		none: {
			message: l10n.t('There is no task to pin.'),
			advice: l10n.t('Finished and pinned tasks cannot be pinned.'),
		},
	},
	isOffered: ({ task }) => task.pinned === null && !isFinished(task.status),
	run: async ({ performer }, task_id) => {
		await performer.perform('task.pin', { task_id });
	},
};

const unpin: InsightCommand = {
	question: {
		title: l10n.t('Unpin Task'),
		placeHolder: l10n.t('Which task takes its turn again?'),
		none: { message: l10n.t('No task is pinned.'), advice: '' },
	},
	isOffered: ({ task }) => task.pinned !== null,
	run: async ({ performer }, task_id) => {
		await performer.perform('task.unpin', { task_id });
	},
};

const revert: InsightCommand = {
	question: {
		title: l10n.t('Undo Landed Task'),
		placeHolder: l10n.t('The change of which task is taken back?'),
		none: { message: l10n.t('No change of a task has landed here.'), advice: '' },
	},
	isOffered: ({ task }) => task.status === 'COMPLETED' && (task.result?.files ?? []).length > 0,
	async run({ performer, notifier }, task_id) {
		const answer = await performer.perform<{ readonly reverted: boolean; readonly files: readonly string[] }>(
			'task.revert',
			{ task_id },
		);
		notifier.answer(
			answer.reverted
				? l10n.t('What {0} landed was taken back: {1}.', task_id, countOfFiles(answer.files.length))
				: l10n.t('What {0} landed is taken back as soon as whoever lands gets to it.', task_id),
		);
	},
};

export function createTaskInsight(parts: TaskInsightParts): CommandHandlers {
	const { session, performer } = parts;
	const handler =
		({ question, isReading, isOffered, run }: InsightCommand): CommandHandler =>
		async (argument) => {
			if (isReading === true) {
				session.require();
			} else {
				performer.assertReady();
			}
			const taskId = taskOf(argument) ?? (await pickTask(sortForPicking(session.snapshot, isOffered), question));
			if (taskId !== undefined) {
				await run(parts, taskId);
			}
		};
	return {
		'dreamos.task.why': handler(why),
		'dreamos.task.split': handler(split),
		'dreamos.task.history': handler(history),
		'dreamos.task.estimate': handler(estimate),
		'dreamos.task.undo': handler(undo),
		'dreamos.task.revert': handler(revert),
		'dreamos.task.pin': handler(pin),
		'dreamos.task.unpin': handler(unpin),
	};
}
