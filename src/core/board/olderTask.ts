// Owns how a task that was stored before a field existed gets it: from its own record, where its author may have written it long
// before we knew it, else at rest. Without this the field would seem emptied, and the mirror would empty it on the board.

import type { JsonObject } from '../../base/json.ts';
import { parseJsonOrUndefined, isJsonObject } from '../../base/json.ts';
import type { Task } from '../task/task.ts';
import { newTask } from '../task/task.ts';
import { readFields } from './readFields.ts';
import { recordFields } from './recordFields.ts';

/** Fields that came after the first ledgers, oldest first. A new field is a word here. */
const laterFields = [
	'category',
	'parent',
	'touches',
	'due',
	'estimate',
	'pinned',
	'action',
	'context',
	'source',
	'updated_by',
	'completed_by',
	'budget',
] as const satisfies readonly (keyof Task)[];

const laterKeys = new RegExp(
	`"(?:${laterFields.flatMap((field) => [...recordFields[field].keys, ...(recordFields[field].borrowed ?? [])]).join('|')})"\\s*:`,
	'u',
);

/** Whether a stored task has every field there is. */
export const isComplete = (stored: JsonObject): stored is JsonObject & Task =>
	laterFields.every((field) => Object.hasOwn(stored, field));

/**
 * The stored task with every field there is.
 * @param record text of its board record; parsed only when it mentions one of the fields.
 */
export function completeTask(stored: JsonObject, record: string): Task {
	if (isComplete(stored)) {
		return stored;
	}
	const parsed = laterKeys.test(record) ? parseJsonOrUndefined(record) : undefined;
	const { values } = readFields(isJsonObject(parsed) ? parsed : {}, new Set());
	const found = Object.fromEntries(laterFields.map((field) => [field, values[field]]));
	const known = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
	return { ...newTask({ task_id: '', name: '' }), ...known, ...(stored as Task) };
}
