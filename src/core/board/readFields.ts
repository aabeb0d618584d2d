// Owns reading the raw fields of a record: which key says what, what each value means, and which values cannot be used. It decides
// nothing about the record as a whole.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import type { Task } from '../task/task.ts';
import { blockReasonKinds } from '../task/task.ts';
import { taskPriorities } from '../task/taskPriority.ts';
import { taskStatuses } from '../task/taskStatus.ts';
import type { RecordProblem } from './boardProblem.ts';
import { normaliseStatus } from './normaliseStatus.ts';
import { isPlaceholder } from './normaliseTime.ts';
import type { PlainFieldName } from './recordFields.ts';
import { findField, recordFields } from './recordFields.ts';
import { readResult, resultKeys } from './recordResult.ts';

/** What a record says, field by field. */
export interface RawFields {
	/** Canonical values by field, where the record says something usable. */
	readonly values: Partial<Record<keyof Task, JsonValue>>;
	/** The key each field was found under, usable or not. */
	readonly keys: Partial<Record<keyof Task, string>>;
	readonly problems: RecordProblem[];
	readonly refused: Set<keyof Task>;
}

const plainFields = Object.keys(recordFields) as PlainFieldName[];

const allowedValues: Partial<Record<keyof Task, string>> = {
	priority: taskPriorities.join(', '),
	status: taskStatuses.join(', '),
};

const timeFields: ReadonlySet<keyof Task> = new Set<keyof Task>([
	'created_at',
	'updated_at',
	'claimed_at',
	'started_at',
	'completed_at',
	'due',
]);

function placeholderTime(key: string, raw: string): RecordProblem {
	return {
		code: 'task.placeholderTime',
		severity: 'information',
		message: `${key} is ${show(raw)}, which nobody filled in; it counts as not known.`,
		path: [key],
		advice: 'Write a time such as 2026-01-31T12:00:00Z, or take it out.',
	};
}

function show(raw: JsonValue | undefined): string {
	const text = typeof raw === 'string' ? `"${raw}"` : (JSON.stringify(raw) ?? 'nothing');
	return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

export function readFields(record: JsonObject, known: ReadonlySet<string>): RawFields {
	const values: Partial<Record<keyof Task, JsonValue>> = {};
	const keys: Partial<Record<keyof Task, string>> = {};
	const problems: RecordProblem[] = [];
	const refused = new Set<keyof Task>();
	for (const field of plainFields) {
		const found = findField(record, field, known);
		if (found === undefined) {
			continue;
		}
		keys[field] = found.key;
		if (found.reading.ok) {
			values[field] = found.reading.value;
			const raw = record[found.key];
			if (timeFields.has(field) && typeof raw === 'string' && isPlaceholder(raw)) {
				problems.push(placeholderTime(found.key, raw));
			}
		} else {
			const allowed = allowedValues[field];
			refused.add(field);
			problems.push({
				code:
					field === 'task_id'
						? 'record.badId'
						: field === 'priority'
							? 'task.unknownPriority'
							: 'task.badField',
				severity: field === 'task_id' ? 'error' : 'warning',
				message: `${found.key} ${found.reading.message}: ${show(record[found.key])}.`,
				path: [found.key],
				advice:
					allowed === undefined
						? `Correct ${found.key}; until then it counts as not given.`
						: `Use one of ${allowed}.`,
			});
		}
	}
	const status = readStatus(record, values, keys);
	if (status !== undefined) {
		refused.add('status');
		problems.push(status);
	}
	const { result, key, problem } = readResult(record);
	values.result = result as JsonValue;
	if (key !== undefined) {
		keys.result = key;
	}
	if (problem !== undefined) {
		refused.add('result');
		problems.push({
			code: 'task.badField',
			severity: 'warning',
			message: `${key} cannot be used (${problem}).`,
			path: key === undefined ? [] : [key],
			advice: `Correct ${key}; until then it counts as not given.`,
		});
	}
	return { values, keys, problems, refused };
}

export const statusKeys = ['status', 'state'] as const;
const blockReasonKeys = ['block_reason', 'blocker_reason', 'blocked_reason'] as const;
/** Keys of fields that depend on more than one key. */
export const compositeKeys: ReadonlySet<string> = new Set<string>([...statusKeys, ...blockReasonKeys, ...resultKeys]);

/** Reads status and, because it only counts for a blocked task, the reason it is blocked for. Returns what is wrong with it. */
function readStatus(
	record: JsonObject,
	values: RawFields['values'],
	keys: RawFields['keys'],
): RecordProblem | undefined {
	const present = statusKeys.filter((key) => Object.hasOwn(record, key));
	const key = present.find((each) => normaliseStatus(record[each]).kind !== 'missing') ?? present[0];
	const raw = key === undefined ? undefined : record[key];
	const reading = normaliseStatus(raw);
	if (key !== undefined) {
		keys.status = key;
	}
	if (Object.hasOwn(record, 'block_reason')) {
		keys.block_reason = 'block_reason';
	}
	if (reading.kind === 'missing') {
		return undefined;
	}
	values.status = reading.kind === 'known' ? reading.status : 'BLOCKED';
	if (reading.kind === 'unknown') {
		values.block_reason = {
			kind: 'needs_input',
			text: `Its status on the board is ${show(raw)}, which is not known.`,
		};
		return {
			code: 'task.unknownStatus',
			severity: 'error',
			message: `The status ${show(raw)} is not known.`,
			path: [key ?? 'status'],
			advice: `Use one of ${allowedValues.status}.`,
		};
	}
	if (reading.status === 'BLOCKED') {
		values.block_reason = readBlockReason(record) ?? {
			kind: 'needs_input',
			text: raw === 'BLOCKED' ? 'The board gives no reason.' : `Its status on the board is ${show(raw)}.`,
		};
	}
	return undefined;
}

function readBlockReason(record: JsonObject): JsonValue | undefined {
	for (const key of blockReasonKeys) {
		const raw = Object.hasOwn(record, key) ? record[key] : undefined;
		if (typeof raw === 'string' && raw.trim() !== '') {
			return { kind: 'needs_input', text: raw };
		}
		if (typeof raw === 'object' && raw !== null && !Array.isArray(raw) && typeof raw['text'] === 'string') {
			const kind = blockReasonKinds.find((each) => each === raw['kind']) ?? 'needs_input';
			return { kind, text: raw['text'] };
		}
	}
	return undefined;
}
