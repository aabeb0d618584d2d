// Owns how a change of a task is written down: every field with what it was and what it is. History and undo read nothing else, so
// whatever changes a task appends its event here.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { isJsonObject, jsonEquals } from '../../base/json.ts';
import { keptValue } from '../board/mergeNotice.ts';
import type { LedgerEvent, NewEvent } from '../events.ts';
import type { LedgerTransaction } from '../ledger.ts';
import type { Task } from './task.ts';

/** Told by the event itself: when it was and who did it. */
const told: ReadonlySet<keyof Task> = new Set([
	'status',
	'updated_by',
	'updated_at',
	'claimed_at',
	'started_at',
	'completed_by',
	'completed_at',
] as const);

/** A result is written once more when it goes; until then the task has it. */
const longestNewValue = 4000;

/** Values of fields, or of keys of a record, before and after; what is not there in one of them was not there. */
export interface FieldChanges {
	readonly from: JsonObject;
	readonly to: JsonObject;
}

/** What differs between two states of a task, status and stamps left out. */
export function changesBetween(before: Task, after: Task): FieldChanges {
	const from: JsonObject = {};
	const to: JsonObject = {};
	for (const field of Object.keys(after) as (keyof Task)[]) {
		const [old, next] = [before[field] as JsonValue, after[field] as JsonValue];
		if (!told.has(field) && !jsonEquals(old, next)) {
			from[field] = keptValue(old);
			to[field] = keptValue(next, longestNewValue);
		}
	}
	return { from, to };
}

/** The last change of each task in a transaction: what follows it there belongs to it, and is undone with it. */
const lastChanges = new WeakMap<LedgerTransaction, Map<string, number>>();

type ChangeEvent = NewEvent & { readonly type: 'task.edited' | 'task.moved'; readonly task_id: string };

/** Appends the event of a change. `data.follows` names the change of the same task before it in the same transaction. */
export async function appendChange(transaction: LedgerTransaction, event: ChangeEvent): Promise<number> {
	const known = lastChanges.get(transaction) ?? new Map<string, number>();
	lastChanges.set(transaction, known);
	const follows = known.get(event.task_id);
	const sequence = await transaction.append(
		follows === undefined ? event : { ...event, data: { ...event.data, follows } },
	);
	known.set(event.task_id, sequence);
	return sequence;
}

const asObject = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {});

/** Fields an event tells of; for a move those besides the status. */
export function fieldsOf({ type, data }: LedgerEvent): FieldChanges {
	const source = type === 'task.moved' ? asObject(data?.['changes']) : asObject(data);
	return { from: asObject(source['from']), to: asObject(source['to']) };
}

/** Keys of the record that are no field of a task and were changed with it, in a file. */
export function keysOf({ data }: LedgerEvent): FieldChanges {
	const keys = asObject(data?.['keys']);
	return { from: asObject(keys['from']), to: asObject(keys['to']) };
}

/** True where an event only says how long a value was, because it was too long to be kept twice. */
export const isCutValue = (value: JsonValue): boolean =>
	typeof value === 'string' && /^\[\d+ characters\]$/u.test(value);
