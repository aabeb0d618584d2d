// Owns a split: the parts become tasks with the big one as their parent, and that waits until all of them are done, to see that together
// they do it. One transaction.

import { DreamError } from '../../base/errors.ts';
import type { AcceptancePoint } from '../gate/gatePlan.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import { shareBudget } from '../budget/budgetLimits.ts';
import { advanceTask } from './advanceTask.ts';
import { createTask } from './createTask.ts';
import { editTask } from './editTask.ts';
import { requireTask } from './moveTask.ts';
import type { SplitProposal } from './splitProposal.ts';
import { proposeSplit } from './splitProposal.ts';
import type { StoredTask, Task } from './task.ts';
import type { TaskStatus } from './taskStatus.ts';

/** Runs whose ends are looked at. */
const lookedRuns = 20;
const splittable: readonly TaskStatus[] = ['PENDING', 'READY', 'BLOCKED', 'FAILED'];

/** Whether nobody works on such a task, and it is not over. */
export const isSplittable = (status: TaskStatus): boolean => splittable.includes(status);

/** The proposal for a task as it stands. Fails with `task.unknown`. */
export async function readSplitProposal(reader: LedgerReader, taskId: string): Promise<SplitProposal> {
	const { task } = await requireTask(reader, taskId);
	const closed = await reader.events({
		task_id: taskId,
		types: ['run.closed'],
		newestFirst: true,
		limit: lookedRuns,
	});
	const codes = closed.flatMap(({ data }) => (typeof data?.['code'] === 'string' ? [data['code']] : []));
	const proposal = proposeSplit(task, codes);
	const isSplit = (await reader.parts()).some(({ parent }) => parent === taskId);
	return isSplit ? { reasons: [], parts: [], obstacle: 'it has parts already' } : proposal;
}

/**
 * Makes the parts. Fails with `task.unknown`, with `task.notSplit` where there are none or somebody works on it, and as `createTask` and
 * `editTask` do.
 */
export async function splitTask(
	transaction: LedgerTransaction,
	taskId: string,
	idPattern: string,
): Promise<{ readonly stored: StoredTask; readonly created: readonly StoredTask[] }> {
	const { task } = await requireTask(transaction, taskId);
	if (!isSplittable(task.status)) {
		throw new DreamError('task.notSplit', `${taskId} is ${task.status}; only a task nobody works on is split.`, {
			details: { task_id: taskId, status: task.status },
			advice: 'Release it first, or wait for its end.',
		});
	}
	const { parts, obstacle } = await readSplitProposal(transaction, taskId);
	if (parts.length === 0) {
		throw new DreamError('task.notSplit', `${taskId} is not split: ${obstacle ?? 'it has no parts'}.`, {
			details: { task_id: taskId },
		});
	}
	const created: StoredTask[] = [];
	const budget = shareBudget(task.budget, parts.length);
	for (const { acceptance, touches, ...part } of parts) {
		const validation =
			acceptance === undefined ? task.validation : { ...task.validation, acceptance: acceptance.map(entryOf) };
		const draft = {
			...inherited(task),
			...part,
			parent: taskId,
			idPattern,
			touches: [...touches],
			validation,
			budget,
		};
		created.push(await createTask(transaction, draft));
	}
	const ids = created.map((each) => each.task.task_id);
	await editTask(
		transaction,
		taskId,
		{ dependencies: [...task.dependencies, ...ids] },
		{ message: `split into ${ids.join(', ')}`, data: { parts: ids } },
	);
	if (task.status === 'FAILED' || task.status === 'BLOCKED') {
		await advanceTask(transaction, { taskId, move: task.status === 'FAILED' ? 'retry' : 'unblock' });
	}
	return { stored: await requireTask(transaction, taskId), created };
}

const entryOf = ({ text, command }: AcceptancePoint) => (command === undefined ? text : { text, command });

/** What holds for each part as it does for the whole. */
const inherited = ({
	priority,
	task_type,
	category,
	tags,
	dependencies,
	assigned_agent,
	required_capabilities,
	context,
	max_attempts,
}: Task): Partial<Task> => ({
	priority,
	task_type,
	category,
	tags,
	dependencies,
	assigned_agent,
	required_capabilities,
	context,
	max_attempts,
});
