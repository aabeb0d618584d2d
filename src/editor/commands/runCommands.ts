// Owns the commands about runs: look at the change, accept or reject it, read the log.

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
		title: 'Review Change',
		placeHolder: 'Which change do you look at?',
		isReview: true,
		none: 'No change waits for review.',
	},
	accept: {
		title: 'Accept Change',
		placeHolder: 'Which change lands?',
		isReview: true,
		none: 'No change waits for review.',
	},
	reject: {
		title: 'Reject Change',
		placeHolder: 'Which change is refused?',
		isReview: true,
		none: 'No change waits for review.',
	},
	log: { title: 'Show Run Log', placeHolder: 'Which run?', isReview: false, none: 'Nothing has run yet.' },
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
		throw new DreamError('run.none', taskId === undefined ? question.none : `Nobody has worked on ${taskId} yet.`, {
			advice: question.isReview ? 'A change waits for review when dreamos.landing.mode says so.' : '',
		});
	}
	if (taskId !== undefined) {
		return runs.find(({ state }) => state === 'review') ?? newest;
	}
	return pickOne(
		runs.map((value) => ({
			value,
			label: plainLabel(session.snapshot.tasks.get(value.task_id)?.task.name ?? value.task_id),
			description: plainLabel(`${value.task_id} · ${value.worker} · ${value.state} · attempt ${value.attempt}`),
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
					title: `Reject Change of ${run.task_id}`,
					prompt: 'What should be different? The next attempt is told.',
					placeHolder: 'such as: keep the public function, only change its body',
					required: 'Say what should be different, so that the next attempt knows.',
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
