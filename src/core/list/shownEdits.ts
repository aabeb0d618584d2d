// Owns how a person's edit of an exported list finds its way back. A readable list shows a task only in part; the whole record is
// kept beside it. What is shown now is compared with what would be shown for the kept record: what differs was edited and wins,
// everything else comes from the record, to the last character.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { jsonEquals } from '../../base/json.ts';
import type { RecordProblem } from '../board/boardProblem.ts';
import { renderRecord, taskFromRecord } from '../board/boardRecord.ts';
import type { Task } from '../task/task.ts';
import { newTask } from '../task/task.ts';

const resting = newTask({ task_id: '', name: '' });
const isField = (key: string): key is keyof Task => Object.hasOwn(resting, key);

export interface EditedRecord {
	readonly record: JsonObject;
	/** Edits whose value cannot be used. */
	readonly problems: readonly RecordProblem[];
}

/** All fields of a record's task, and its author's other keys beside them. */
export function fieldsOf(record: JsonObject): JsonObject {
	return { ...record, ...(taskFromRecord(record).task as unknown as JsonObject | undefined) };
}

/** Text as it can be written to a file: one kind of line end, and no half of a character. */
export const shownText = (text: string): string => text.replace(/\r\n?/gu, '\n').replace(/\p{Cs}/gu, '\uFFFD');

/** What differs between how a kept record would be shown and what stands there now; null is what was taken away. */
export function findEdits(base: JsonObject, now: JsonObject): JsonObject {
	const keys = [...new Set([...Object.keys(base), ...Object.keys(now)])];
	return Object.fromEntries(
		keys
			.filter((key) => !jsonEquals(valueOf(base, key), valueOf(now, key)))
			.map((key) => [key, valueOf(now, key) ?? null]),
	);
}

const valueOf = (shown: JsonObject, key: string): JsonValue | undefined =>
	Object.hasOwn(shown, key) ? shown[key] : undefined;

/** The kept record with the edits in it. */
export function applyShownEdits(kept: JsonObject, edits: JsonObject): EditedRecord {
	const keys = Object.keys(edits);
	const { task } = taskFromRecord(kept);
	if (keys.length === 0 || task === undefined) {
		return { record: kept, problems: [] };
	}
	const said = Object.fromEntries(keys.map((key) => [key, edits[key] ?? emptyOf(key)]));
	const wanted = taskFromRecord({ task_id: task.task_id, ...said });
	const patch: Partial<Record<keyof Task, JsonValue>> = {};
	for (const key of keys.filter(isField)) {
		patch[key] = (wanted.task?.[key] ?? null) as JsonValue;
		if (key === 'status') {
			patch.block_reason = (wanted.task?.block_reason ?? null) as JsonValue;
		}
	}
	// Every value was made by a reader of its field.
	const record = renderRecord({ ...task, ...(patch as Partial<Task>) }, kept);
	const others = Object.fromEntries(keys.filter((key) => !isField(key)).map((key) => [key, said[key] ?? null]));
	return {
		record: { ...record, ...others },
		problems: wanted.problems.filter(({ path: [key] }) => typeof key === 'string' && keys.includes(key)),
	};
}

/** What a field is once a person took it away; a task whose mark was taken away is open again. */
function emptyOf(key: string): JsonValue {
	return key === 'status' ? 'READY' : isField(key) ? (resting[key] as JsonValue) : null;
}
