// Owns bringing a planned import into the ledger: new tasks only, in transactions of bounded size, each with its events. What is here
// already is never touched, so an import that was cut short is finished by doing it again.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { countOf } from '../../base/words.ts';
import type { Actor } from '../actor.ts';
import { renderRecord } from '../board/boardRecord.ts';
import { keptValue } from '../board/mergeNotice.ts';
import type { Ledger, LedgerTransaction } from '../ledger.ts';
import type { ImportPlan, PlannedCreation } from './planImport.ts';
import { isCreation } from './planImport.ts';

/** Tasks in one transaction: others wait for the lock no longer than for a second. */
const tasksPerTransaction = 500;

/** Creates what the plan creates and resolves to how many tasks that were. */
export async function applyImport(ledger: Ledger, plan: ImportPlan, actor: Actor): Promise<number> {
	const creations = plan.tasks.filter(isCreation);
	let created = 0;
	for (let start = 0; start < creations.length; start += tasksPerTransaction) {
		const part = creations.slice(start, start + tasksPerTransaction);
		const isLast = start + tasksPerTransaction >= creations.length;
		created += await ledger.write(actor, async (transaction) => {
			let count = 0;
			for (const planned of part) {
				// Another process may have imported the same while this plan was made.
				if ((await transaction.task(planned.task.task_id)) === undefined) {
					await insert(transaction, planned);
					count++;
				}
			}
			if (isLast) {
				const data: JsonObject = { source: plan.source.name, tasks: created + count };
				await transaction.append({
					type: 'boards.imported',
					message: `${countOf(created + count, 'task was', 'tasks were')} imported from ${plan.source.name}`,
					data,
				});
			}
			return count;
		});
	}
	return created;
}

async function insert(transaction: LedgerTransaction, planned: PlannedCreation): Promise<void> {
	const { main, others, contradictions, task, board, waitsFor } = planned;
	const { task_id } = task;
	await transaction.append({
		type: 'task.created',
		task_id,
		message: `imported from ${main.file} (${main.found.pointer || 'the whole file'}) as ${task.status}${waitsFor.length === 0 ? '' : `, because it waits for ${waitsFor.join(', ')}`}`,
		data: {
			file: main.file,
			pointer: main.found.pointer,
			status: task.status,
			raw: main.source.raw ?? {},
			...(planned.renamedBecause === undefined ? {} : { renamed_because: planned.renamedBecause }),
		},
	});
	for (const other of others) {
		await transaction.append({
			type: 'board.conflict',
			task_id,
			message: `a second record stood in ${other.file} (${other.found.pointer || 'the whole file'}); it is kept here`,
			data: {
				file: other.file,
				pointer: other.found.pointer,
				record: keptValue(other.found.record),
				contradictions: contradictions.map(({ field, sides }) => ({ field, sides })) as unknown as JsonValue,
			},
		});
	}
	await transaction.insertTask({
		task: { ...task, updated_at: transaction.at },
		record: renderRecord(task, planned.record),
		board,
		epoch: 0,
		run_id: null,
	});
}
