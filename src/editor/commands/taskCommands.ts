// Owns the commands that move a task: which task, why, and whether it is meant when an agent is at work. No rule about tasks is
// here: what may not be is refused by the action.

import { window, l10n } from 'vscode';
import type { LeftByMove } from '../../core/person/leftByMove.ts';
import type { SwarmSnapshot } from '../../core/swarm/swarmSnapshot.ts';
import type { MoveName } from '../../core/task/taskStatus.ts';
import { countOfTasks } from '../counts.ts';
import type { Notifier } from '../notify.ts';
import type { Performer } from '../performer.ts';
import { plainMessage } from '../plainText.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { CommandHandler, CommandHandlers } from './commandRegistry.ts';
import { askText, pickTask } from './pickers.ts';
import { tasksOf } from './rowArguments.ts';
import { drivenRunOf, tasksAllowing } from './taskChoices.ts';

interface MoveCommand {
	readonly action: string;
	readonly title: string;
	/** A task that allows one of these is offered. */
	readonly moves: readonly MoveName[];
	readonly placeHolder: string;
	readonly none: { readonly message: string; readonly advice: string };
	/** What is asked as the reason. */
	readonly why?: { readonly prompt: string; readonly placeHolder: string; readonly required: string };
	/** Ends the work of an agent: asked once more while one is at work. */
	readonly stops?: string;
}

const inWork = l10n.t('A task is in work once it is claimed.');

const moveCommands = {
	'dreamos.task.ready': {
		action: 'task.ready',
		title: l10n.t('Make Task Ready'),
		moves: ['ready'],
		placeHolder: l10n.t('Which task may be taken from now on?'),
		none: {
			message: l10n.t('No task of the backlog can be made ready.'),
			advice: l10n.t('Those that are left wait for other tasks.'),
		},
	},
	'dreamos.task.shelve': {
		action: 'task.shelve',
		title: l10n.t('Move Task to Backlog'),
		moves: ['shelve'],
		placeHolder: l10n.t('Which task is not to be taken for now?'),
		none: { message: l10n.t('No task is ready.'), advice: '' },
	},
	'dreamos.task.reopen': {
		action: 'task.reopen',
		title: l10n.t('Reopen Task'),
		moves: ['reopen'],
		placeHolder: l10n.t('Which task is not done after all?'),
		none: { message: l10n.t('No task is completed.'), advice: '' },
		why: {
			prompt: l10n.t('Why is it not done?'),
			placeHolder: l10n.t('such as: it fails on an empty file'),
			required: l10n.t('Say why, so that the next attempt knows.'),
		},
	},
	'dreamos.task.claim': {
		action: 'task.claim',
		title: l10n.t('Claim Task'),
		moves: ['claim'],
		placeHolder: l10n.t('Which task do you take?'),
		none: {
			message: l10n.t('No task can be claimed now.'),
			advice: l10n.t('Create one, or look what the waiting ones wait for.'),
		},
	},
	'dreamos.task.start': {
		action: 'task.start',
		title: l10n.t('Start Task'),
		moves: ['start', 'claim'],
		placeHolder: l10n.t('Which task do you begin? It is claimed for you when nobody holds it.'),
		none: {
			message: l10n.t('No task can be started now.'),
			advice: l10n.t('Create one, or look what the waiting ones wait for.'),
		},
	},
	'dreamos.task.block': {
		action: 'task.block',
		title: l10n.t('Block Task'),
		moves: ['block'],
		placeHolder: l10n.t('Which task cannot go on?'),
		none: {
			message: l10n.t('There is no task to block.'),
			advice: l10n.t('Finished and blocked tasks cannot be blocked.'),
		},
		why: {
			prompt: l10n.t('What is missing?'),
			placeHolder: l10n.t('such as: the address of the test server'),
			required: l10n.t('Say what is missing, so that somebody can help.'),
		},
		stops: l10n.t('Block'),
	},
	'dreamos.task.unblock': {
		action: 'task.unblock',
		title: l10n.t('Unblock Task'),
		moves: ['unblock'],
		placeHolder: l10n.t('Which task can go on?'),
		none: { message: l10n.t('No task is blocked.'), advice: '' },
	},
	'dreamos.task.complete': {
		action: 'task.complete',
		title: l10n.t('Complete Task'),
		moves: ['complete'],
		placeHolder: l10n.t('Which task is done?'),
		none: {
			message: l10n.t('No task that you hold is in work.'),
			advice: `${inWork} ${l10n.t('What an agent works on is completed by its change.')}`,
		},
	},
	'dreamos.task.fail': {
		action: 'task.fail',
		title: l10n.t('Fail Task'),
		moves: ['fail'],
		placeHolder: l10n.t('Which task is given up?'),
		none: { message: l10n.t('No task is in work.'), advice: inWork },
		why: {
			prompt: l10n.t('Why did it fail?'),
			placeHolder: l10n.t('such as: the library does not support it'),
			required: l10n.t('Say why, so that the next attempt knows.'),
		},
		stops: l10n.t('Fail'),
	},
	'dreamos.task.cancel': {
		action: 'task.cancel',
		title: l10n.t('Cancel Task'),
		moves: ['cancel'],
		placeHolder: l10n.t('Which task is dropped?'),
		none: { message: l10n.t('There is no task to cancel.'), advice: l10n.t('All of them are finished.') },
		stops: l10n.t('Cancel Task'),
	},
	'dreamos.task.release': {
		action: 'task.release',
		title: l10n.t('Release Task'),
		moves: ['release'],
		placeHolder: l10n.t('Which task goes back to its queue?'),
		none: { message: l10n.t('No task is in work.'), advice: inWork },
		stops: l10n.t('Release'),
	},
	'dreamos.task.retry': {
		action: 'task.retry',
		title: l10n.t('Retry Task'),
		moves: ['retry'],
		placeHolder: l10n.t('Which task is tried again?'),
		none: { message: l10n.t('No task has failed or was cancelled.'), advice: '' },
	},
} as const satisfies CommandHandlersOf<MoveCommand>;

type CommandHandlersOf<Value> = { readonly [Id in keyof CommandHandlers]?: Value };

/** Asks once more before the work of an agent is stopped; true when nobody works on it. */
async function isMeant(snapshot: SwarmSnapshot, taskId: string, stops: string | undefined): Promise<boolean> {
	const shown = snapshot.tasks.get(taskId);
	const run = shown === undefined || stops === undefined ? undefined : drivenRunOf(snapshot, shown);
	if (run === undefined || stops === undefined) {
		return true;
	}
	const chosen = await window.showWarningMessage(
		plainMessage(l10n.t('{0} is working on {1}.', run.worker, taskId)),
		{
			modal: true,
			detail: l10n.t('It will be stopped; what it has done so far is kept under a rescue reference of git.'),
		},
		stops,
	);
	return chosen === stops;
}

/** The tasks of the row, or the one that is picked; without those whose agent is to go on. */
async function chooseTasks(session: WorkspaceSession, argument: unknown, command: MoveCommand): Promise<string[]> {
	const given = tasksOf(argument);
	const picked = given.length > 0 ? given : [await pickTask(tasksAllowing(session.snapshot, command.moves), command)];
	const meant: string[] = [];
	for (const taskId of picked) {
		if (taskId !== undefined && (await isMeant(session.snapshot, taskId, command.stops))) {
			meant.push(taskId);
		}
	}
	return meant;
}

export function createTaskCommands(
	session: WorkspaceSession,
	performer: Performer,
	notifier: Notifier,
): CommandHandlers {
	const handler =
		(command: MoveCommand): CommandHandler =>
		async (argument) => {
			performer.assertReady();
			const taskIds = await chooseTasks(session, argument, command);
			if (taskIds.length === 0) {
				return;
			}
			const what = taskIds.length === 1 ? ` ${taskIds[0] ?? ''}` : `: ${countOfTasks(taskIds.length)}`;
			const reason =
				command.why === undefined
					? undefined
					: await askText({ ...command.why, title: `${command.title}${what}` });
			for (const taskId of command.why === undefined || reason !== undefined ? taskIds : []) {
				const { left } = await performer.perform<{ readonly left?: LeftByMove }>(command.action, {
					task_id: taskId,
					...(reason === undefined ? {} : { reason }),
				});
				if (left !== undefined) {
					notifier.answer(
						l10n.t(
							'What you did on {0} is not lost: it lies in {1}, later at {2}.',
							taskId,
							left.folder,
							left.kept,
						),
					);
				}
			}
		};
	return Object.fromEntries(Object.entries(moveCommands).map(([id, command]) => [id, handler(command)]));
}
