// Owns what a found record becomes: one task of ours, its record as its author wrote it, and where it came from. It reads with the
// normalisers of the boards and keeps every raw value that was understood as something else.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { isJsonObject } from '../../base/json.ts';
import { displayLine } from '../../base/text.ts';
import type { RecordProblem } from '../board/boardProblem.ts';
import { taskFromRecord } from '../board/boardRecord.ts';
import { contentHash } from '../board/quarantine.ts';
import { idLimit } from '../board/recordFields.ts';
import type { Task } from '../task/task.ts';
import { newTask } from '../task/task.ts';
import type { FoundTask } from './findTasks.ts';
import type { Repair } from './tolerantReader.ts';

/** Where a task came from; the field `source` of the task. */
export interface TaskSource {
	readonly file: string;
	readonly pointer: string;
	/** Tells the file from one of the same name elsewhere: a hash of its path, because the path itself is nobody's business. */
	readonly origin: string;
	readonly format: string;
	/** The id it had there. */
	readonly id: string;
	/** Of the record as it stood there, to see whether it changed since. */
	readonly hash: string;
	readonly repairs?: readonly string[];
	/** Raw values that were understood as something else, by field. */
	readonly raw?: JsonObject;
	/** Records of other files that are the same task. */
	readonly also?: readonly SourcePlace[];
}

export interface SourcePlace {
	readonly file: string;
	readonly pointer: string;
	readonly origin: string;
	readonly hash: string;
	readonly status: string;
}

export interface ImportedTask {
	readonly found: FoundTask;
	/** How the place is called in the ledger: inside the workspace by its path there. */
	readonly file: string;
	readonly task: Task;
	/** The record as it will be shown, before `source` is added. */
	readonly record: JsonObject;
	readonly source: TaskSource;
	readonly problems: readonly RecordProblem[];
}

/** Keys an older layout used where the boards read others; each only counts when the boards' own say nothing. */
const olderKeys: Readonly<Record<string, readonly string[]>> = {
	description: ['objective', 'content'],
	assigned_agent: ['assignee_suggestion', 'target_agent', 'to_agent', 'agent_id', 'agent'],
	created_at: ['timestamp'],
	completed_at: ['verified_at'],
};

/** Fields whose raw value is kept in `source`, because the record shows another one as soon as the task moves. */
const rawFields: ReadonlySet<keyof Task> = new Set<keyof Task>([
	'status',
	'priority',
	'assigned_agent',
	'claimed_by',
	'created_at',
	'updated_at',
	'claimed_at',
	'started_at',
	'completed_at',
]);

const nameLimit = 100;

export interface ImportedFrom {
	readonly file: string;
	readonly origin: string;
	readonly format: string;
	readonly repairs: readonly Repair[];
}

export function importTask(found: FoundTask, from: ImportedFrom, agents: ReadonlySet<string>): ImportedTask {
	const hash = contentHash(new TextEncoder().encode(JSON.stringify(found.record)));
	const record = completeRecord(found, agents);
	const read = taskFromRecord(record, { board: found.board, agents });
	const raw = Object.fromEntries(
		read.normalisations.filter(({ field }) => rawFields.has(field)).map(({ field, raw: value }) => [field, value]),
	);
	const status = found.record['status'] ?? found.record['state'];
	if (read.refused.has('status') && status !== undefined) {
		raw['status'] = status;
	}
	return {
		found,
		file: from.file,
		// A found record has an id that can be read; the other side is for the compiler.
		task: read.task ?? newTask({ task_id: found.id.slice(0, idLimit), name: found.id }),
		record,
		source: {
			file: from.file,
			pointer: found.pointer,
			origin: from.origin,
			format: from.format,
			id: found.id,
			hash,
			...(from.repairs.length === 0 ? {} : { repairs: from.repairs.map(({ kind }) => kind) }),
			...(Object.keys(raw).length === 0 ? {} : { raw }),
		},
		problems: read.problems.filter(({ code }) => code !== 'record.badId'),
	};
}

/** The record with what its surroundings say about it: the key of its map, the agent whose part it stands in, a name. */
function completeRecord(found: FoundTask, agents: ReadonlySet<string>): JsonObject {
	const record = wellFormed(found.record) as JsonObject;
	const hasOwnId = ['task_id', 'id'].some((key) => Object.hasOwn(record, key));
	let complete: JsonObject = hasOwnId ? record : { task_id: found.id, ...record };
	if (found.id.length > idLimit) {
		complete = { ...complete, task_id: wellFormedText(found.id).slice(0, idLimit) };
	}
	if (Object.hasOwn(record, 'source')) {
		// Ours goes under that key; what its author kept there stays under the next one.
		const { source, ...others } = complete;
		complete = { ...others, dreamos_source: source ?? null };
	}
	const { task } = taskFromRecord(complete, { board: found.board, agents });
	if (task !== undefined) {
		for (const [field, keys] of Object.entries(olderKeys)) {
			const current = task[field as keyof Task];
			const key = keys.find((each) => typeof complete[each] === 'string' && Object.hasOwn(complete, each));
			if ((current === null || current === '') && key !== undefined) {
				complete = { ...complete, [field]: complete[key] ?? null };
			}
		}
		if (task.assigned_agent === null && task.claimed_by === null && found.container !== undefined) {
			complete = { ...complete, assigned_agent: found.container };
		}
		if (task.name.trim() === '') {
			complete = { ...complete, name: nameFor(found, complete) };
		}
	}
	return complete;
}

function nameFor(found: FoundTask, record: JsonObject): string {
	const said = [record['description'], record['details'], record['desc'], record['params']].find(
		(each) => typeof each === 'string' && each.trim() !== '',
	);
	const [line = ''] = typeof said === 'string' ? said.trim().split('\n') : [];
	const action = typeof record['action'] === 'string' ? record['action'] : '';
	return displayLine(line, nameLimit) || action || found.id;
}

const wellFormedText = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD');

/** Halves of a character that stand alone cannot be stored as text; they become the sign for a lost one. */
function wellFormed(value: JsonValue): JsonValue {
	if (typeof value === 'string') {
		return wellFormedText(value);
	}
	if (Array.isArray(value)) {
		return value.map(wellFormed);
	}
	return isJsonObject(value)
		? Object.fromEntries(Object.entries(value).map(([key, each]) => [wellFormedText(key), wellFormed(each)]))
		: value;
}
