// Owns how the result of a task stands in a record: our object under `result`, and the one-sentence summaries of older boards.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { isJsonObject } from '../../base/json.ts';
import type { Task } from '../task/task.ts';
import { taskResultSchema } from '../task/task.ts';
import { spareKey } from './recordFields.ts';

const summaryKeys = ['completion_summary', 'result_summary', 'completion_notes', 'outcome', 'result'] as const;

/** Every key a result was ever kept under. */
export const resultKeys: readonly string[] = [...summaryKeys, spareKey('result')];

const summaryKeyOf = (record: JsonObject): string | undefined =>
	summaryKeys.find((key) => Object.hasOwn(record, key) && typeof record[key] === 'string');

function objectKeyOf(record: JsonObject): string {
	return !Object.hasOwn(record, 'result') || record['result'] === null || isJsonObject(record['result'])
		? 'result'
		: spareKey('result');
}

export interface ResultReading {
	readonly result: Task['result'];
	/** The key the result, or most of it, stands under. */
	readonly key: string | undefined;
	/** Why the object under that key cannot be used. */
	readonly problem?: string;
}

export function readResult(record: JsonObject): ResultReading {
	const objectKey = objectKeyOf(record);
	const summaryKey = summaryKeyOf(record);
	const raw = Object.hasOwn(record, objectKey) ? record[objectKey] : undefined;
	const found = summaryKey === undefined ? undefined : record[summaryKey];
	const summary = typeof found === 'string' ? found : '';
	const described = summary === '' ? undefined : { summary };
	if (!isJsonObject(raw)) {
		return { result: described ?? null, key: summaryKey };
	}
	const parsed = taskResultSchema.safeParse(raw);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		return {
			result: described ?? null,
			key: objectKey,
			problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`,
		};
	}
	return { result: { ...parsed.data, ...described }, key: objectKey };
}

/** Writes the result where its author kept such things: the summary under the author's key, the rest under ours. */
export function writeResult(record: JsonObject, result: Task['result']): void {
	const summaryKey = summaryKeyOf(record);
	const objectKey = objectKeyOf(record);
	const hasObject = Object.hasOwn(record, objectKey);
	if (result === null) {
		for (const key of [summaryKey, hasObject ? objectKey : undefined]) {
			if (key !== undefined) {
				record[key] = null;
			}
		}
		return;
	}
	if (summaryKey === undefined) {
		record[objectKey] = result as JsonValue;
		return;
	}
	const { summary, ...rest } = result;
	record[summaryKey] = summary ?? '';
	if (hasObject || Object.keys(rest).length > 0) {
		record[objectKey] = rest as JsonValue;
	}
}
