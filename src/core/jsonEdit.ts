// Owns changes of one place in the text of a JSON value that may be written by hand: what is not changed keeps its characters.
// Works on text with faults, too; a place that is not there gives undefined. It applies nothing.

import type { JsonValue } from '../base/json.ts';
import type { JsonNode, TextRange } from './jsonc.ts';
import { nodeAt, parseNodes, valueOfNode } from './jsonc.ts';

export interface TextChange extends TextRange {
	readonly text: string;
}

type JsonPath = readonly (string | number)[];

export interface FoundValue extends TextRange {
	readonly value: JsonValue;
}

const rangeOf = ({ offset, length }: JsonNode): TextRange => ({ start: offset, end: offset + length });

/** What stands at a path, and where. */
export function valueAt(text: string, path: JsonPath): FoundValue | undefined {
	const node = nodeAt(text, path);
	return node === undefined ? undefined : { ...rangeOf(node), value: valueOfNode(node) };
}

/** Another value at a path that is there. */
export function replaceValue(text: string, path: JsonPath, value: JsonValue): TextChange | undefined {
	const node = nodeAt(text, path);
	return node === undefined ? undefined : { ...rangeOf(node), text: JSON.stringify(value) };
}

/** Takes an element, or a member with its key, out of what holds it, with the comma that parted it from its neighbours. */
export function removeValue(text: string, path: JsonPath): TextChange | undefined {
	const node = nodeAt(text, path);
	const child = node?.parent?.type === 'property' ? node.parent : node;
	return child === undefined ? undefined : removeChild(child);
}

/** Takes out the member whose key begins at an offset; for keys that stand twice. */
export function removeMemberAt(text: string, offset: number): TextChange | undefined {
	const find = (node: JsonNode): JsonNode | undefined => {
		if (node.type === 'property' && node.offset === offset) {
			return node;
		}
		const inside = node.children?.find((child) => child.offset <= offset && offset < child.offset + child.length);
		return inside === undefined ? undefined : find(inside);
	};
	const root = parseNodes(text);
	const member = root === undefined ? undefined : find(root);
	return member === undefined ? undefined : removeChild(member);
}

function removeChild(child: JsonNode): TextChange | undefined {
	const siblings = child.parent?.children;
	if (siblings === undefined) {
		return undefined;
	}
	const index = siblings.indexOf(child);
	const before = siblings[index - 1];
	const after = siblings[index + 1];
	const { start, end } = rangeOf(child);
	if (before !== undefined) {
		return { start: before.offset + before.length, end, text: '' };
	}
	return { start, end: after === undefined ? end : after.offset, text: '' };
}

/** Adds a member in front of the others of an object, laid out as they are. */
export function addMember(text: string, key: string, value: JsonValue): TextChange | undefined {
	const root = parseNodes(text);
	if (root?.type !== 'object') {
		return undefined;
	}
	const first = root.children?.[0];
	const start = root.offset + 1;
	const layout = first === undefined ? ' ' : text.slice(start, first.offset);
	const member = `${layout}${JSON.stringify(key)}: ${JSON.stringify(value)}${first === undefined ? ' ' : ','}`;
	return { start, end: start, text: member };
}

/** The text with changes made. They must not overlap. */
export function applyChanges(text: string, changes: readonly TextChange[]): string {
	let result = text;
	for (const { start, end, text: inserted } of [...changes].sort((left, right) => right.start - left.start)) {
		result = result.slice(0, start) + inserted + result.slice(end);
	}
	return result;
}
