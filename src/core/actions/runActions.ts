// Owns what can be done with runs: look at them, read their log, accept or reject what they propose.

import * as z from 'zod';
import { DreamError } from '../../base/errors.ts';
import { hasLiveEditor, requestLanding } from '../landing/requestLanding.ts';
import { reviveLanding } from '../landing/reviveLanding.ts';
import { advanceTask } from '../task/advanceTask.ts';
import type { LedgerReader } from '../ledger.ts';
import type { Run } from '../run/run.ts';
import { runStates } from '../run/run.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

const runId = z.string().min(1).describe('Id of the run');
const byRun = { run_id: runId };

async function requireRun(reader: LedgerReader, id: string): Promise<Run> {
	const run = await reader.run(id);
	if (run === undefined) {
		throw new DreamError('run.unknown', `There is no run ${id}.`, {
			details: { run_id: id },
			advice: 'Look at the list of runs for its id.',
		});
	}
	return run;
}

/** The run of a task that waits for a person; fails with what it is instead. */
function requireReview(run: Run): void {
	if (run.state !== 'review') {
		throw new DreamError(
			'run.notInReview',
			`Run ${run.run_id} is ${run.state}; there is no change of it to decide on.`,
			{
				details: { run_id: run.run_id, state: run.state },
			},
		);
	}
}

const list = defineAction({
	id: 'run.list',
	title: 'List Runs',
	description: 'Lists attempts at tasks, newest first.',
	effect: 'read',
	input: z.object({
		task_id: z.string().optional().describe('Only runs of this task'),
		worker: z.string().optional().describe('Only runs of this agent or person'),
		state: z.enum(runStates).optional().describe('Only runs in this state'),
		limit: z.number().int().positive().max(10_000).default(100).describe('At most this many'),
	}),
	run: (context, { state, task_id, worker, limit }) =>
		context.ledger.read((reader) =>
			reader.runs({
				...(task_id === undefined ? {} : { task_id }),
				...(worker === undefined ? {} : { worker }),
				...(state === undefined ? {} : { state: [state] }),
				limit,
			}),
		),
});

const show = defineAction({
	id: 'run.show',
	title: 'Show Run',
	description: 'Shows one run with its gates and events.',
	effect: 'read',
	input: z.object(byRun),
	terminal: { positionals: ['run_id'] },
	run: (context, { run_id }) =>
		context.ledger.read(async (reader) => ({
			...(await requireRun(reader, run_id)),
			history: await reader.events({ run_id }),
		})),
});

const accept = defineAction({
	id: 'run.accept',
	title: 'Accept Change',
	description: 'Lands the change of a run in review in the open workspace and completes its task.',
	effect: 'danger',
	input: z.object(byRun),
	terminal: { positionals: ['run_id'] },
	async run(context, { run_id }) {
		const now = context.clock.now();
		const { command_id, hasEditor } = await context.ledger.write(context.actor, async (transaction) => {
			const run = await requireRun(transaction, run_id);
			const isAttached = await hasLiveEditor(transaction, now);
			const left = await reviveLanding(transaction, run, now);
			if (left === undefined) {
				requireReview(run);
			}
			return {
				command_id: left ?? (await requestLanding(transaction, run, { hasEditor: isAttached })),
				hasEditor: isAttached,
			};
		});
		if (!hasEditor && !(await context.swarm.status()).isRunning) {
			await context.swarm.land(command_id);
		}
		return context.ledger.read(async (reader) => ({
			run: await requireRun(reader, run_id),
			task: (await reader.task((await requireRun(reader, run_id)).task_id))?.task ?? null,
		}));
	},
});

const reject = defineAction({
	id: 'run.reject',
	title: 'Reject Change',
	description:
		'Refuses the change of a run in review; the task goes back to its queue with the reason, for a later attempt.',
	effect: 'danger',
	input: z.object({
		...byRun,
		reason: z.string().trim().min(1, 'say why').max(10_000).describe('What should be different'),
	}),
	terminal: { positionals: ['run_id'] },
	run: (context, { run_id, reason }) =>
		context.ledger.write(context.actor, async (transaction) => {
			const run = await requireRun(transaction, run_id);
			const { stored } = await advanceTask(transaction, {
				taskId: run.task_id,
				move: 'release',
				runState: 'failed',
				reason: `the change was rejected: ${reason}`,
				token: { run_id, epoch: run.epoch },
			});
			return { task: stored.task };
		}),
});

export const runActions: readonly DefinedAction[] = [list, show, accept, reject];
