// Owns the answer to "why is it waiting?" for any task in any status, in one sentence. What waits is explained by the code that
// decides (schedule.ts); what does not wait is said to be held or over.

import type { LedgerEvent } from '../events.ts';
import { isPausedRun } from '../run/run.ts';
import { countWaiting } from '../task/countWaiting.ts';
import type { PlainTask } from '../task/plainTask.ts';
import { describeOrder, orderTasks } from '../task/taskOrder.ts';
import type { ScheduleFacts } from './schedule.ts';
import { planStarts, whyWaiting } from './schedule.ts';

export interface ExplainFacts extends ScheduleFacts {
	readonly shouldRun: boolean;
	/** The move that brought the task where it is; undefined where none is told. */
	readonly lastMove: LedgerEvent | undefined;
}

/** One sentence, such as `B is PENDING: it waits for A (READY).` */
export function explainTask(facts: ExplainFacts, stored: PlainTask): string {
	const { task } = stored;
	const { task_id, status } = task;
	const since = sinceOf(facts.lastMove);
	switch (status) {
		case 'COMPLETED':
			return `${task_id} is not waiting: it was completed${byOf(task.completed_by)}${onOf(task.completed_at)}.`;
		case 'FAILED':
		case 'CANCELLED': {
			const word = status === 'FAILED' ? 'failed' : 'was cancelled';
			return `${task_id} is not waiting: it ${word}${byOf(task.completed_by)}${onOf(task.completed_at)}${reasonOf(facts.lastMove)}; Retry Task puts it back into its queue.`;
		}
		case 'CLAIMED':
		case 'IN_PROGRESS':
		case 'VALIDATING': {
			const run = facts.openRuns.find(({ run_id }) => run_id === stored.run_id);
			const question = facts.asking?.get(stored.run_id ?? '');
			if (question !== undefined) {
				return `${task_id} waits for a person: ${task.claimed_by ?? 'its worker'} asks (${question}); answer it, and only then it goes on.`;
			}
			if (run !== undefined && isPausedRun(run)) {
				return `${task_id} stands still: ${run.pause?.by ?? 'somebody'} paused ${run.worker}; Resume Run lets it go on.`;
			}
			const state = run === undefined ? '' : `, its run is ${run.state}`;
			return `${task_id} is not waiting: ${task.claimed_by ?? 'somebody'} holds it since ${task.claimed_at ?? 'an unknown time'} (${status}${state}).`;
		}
		case 'REVIEW':
			return `${task_id} waits for a person${since}: its change waits for review; accept or reject it.`;
		case 'READY':
			return sentence(
				`${task_id} is READY, ${placeOf(facts, stored)}: ${whyWaiting(facts, task_id) ?? startOf(facts, task_id)}`,
			);
		case 'PENDING':
		case 'BLOCKED':
			return sentence(
				`${task_id} is ${status}${since}: ${whyWaiting(facts, task_id) ?? 'nothing stands in its way'}`,
			);
	}
}

/** What a driver or a person gave as the reason may end with a full stop of its own. */
const sentence = (text: string): string => (/[.!?…]$/u.test(text) ? text : `${text}.`);
const sinceOf = (move: LedgerEvent | undefined): string => (move === undefined ? '' : ` since ${move.at}`);
const byOf = (actor: string | null): string => (actor === null ? '' : ` by ${actor}`);
const onOf = (at: string | null): string => (at === null ? '' : ` at ${at}`);

function reasonOf(move: LedgerEvent | undefined): string {
	const reason = move?.data?.['reason'];
	return typeof reason === 'string' ? ` (${reason})` : '';
}

/** `number 2 of 7 in the queue (HIGH, 3 tasks wait on it)` */
function placeOf({ tasks }: ScheduleFacts, { task }: PlainTask): string {
	const weights = countWaiting(tasks.map((each) => each.task));
	const queue = orderTasks(
		tasks.filter((each) => each.task.status === 'READY'),
		weights,
	);
	const place = queue.findIndex((each) => each.task.task_id === task.task_id) + 1;
	return `number ${place} of ${queue.length} in the queue (${describeOrder(task, weights.get(task.task_id) ?? 0)})`;
}

function startOf(facts: ScheduleFacts, taskId: string): string {
	const start = planStarts(facts).starts.find(({ task }) => task.task.task_id === taskId);
	return start === undefined ? 'it is about to start' : `it is about to start with ${start.agent.id}`;
}
