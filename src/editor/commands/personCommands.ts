// Owns the commands of a person in the place of an agent: work in a worktree, finish, take over, give back, resolve a conflict.

import { Uri, commands, l10n } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import type { Submitted } from '../../core/person/submitWork.ts';
import type { WorkPlace } from '../../core/person/workOnTask.ts';
import type { Run } from '../../core/run/run.ts';
import { isOpenRun } from '../../core/run/run.ts';
import type { Notifier } from '../notify.ts';
import type { Performer } from '../performer.ts';
import { person } from '../person.ts';
import { plainLabel } from '../plainText.ts';
import type { MergeConflicts } from '../review/mergeConflicts.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { CommandHandlers } from './commandRegistry.ts';
import { askText, pickOne, pickTask } from './pickers.ts';
import { runOf, taskOf } from './rowArguments.ts';
import { sortForPicking } from './taskChoices.ts';

export interface PersonCommandParts {
	readonly session: WorkspaceSession;
	readonly performer: Performer;
	readonly notifier: Notifier;
	readonly conflicts: MergeConflicts;
}

interface Question {
	readonly title: string;
	readonly placeHolder: string;
	readonly none: string;
	readonly advice: string;
	readonly isMeant: (run: Run) => boolean;
}

const isMine = (run: Run): boolean => isOpenRun(run.state) && run.host_id === null && run.worktree !== null;
const takeableStates: readonly Run['state'][] = ['claimed', 'preparing', 'working', 'validating', 'review'];

const questions = {
	takeOver: {
		title: l10n.t('Take Over'),
		placeHolder: l10n.t('Whose work do you go on with? The agent is stopped.'),
		none: l10n.t('No agent is at work.'),
		advice: l10n.t('Work on a task yourself with Work on Task in Worktree.'),
		isMeant: (run) => run.host_id !== null && takeableStates.includes(run.state),
	},
	submit: {
		title: l10n.t('Finish My Work'),
		placeHolder: l10n.t('Which work is done?'),
		none: l10n.t('You have no worktree.'),
		advice: l10n.t('Begin with Work on Task in Worktree, or take over from an agent.'),
		isMeant: isMine,
	},
	giveBack: {
		title: l10n.t('Give Back'),
		placeHolder: l10n.t('Which work goes to an agent?'),
		none: l10n.t('You have no worktree to give back.'),
		advice: l10n.t('Begin with Work on Task in Worktree, or take over from an agent.'),
		isMeant: isMine,
	},
} as const satisfies Record<string, Question>;

/** The run a command is about: of the row, of the task's row, the only one there is, or the one that is picked. */
async function chooseRun({ performer, session }: PersonCommandParts, argument: unknown, question: Question) {
	performer.assertReady();
	const [runId, taskId] = [runOf(argument), taskOf(argument)];
	const runs = await performer.perform<Run[]>('run.list', {
		...(taskId === undefined ? {} : { task_id: taskId }),
		limit: 1000,
	});
	const meant = runs.filter((run) => (runId === undefined ? question.isMeant(run) : run.run_id === runId));
	const [first] = meant;
	if (first === undefined) {
		throw new DreamError('run.none', question.none, { advice: question.advice });
	}
	if (meant.length === 1 && (runId ?? taskId) !== undefined) {
		return first;
	}
	return pickOne(
		meant.map((value) => ({
			value,
			label: plainLabel(session.snapshot.tasks.get(value.task_id)?.task.name ?? value.task_id),
			description: plainLabel(`${value.task_id} · ${value.worker} · ${value.state}`),
		})),
		question,
	);
}

/** Opens a worktree of a person in a window of its own. */
export const openWindow = ({ folder }: WorkPlace) =>
	commands.executeCommand('vscode.openFolder', Uri.file(folder), { forceNewWindow: true });

async function work({ session, performer }: PersonCommandParts, argument: unknown): Promise<void> {
	performer.assertReady();
	const taskId =
		taskOf(argument) ??
		(await pickTask(
			sortForPicking(
				session.snapshot,
				({ task }) =>
					['READY', 'PENDING', 'BLOCKED'].includes(task.status) ||
					(task.claimed_by === person.id && ['CLAIMED', 'IN_PROGRESS'].includes(task.status)),
			),
			{
				title: l10n.t('Work on Task in Worktree'),
				placeHolder: l10n.t('Which task do you work on?'),
				none: {
					message: l10n.t('No task waits for somebody.'),
					advice: l10n.t('Create one, or take over from an agent.'),
				},
			},
		));
	if (taskId !== undefined) {
		await openWindow(await performer.perform<WorkPlace>('task.work', { task_id: taskId }));
	}
}

async function takeOver(parts: PersonCommandParts, argument: unknown): Promise<void> {
	const run = await chooseRun(parts, argument, questions.takeOver);
	if (run !== undefined) {
		await openWindow(await parts.performer.perform<WorkPlace>('run.takeOver', { run_id: run.run_id }));
	}
}

async function submit(parts: PersonCommandParts, argument: unknown): Promise<void> {
	const run = await chooseRun(parts, argument, questions.submit);
	const summary =
		run === undefined
			? undefined
			: await askText({
					title: l10n.t('Finish My Work on {0}', run.task_id),
					prompt: l10n.t('What did you change? Checks run, then it goes on as the change of an agent does.'),
				});
	if (run === undefined || summary === undefined) {
		return;
	}
	const { failure, task } = await parts.performer.perform<Submitted>('run.submit', { run_id: run.run_id, summary });
	if (failure === null) {
		parts.notifier.answer(
			task.status === 'VALIDATING'
				? l10n.t('{0} lands.', task.task_id)
				: l10n.t('{0} is {1}.', task.task_id, task.status),
		);
	} else {
		parts.notifier.offer(l10n.t('{0} stays with you: {1}', task.task_id, failure), []);
	}
}

async function giveBack(parts: PersonCommandParts, argument: unknown): Promise<void> {
	const run = await chooseRun(parts, argument, questions.giveBack);
	const note =
		run === undefined
			? undefined
			: await askText({
					title: l10n.t('Give {0} Back', run.task_id),
					prompt: l10n.t('What should the agent know? It is told which files you changed.'),
				});
	if (run === undefined || note === undefined) {
		return;
	}
	const { agent } = await parts.performer.perform<{ readonly agent: string | null }>('run.giveBack', {
		run_id: run.run_id,
		note,
	});
	parts.notifier.answer(
		agent === null
			? l10n.t('{0} is given back to whoever is free.', run.task_id)
			: l10n.t('{0} is given back to {1}.', run.task_id, agent),
	);
}

async function resolve({ session, performer, conflicts }: PersonCommandParts, argument: unknown): Promise<void> {
	performer.assertReady();
	const taskId =
		taskOf(argument) ??
		(await pickTask(
			sortForPicking(
				session.snapshot,
				({ task }) =>
					task.status === 'REVIEW' || (task.status === 'BLOCKED' && task.block_reason?.kind === 'conflict'),
			),
			{
				title: l10n.t('Resolve Conflict'),
				placeHolder: l10n.t('Which change do you make fit?'),
				none: { message: l10n.t('No change is in conflict.'), advice: '' },
			},
		));
	if (taskId !== undefined) {
		await conflicts.open(taskId);
	}
}

export function createPersonCommands(parts: PersonCommandParts): CommandHandlers {
	return {
		'dreamos.task.work': (argument) => work(parts, argument),
		'dreamos.run.takeOver': (argument) => takeOver(parts, argument),
		'dreamos.run.submit': (argument) => submit(parts, argument),
		'dreamos.run.giveBack': (argument) => giveBack(parts, argument),
		'dreamos.task.resolve': (argument) => resolve(parts, argument),
	};
}
