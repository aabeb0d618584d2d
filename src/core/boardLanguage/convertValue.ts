// Owns what a value of the wrong type plainly means in the right one: "3" for 3, a single text for a list of one. Where more than
// one thing could be meant, nothing is proposed.

import type { JsonValue } from '../../base/json.ts';
import { isJsonObject, jsonEquals } from '../../base/json.ts';
import type { PlainFieldName } from '../board/recordFields.ts';
import { recordFields } from '../board/recordFields.ts';

function candidates(raw: JsonValue): JsonValue[] {
	if (typeof raw === 'string') {
		const number = Number(raw);
		return [...(raw.trim() !== '' && Number.isFinite(number) ? [number] : []), raw.trim(), [raw]];
	}
	if (typeof raw === 'number') {
		return [[String(raw)], String(raw)];
	}
	if (typeof raw === 'boolean') {
		return [String(raw)];
	}
	if (Array.isArray(raw)) {
		const texts = raw.flatMap((item) => (item === null ? [] : [plainText(item)]));
		const isWhole = texts.every((text) => text !== undefined);
		return isWhole ? [texts, texts.join('\n')] : [];
	}
	return isJsonObject(raw) ? stepsOf(raw) : [];
}

function plainText(item: JsonValue): string | undefined {
	if (typeof item === 'string') {
		return item;
	}
	if (typeof item === 'number' || typeof item === 'boolean') {
		return String(item);
	}
	const named = isJsonObject(item) ? (item['task_id'] ?? item['id'] ?? item['name']) : undefined;
	return typeof named === 'string' ? named : typeof named === 'number' ? String(named) : undefined;
}

/** Steps whose list holds something else than text. */
function stepsOf(raw: { [key: string]: JsonValue }): JsonValue[] {
	return ['run', 'commands'].flatMap((key) => {
		const steps = raw[key];
		const texts = Array.isArray(steps) ? steps.map(plainText) : typeof steps === 'number' ? [String(steps)] : [];
		const list = texts.flatMap((text) => text ?? []);
		return list.length > 0 && list.length === texts.length ? [{ ...raw, [key]: list }] : [];
	});
}

/** The value to write instead; undefined when the field takes none that `raw` could plainly mean. */
export function convertValue(
	field: PlainFieldName,
	raw: JsonValue,
	agents: ReadonlySet<string> = new Set(),
): JsonValue | undefined {
	return candidates(raw).find((value) => {
		const reading = recordFields[field].read(value, true, agents, recordFields[field].keys[0] ?? field);
		return reading?.ok === true && !jsonEquals(value, raw) && reading.value !== null;
	});
}
