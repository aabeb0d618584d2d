// Owns the JSON types and the one way boards and files are written: stable, two-space, final newline.

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** A value as text where it is one; empty, or what is given, where it is something else. */
export const textOr = (value: unknown, otherwise = ''): string => (typeof value === 'string' ? value : otherwise);

export function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text of a JSON file as we write it: keys in the order they stand, two spaces, newline at the end. */
export function stringifyFile(value: JsonValue): string {
	return `${JSON.stringify(value, null, 2)}\n`;
}

/** Equality by content; the order of object keys does not matter, the order of lists does. */
export function jsonEquals(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
	if (left === right) {
		return true;
	}
	if (Array.isArray(left) && Array.isArray(right)) {
		return left.length === right.length && left.every((item, index) => jsonEquals(item, right[index]));
	}
	if (isJsonObject(left) && isJsonObject(right)) {
		const keys = Object.keys(left);
		return (
			keys.length === Object.keys(right).length &&
			keys.every((key) => Object.hasOwn(right, key) && jsonEquals(left[key], right[key]))
		);
	}
	return false;
}

/** Parses text or returns undefined; for values of ours, where a broken one means "not there". */
export function parseJsonOrUndefined(text: string): JsonValue | undefined {
	try {
		return JSON.parse(text) as JsonValue;
	} catch {
		return undefined;
	}
}

/** The value with each text in it, but no name of a field, as `map` has it. */
export function mapTexts(value: unknown, map: (text: string) => string): unknown {
	if (typeof value === 'string') {
		return map(value);
	}
	if (Array.isArray(value)) {
		return value.map((item) => mapTexts(item, map));
	}
	return isJsonObject(value)
		? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, map)]))
		: value;
}
