// Owns taking a list over: all of it in the caller's transaction, or nothing and the reasons.

import { DreamError } from '../../base/errors.ts';
import type { JsonValue } from '../../base/json.ts';
import { countOf } from '../../base/words.ts';
import { formatActor } from '../actor.ts';
import { lastEpoch } from '../board/applyMembership.ts';
import { renderRecord } from '../board/boardRecord.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import { promoteDependants } from '../task/moveTask.ts';
import { newTaskId } from '../task/taskId.ts';
import { boardOfStatus } from '../task/taskStatus.ts';
import type { ImportOptions, ImportPlan } from './planImport.ts';
import { planImport } from './planImport.ts';
import type { ListProblem, ListReading } from './taskList.ts';

/** Problems a message names; all of them are in its details. */
const toldProblems = 20;

/** Works out what importing would do; changes nothing. `ids` says how tasks without an id get one. */
export async function planListImport(
	reader: LedgerReader,
	reading: ListReading,
	options: ImportOptions,
	ids: { readonly pattern: string; readonly at: string },
): Promise<ImportPlan> {
	const agents = new Set((await reader.agents()).map(({ id }) => id));
	return planImport(
		reading,
		{ tasks: await reader.tasks(), agents, newId: (name) => newTaskId(ids.pattern, name, ids.at) },
		options,
	);
}

export const describeListProblem = ({ line, field, message }: ListProblem): string =>
	`line ${line}${field === undefined ? '' : `, ${field}`}: ${message}`;

/** Fails with `task.importRefused`, which names every fault with its line, when anything is wrong with the list. */
export function assertImportable({ problems }: ImportPlan): void {
	const errors = problems.filter(({ severity }) => severity === 'error');
	if (errors.length === 0) {
		return;
	}
	const told = errors.slice(0, toldProblems).map(describeListProblem);
	const more = errors.length > told.length ? [`… and ${errors.length - told.length} more.`] : [];
	throw new DreamError(
		'task.importRefused',
		[`Nothing was created: ${countOf(errors.length, 'fault')} in the list.`, ...told, ...more].join('\n'),
		{
			details: { problems: errors as unknown as JsonValue },
			advice: 'Correct the list and import it again; nothing of it is there yet.',
		},
	);
}

/** Creates every task of a plan that may be carried out. `source` names the list in the history. */
export async function carryOutImport(transaction: LedgerTransaction, plan: ImportPlan, source: string): Promise<void> {
	const ids = new Set(plan.tasks.map(({ task }) => task.task_id));
	const awaited = new Set<string>();
	for (const { task } of await transaction.tasks()) {
		task.dependencies.filter((id) => ids.has(id)).forEach((id) => awaited.add(id));
	}
	for (const { task, record, isWhole, line } of plan.tasks) {
		const { task_id, status } = task;
		const stamped = {
			...task,
			created_by: task.created_by ?? formatActor(transaction.actor),
			created_at: task.created_at ?? transaction.at,
			updated_at: task.updated_at ?? transaction.at,
		};
		await transaction.append({
			type: 'task.created',
			task_id,
			message: `taken over from ${source}, line ${line}, as ${status}: ${task.name}`,
			data: { status, source, line },
		});
		await transaction.insertTask({
			task: stamped,
			record: isWhole ? record : { ...renderRecord(stamped, undefined), ...record },
			board: boardOfStatus[status],
			epoch: await lastEpoch(transaction, task_id),
			run_id: null,
		});
	}
	// Tasks that were waiting for one that did not exist.
	for (const { task } of plan.tasks) {
		if (task.status === 'COMPLETED' && awaited.has(task.task_id)) {
			await promoteDependants(transaction, task.task_id);
		}
	}
}
