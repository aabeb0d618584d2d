// Owns the commands that move a task: which task, why, and whether it is meant when an agent is at work. No rule about tasks is
// here: what may not be is refused by the action.

import { window } from 'vscode';
import { countOf } from '../../base/words.ts';
import type { LeftByMove } from '../../core/person/leftByMove.ts';
import type { SwarmSnapshot } from '../../core/swarm/swarmSnapshot.ts';
import type { MoveName } from '../../core/task/taskStatus.ts';
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

const inWork = 'A task is in work once it is claimed.';

const moveCommands = {
	'dreamos.task.ready': {
		action: 'task.ready',
		title: 'Make Task Ready',
		moves: ['ready'],
		placeHolder: 'Which task may be taken from now on?',
		none: {
			message: 'No task of the backlog can be made ready.',
			advice: 'Those that are left wait for other tasks.',
		},
	},
	'dreamos.task.shelve': {
		action: 'task.shelve',
		title: 'Move Task to Backlog',
		moves: ['shelve'],
		placeHolder: 'Which task is not to be taken for now?',
		none: { message: 'No task is ready.', advice: '' },
	},
	'dreamos.task.reopen': {
		action: 'task.reopen',
		title: 'Reopen Task',
		moves: ['reopen'],
		placeHolder: 'Which task is not done after all?',
		none: { message: 'No task is completed.', advice: '' },
		why: {
			prompt: 'Why is it not done?',
			placeHolder: 'such as: it fails on an empty file',
			required: 'Say why, so that the next attempt knows.',
		},
	},
	'dreamos.task.claim': {
		action: 'task.claim',
		title: 'Claim Task',
		moves: ['claim'],
		placeHolder: 'Which task do you take?',
		none: { message: 'No task can be claimed now.', advice: 'Create one, or look what the waiting ones wait for.' },
	},
	'dreamos.task.start': {
		action: 'task.start',
		title: 'Start Task',
		moves: ['start', 'claim'],
		placeHolder: 'Which task do you begin? It is claimed for you when nobody holds it.',
		none: { message: 'No task can be started now.', advice: 'Create one, or look what the waiting ones wait for.' },
	},
	'dreamos.task.block': {
		action: 'task.block',
		title: 'Block Task',
		moves: ['block'],
		placeHolder: 'Which task cannot go on?',
		none: { message: 'There is no task to block.', advice: 'Finished and blocked tasks cannot be blocked.' },
		why: {
			prompt: 'What is missing?',
			placeHolder: 'such as: the address of the test server',
			required: 'Say what is missing, so that somebody can help.',
		},
		stops: 'Block',
	},
	'dreamos.task.unblock': {
		action: 'task.unblock',
		title: 'Unblock Task',
		moves: ['unblock'],
		placeHolder: 'Which task can go on?',
		none: { message: 'No task is blocked.', advice: '' },
	},
	'dreamos.task.complete': {
		action: 'task.complete',
		title: 'Complete Task',
		moves: ['complete'],
		placeHolder: 'Which task is done?',
		none: {
			message: 'No task that you hold is in work.',
			advice: `${inWork} What an agent works on is completed by its change.`,
		},
	},
	'dreamos.task.fail': {
		action: 'task.fail',
		title: 'Fail Task',
		moves: ['fail'],
		placeHolder: 'Which task is given up?',
		none: { message: 'No task is in work.', advice: inWork },
		why: {
			prompt: 'Why did it fail?',
			placeHolder: 'such as: the library does not support it',
			required: 'Say why, so that the next attempt knows.',
		},
		stops: 'Fail',
	},
	'dreamos.task.cancel': {
		action: 'task.cancel',
		title: 'Cancel Task',
		moves: ['cancel'],
		placeHolder: 'Which task is dropped?',
		none: { message: 'There is no task to cancel.', advice: 'All of them are finished.' },
		stops: 'Cancel Task',
	},
	'dreamos.task.release': {
		action: 'task.release',
		title: 'Release Task',
		moves: ['release'],
		placeHolder: 'Which task goes back to its queue?',
		none: { message: 'No task is in work.', advice: inWork },
		stops: 'Release',
	},
	'dreamos.task.retry': {
		action: 'task.retry',
		title: 'Retry Task',
		moves: ['retry'],
		placeHolder: 'Which task is tried again?',
		none: { message: 'No task has failed or was cancelled.', advice: '' },
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
		plainMessage(`${run.worker} is working on ${taskId}.`),
		{ modal: true, detail: 'It will be stopped; what it has done so far is kept under a rescue reference of git.' },
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
			const what = taskIds.length === 1 ? ` ${taskIds[0] ?? ''}` : `: ${countOf(taskIds.length, 'task')}`;
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
						`What you did on ${taskId} is not lost: it lies in ${left.folder}, later at ${left.kept}.`,
					);
				}
			}
		};
	return Object.fromEntries(Object.entries(moveCommands).map(([id, command]) => [id, handler(command)]));
}
