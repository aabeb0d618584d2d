// Owns review by another agent than the author: the task it is given, its verdict, and what follows from that. Which run a task reviews
// stands in the ledger only, so that nobody approves a change by writing a task.

import { displayLine } from '../../base/text.ts';
import { formatActor } from '../actor.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import { beganWith } from '../person/leftWork.ts';
import type { Run } from '../run/run.ts';
import { advanceTask } from '../task/advanceTask.ts';
import { createTask } from '../task/createTask.ts';
import type { Task } from '../task/task.ts';
import { isFinished } from '../task/taskStatus.ts';
import type { GatePlan } from './gatePlan.ts';
import { gateVerdict } from './gateVerdict.ts';

export interface Verdict {
	/** The run that was judged. */
	readonly run_id: string;
	readonly isAccepted: boolean;
	readonly reason: string;
}

const longestReason = 4000;

/**
 * Whose work a change is: who made it, and everybody whose work it may have begun with, because it was handed on, sent back, put back to
 * a checkpoint, or taken up where it broke off.
 */
export async function authorsOf(reader: LedgerReader, run: Run): Promise<readonly string[]> {
	const passedOn = await reader.events({
		task_id: run.task_id,
		types: ['run.handedOff', 'run.sentBack', 'run.restored'],
	});
	const open = [run.run_id, ...passedOn.flatMap(({ run_id: id }) => id ?? [])];
	const seen = new Set<string>();
	const authors = new Set<string>();
	for (let id = open.shift(); id !== undefined; id = open.shift()) {
		const earlier = seen.has(id) ? undefined : await reader.run(id);
		seen.add(id);
		if (earlier !== undefined) {
			authors.add(earlier.worker);
			open.push(...[await beganWith(reader, earlier)].filter((from) => from !== undefined));
		}
	}
	return [...authors];
}

/** Puts a change up for review by an agent that is not its author: a task like any other, so that it can be watched and stopped. */
export async function requestReview(
	transaction: LedgerTransaction,
	run: Run,
	task: Task,
	{ openPoints }: Pick<GatePlan, 'openPoints'>,
): Promise<void> {
	const wanted = [task.name, task.description].filter((text) => text.trim() !== '').join('\n\n');
	const { task: review } = await createTask(transaction, {
		name: `Review the change of ${run.worker} on ${task.task_id} (attempt ${run.attempt})`,
		description: [
			`Judge the work of another agent. Your folder holds it as it would land; \`git diff ${run.base_commit ?? 'HEAD~1'}\` shows what was changed: ${run.files.slice(0, 50).join(', ')}. ${describeChecked(run)} Change nothing yourself: what you change is thrown away.`,
			`What was wanted:\n${wanted}`,
			...(openPoints.length === 0
				? []
				: [
						`Points that only you can confirm; reject when one is not there:\n${openPoints.map((point) => `- ${point}`).join('\n')}`,
					]),
			'End your last message with one line: "VERDICT: accept", or "VERDICT: reject" followed by what should be different.',
		].join('\n\n'),
		task_type: 'review',
		priority: task.priority,
		context: [task.task_id],
		params: { not_by: [...(await authorsOf(transaction, run))] },
	});
	await transaction.append({
		type: 'review.requested',
		task_id: review.task_id,
		run_id: run.run_id,
		message: `${review.task_id} is to judge the change of ${run.worker} on ${task.task_id}`,
	});
}

/** What is known already, so that nobody takes for proven what was not read. */
function describeChecked({ gates }: Pick<Run, 'gates'>): string {
	const unread = gates
		.filter((gate) => gateVerdict(gate) === 'not read')
		.map(({ command }) => displayLine(command, 200));
	return unread.length === 0
		? 'Its gates passed already.'
		: `Its gates passed already, but for what nobody could read, which is yours to judge: ${unread.join('; ')}.`;
}

/** The run a task is to judge; undefined for any other task. */
export async function reviewedRun(reader: LedgerReader, taskId: string): Promise<Run | undefined> {
	const [event] = await reader.events({ task_id: taskId, types: ['review.requested'], limit: 1 });
	return event?.run_id === undefined ? undefined : reader.run(event.run_id);
}

/** The verdict a reviewer's last word ends with; undefined where it gave none. */
export function readVerdict(said: string): Pick<Verdict, 'isAccepted' | 'reason'> | undefined {
	const match = [...said.matchAll(/^\W*verdict\W+(accept|reject)(?:ed)?\b\W*(.*)$/gimu)].at(-1);
	if (match === undefined) {
		return undefined;
	}
	const before = said.slice(0, match.index).trim();
	const reason = [before, match[2]?.trim() ?? ''].filter((text) => text !== '').join('\n');
	return { isAccepted: match[1]?.toLowerCase() === 'accept', reason: reason.slice(-longestReason) };
}

/** Takes back what was asked of agents about a change somebody decided on. */
export async function closeReviews(transaction: LedgerTransaction, run: Run): Promise<void> {
	for (const { task_id: id } of await transaction.events({ run_id: run.run_id, types: ['review.requested'] })) {
		const stored = id === undefined ? undefined : await transaction.task(id);
		if (stored !== undefined && !isFinished(stored.task.status)) {
			await advanceTask(transaction, {
				taskId: stored.task.task_id,
				move: 'cancel',
				reason: `${formatActor(transaction.actor)} decided on the change`,
			});
		}
	}
}
