// Owns reading foreign values: what is not of the expected shape is not there. Agents send more, less and other than the schema.

import { isJsonObject } from '../../base/json.ts';

export type Foreign = Readonly<Record<string, unknown>>;

export function objectAt(value: unknown, key: string): Foreign | undefined {
	const inner = isJsonObject(value) ? (value as Foreign)[key] : undefined;
	return isJsonObject(inner) ? inner : undefined;
}

export function textAt(value: unknown, key: string): string | undefined {
	const inner = isJsonObject(value) ? (value as Foreign)[key] : undefined;
	return typeof inner === 'string' ? inner : undefined;
}

export function numberAt(value: unknown, key: string): number | undefined {
	const inner = isJsonObject(value) ? (value as Foreign)[key] : undefined;
	return typeof inner === 'number' && Number.isFinite(inner) ? inner : undefined;
}

/** The objects of a list; anything else in it is skipped. */
export function objectsAt(value: unknown, key: string): readonly Foreign[] {
	const inner = isJsonObject(value) ? (value as Foreign)[key] : undefined;
	return Array.isArray(inner) ? inner.filter((item): item is Foreign => isJsonObject(item)) : [];
}
