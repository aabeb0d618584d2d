// Owns the commands about runs: look at the change, accept or reject it, read the log.

import { l10n } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import type { Run } from '../../core/run/run.ts';
import type { RunLogDocuments } from '../documents/runLogDocuments.ts';
import type { Performer } from '../performer.ts';
import { plainLabel } from '../plainText.ts';
import type { ChangeReview } from '../review/changeReview.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { CommandHandlers } from './commandRegistry.ts';
import { askText, pickOne } from './pickers.ts';
import { runOf, taskOf } from './rowArguments.ts';

export interface RunCommandParts {
	readonly session: WorkspaceSession;
	readonly performer: Performer;
	readonly review: ChangeReview;
	readonly logs: RunLogDocuments;
}

export interface RunQuestion {
	readonly title: string;
	readonly placeHolder: string;
	/** Only runs in review are meant. */
	readonly isReview: boolean;
	readonly none: string;
}

const questions = {
	review: {
		title: l10n.t('Review Change'),
		placeHolder: l10n.t('Which change do you look at?'),
		isReview: true,
		none: l10n.t('No change waits for review.'),
	},
	accept: {
		title: l10n.t('Accept Change'),
		placeHolder: l10n.t('Which change lands?'),
		isReview: true,
		none: l10n.t('No change waits for review.'),
	},
	reject: {
		title: l10n.t('Reject Change'),
		placeHolder: l10n.t('Which change is refused?'),
		isReview: true,
		none: l10n.t('No change waits for review.'),
	},
	log: {
		title: l10n.t('Show Run Log'),
		placeHolder: l10n.t('Which run?'),
		isReview: false,
		none: l10n.t('Nothing has run yet.'),
	},
} as const satisfies Record<string, RunQuestion>;

/** The run a command is about: of the row, of the change that is open, of the task's row, or the one that is picked. */
export async function chooseRun(
	parts: Omit<RunCommandParts, 'logs'>,
	argument: unknown,
	question: RunQuestion,
): Promise<Run | undefined> {
	const { session, performer } = parts;
	session.require();
	const runId =
		runOf(argument) ?? (question.isReview && taskOf(argument) === undefined ? parts.review.activeRun() : undefined);
	if (runId !== undefined) {
		return performer.perform<Run>('run.show', { run_id: runId });
	}
	const taskId = taskOf(argument);
	const runs = await performer.perform<Run[]>('run.list', {
		...(taskId === undefined ? {} : { task_id: taskId }),
		...(question.isReview && taskId === undefined ? { state: 'review' } : {}),
	});
	const [newest] = runs;
	if (newest === undefined) {
		throw new DreamError(
			'run.none',
			taskId === undefined ? question.none : l10n.t('Nobody has worked on {0} yet.', taskId),
			{
				advice: question.isReview ? l10n.t('A change waits for review when dreamos.landing.mode says so.') : '',
			},
		);
	}
	if (taskId !== undefined) {
		return runs.find(({ state }) => state === 'review') ?? newest;
	}
	return pickOne(
		runs.map((value) => ({
			value,
			label: plainLabel(session.snapshot.tasks.get(value.task_id)?.task.name ?? value.task_id),
			description: plainLabel(
				l10n.t('{0} · {1} · {2} · attempt {3}', value.task_id, value.worker, value.state, value.attempt),
			),
		})),
		question,
	);
}

async function accept(parts: RunCommandParts, argument: unknown): Promise<void> {
	parts.performer.assertReady();
	const run = await chooseRun(parts, argument, questions.accept);
	if (run !== undefined) {
		await parts.performer.perform('run.accept', { run_id: run.run_id });
		await parts.review.close(run.run_id);
	}
}

async function reject(parts: RunCommandParts, argument: unknown): Promise<void> {
	parts.performer.assertReady();
	const run = await chooseRun(parts, argument, questions.reject);
	const reason =
		run === undefined
			? undefined
			: await askText({
					title: l10n.t('Reject Change of {0}', run.task_id),
					prompt: l10n.t('What should be different? The next attempt is told.'),
					placeHolder: l10n.t('such as: keep the public function, only change its body'),
					required: l10n.t('Say what should be different, so that the next attempt knows.'),
				});
	if (run !== undefined && reason !== undefined) {
		await parts.performer.perform('run.reject', { run_id: run.run_id, reason });
		await parts.review.close(run.run_id);
	}
}

export function createRunCommands(parts: RunCommandParts): CommandHandlers {
	return {
		'dreamos.run.review': async (argument) => {
			const run = await chooseRun(parts, argument, questions.review);
			if (run !== undefined) {
				await parts.review.open(run);
			}
		},
		'dreamos.run.accept': (argument) => accept(parts, argument),
		'dreamos.run.reject': (argument) => reject(parts, argument),
		'dreamos.run.log': async (argument) => {
			const run = await chooseRun(parts, argument, questions.log);
			if (run !== undefined) {
				await parts.logs.open(run.run_id);
			}
		},
	};
}
