// Owns the actions that move a task: claim, start, complete and the rest of the table that people and agents are offered.

import * as z from 'zod';
import { DreamError } from '../../base/errors.ts';
import { leftByMove } from '../person/leftByMove.ts';
import { holdsChange } from '../person/leftWork.ts';
import type { RunToken } from '../run/run.ts';
import { isOpenRun } from '../run/run.ts';
import type { AdvancedTask, AdvanceRequest, ClaimRequest } from '../task/advanceTask.ts';
import { advanceTask, claimTask } from '../task/advanceTask.ts';
import { requireTask } from '../task/moveTask.ts';
import { blockReasonKinds, taskIdSchema } from '../task/task.ts';
import type { MoveName } from '../task/taskStatus.ts';
import type { ActionContext, DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

const tokenFields = {
	run_id: z.string().optional().describe('Run the caller works for; with epoch it fences the write'),
	epoch: z.number().int().optional().describe('Fencing token of that run'),
};
const reasonField = z.string().trim().max(10_000).optional().describe('Why, in a sentence');
const byId = { task_id: taskIdSchema };

const tokenOf = (input: { run_id?: string | undefined; epoch?: number | undefined }): { token?: RunToken } =>
	input.run_id === undefined || input.epoch === undefined
		? {}
		: { token: { run_id: input.run_id, epoch: input.epoch } };

/** What every change of a task answers: the task as it is now, and what followed. */
function answer({ stored, run, promoted, stranded, shelved }: AdvancedTask) {
	const left = run === undefined ? undefined : leftByMove(run);
	return {
		task: stored.task,
		run_id: run?.run_id ?? null,
		made_ready: promoted,
		stranded,
		put_back: shelved,
		...(left === undefined ? {} : { left }),
	};
}

/** The claim of whoever asks; a person's claim carries the person's name. */
const claimFor = (context: ActionContext, taskId: string, agent: string | undefined): ClaimRequest => ({
	taskId,
	worker: agent ?? context.actor.id,
	driver: 'human',
	hostId: null,
	now: context.clock.now(),
	isAgent: agent !== undefined,
});

const claim = defineAction({
	id: 'task.claim',
	title: 'Claim Task',
	description: 'Takes a task for yourself (or in the name of an agent you drive). The claim never expires.',
	effect: 'write',
	input: z.object({ ...byId, agent: z.string().optional().describe('Claim in the name of this agent') }),
	terminal: { positionals: ['task_id'] },
	async run(context, { task_id, agent }) {
		const { stored, run } = await context.ledger.claim(context.actor, claimFor(context, task_id, agent));
		return { task: stored.task, run_id: run.run_id, epoch: run.epoch };
	},
});

const start = defineAction({
	id: 'task.start',
	title: 'Start Task',
	description: 'Begins work on a task; claims it first when nobody holds it.',
	effect: 'write',
	input: z.object({
		...byId,
		agent: z.string().optional().describe('Claim in the name of this agent'),
		...tokenFields,
	}),
	terminal: { positionals: ['task_id'] },
	run: (context, { task_id, agent, ...token }) =>
		context.ledger.write(context.actor, async (transaction) => {
			const { task } = await requireTask(transaction, task_id);
			if (task.status === 'READY' || task.status === 'PENDING') {
				await claimTask(transaction, claimFor(context, task_id, agent));
			}
			return answer(await advanceTask(transaction, { taskId: task_id, move: 'start', ...tokenOf(token) }));
		}),
});

const complete = defineAction({
	id: 'task.complete',
	title: 'Complete Task',
	description: 'Marks a task you hold as done. A task with a change in review is completed by accepting the change.',
	effect: 'write',
	input: z.object({ ...byId, summary: z.string().optional().describe('What was done'), ...tokenFields }),
	terminal: { positionals: ['task_id'] },
	run: (context, { task_id, summary, ...token }) =>
		context.ledger.write(context.actor, async (transaction) => {
			const { task, run_id } = await requireTask(transaction, task_id);
			const run = run_id === null ? undefined : await transaction.run(run_id);
			if (run !== undefined && holdsChange(run) && run.worktree !== null) {
				throw new DreamError('task.changeWaits', `The work on ${task_id} lies in ${run.worktree}.`, {
					details: { task_id, run_id: run.run_id },
					advice: `Finish it there, so that it lands: dreamos run submit ${run.run_id}.`,
				});
			}
			if (run !== undefined && isOpenRun(run.state) && (run.host_id !== null || holdsChange(run))) {
				throw new DreamError(
					'task.changeWaits',
					`${run.worker} works on ${task_id}; its change has not landed (${run.run_id}).`,
					{
						details: { task_id, run_id: run.run_id },
						advice:
							run.state === 'review'
								? 'Accept or reject the change; accepting it completes the task.'
								: 'Wait for it, or release or cancel the task to stop the agent.',
					},
				);
			}
			return answer(
				await advanceTask(transaction, {
					taskId: task_id,
					move: 'complete',
					patch: { result: { ...task.result, ...(summary === undefined ? {} : { summary }) } },
					...tokenOf(token),
				}),
			);
		}),
});

interface SimpleMove {
	readonly move: MoveName;
	readonly title: string;
	readonly description: string;
	readonly isReasonRequired?: true;
}

/** Moves that need nothing but the task and perhaps a reason. */
function moveAction({ move, title, description, isReasonRequired }: SimpleMove): DefinedAction {
	return defineAction({
		id: `task.${move}`,
		title,
		description,
		effect: 'write',
		input: z.object({
			...byId,
			reason:
				isReasonRequired === true
					? z.string().trim().min(1, 'say why').max(10_000).describe('Why, in a sentence')
					: reasonField,
			...tokenFields,
		}),
		terminal: { positionals: ['task_id'] },
		run: (context, { task_id, reason, ...token }) => {
			const request: AdvanceRequest = {
				taskId: task_id,
				move,
				...(reason === undefined ? {} : { reason }),
				...tokenOf(token),
			};
			return context.ledger.write(context.actor, async (transaction) =>
				answer(await advanceTask(transaction, request)),
			);
		},
	});
}

const block = defineAction({
	id: 'task.block',
	title: 'Block Task',
	description: 'Takes a task out of work because something is missing; says what.',
	effect: 'write',
	input: z.object({
		...byId,
		reason: z.string().trim().min(1, 'say what is missing').max(10_000).describe('What is missing, in a sentence'),
		kind: z.enum(blockReasonKinds).default('needs_input').describe('Kind of obstacle'),
		...tokenFields,
	}),
	terminal: { positionals: ['task_id'] },
	run: (context, { task_id, reason, kind, ...token }) =>
		context.ledger.write(context.actor, async (transaction) =>
			answer(
				await advanceTask(transaction, {
					taskId: task_id,
					move: 'block',
					reason,
					patch: { block_reason: { kind, text: reason } },
					...tokenOf(token),
				}),
			),
		),
});

export const taskMoveActions: readonly DefinedAction[] = [
	claim,
	start,
	block,
	moveAction({ move: 'unblock', title: 'Unblock Task', description: 'Puts a blocked task back into its queue.' }),
	complete,
	moveAction({
		move: 'fail',
		title: 'Fail Task',
		description: 'Gives a task up as failed; says why.',
		isReasonRequired: true,
	}),
	moveAction({ move: 'cancel', title: 'Cancel Task', description: 'Drops a task; a run in progress is stopped.' }),
	moveAction({ move: 'release', title: 'Release Task', description: 'Gives a claimed task back to its queue.' }),
	moveAction({
		move: 'retry',
		title: 'Retry Task',
		description: 'Puts a failed or cancelled task back into its queue.',
	}),
	moveAction({
		move: 'ready',
		title: 'Make Task Ready',
		description: 'Moves a task from the backlog to the ready queue.',
	}),
	moveAction({
		move: 'shelve',
		title: 'Move Task to Backlog',
		description: 'Moves a ready task back to the backlog.',
	}),
	moveAction({
		move: 'reopen',
		title: 'Reopen Task',
		description: 'Puts a completed task back into its queue; says why.',
		isReasonRequired: true,
	}),
];
