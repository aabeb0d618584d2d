// Owns what a place in a board file is about: which record, which field, and whether a task, an agent or a word of ours is named
// there. Reads the one record around the place and nothing else.

import { statusKeys } from '../board/readFields.ts';
import { recordFields } from '../board/recordFields.ts';
import type { TextRange } from '../jsonc.ts';
import { findSpot } from '../jsonc.ts';
import type { BoardSyntax, SyntaxRecord } from './boardSyntax.ts';

/** `task`: the id of another task; `id`: the record's own. */
export type SpotKind = 'id' | 'task' | 'agent' | 'status' | 'priority' | 'name' | 'other';

export interface BoardSpot {
	readonly kind: SpotKind;
	readonly record: SyntaxRecord;
	/** The offset is on the key, not on the value. */
	readonly isKey: boolean;
	/** The text under the offset, quotes included, in offsets of the file; undefined between two of them. */
	readonly token: TextRange | undefined;
	/** What the token says; undefined for what is no text. */
	readonly word: string | undefined;
}

const parentKeys: readonly string[] = recordFields.parent.keys;
export const dependencyKeys: readonly string[] = recordFields.dependencies.keys;
const idKeys = recordFields.task_id.keys;
const agentKeys: readonly string[] = [...recordFields.assigned_agent.keys, ...recordFields.claimed_by.keys];

/** What a value is about that stands at this path inside a record. */
function kindOfPath(path: readonly (string | number)[]): SpotKind {
	const [key, ...rest] = path;
	if (typeof key !== 'string') {
		return 'other';
	}
	const [first, second] = rest;
	if (dependencyKeys.includes(key)) {
		const isElement = rest.length === 1 && typeof first === 'number';
		const isIdOfElement = rest.length === 2 && (second === 'task_id' || second === 'id');
		return rest.length === 0 || isElement || isIdOfElement ? 'task' : 'other';
	}
	if (rest.length > 0) {
		return 'other';
	}
	const kinds: readonly (readonly [SpotKind, readonly string[]])[] = [
		['id', idKeys],
		['task', parentKeys],
		['agent', agentKeys],
		['status', statusKeys],
		['priority', recordFields.priority.keys],
		['name', recordFields.name.keys],
	];
	return kinds.find(([, keys]) => keys.includes(key))?.[0] ?? 'other';
}

/** What stands at an offset; undefined outside of every record. */
export function spotAt(syntax: BoardSyntax, offset: number): BoardSpot | undefined {
	const record = syntax.recordAt(offset);
	if (record === undefined) {
		return undefined;
	}
	const { path, isKey, token } = findSpot(syntax.recordText(record), offset - record.start);
	return {
		kind: kindOfPath(path),
		record,
		isKey,
		token: token && { start: record.start + token.start, end: record.start + token.end },
		word:
			typeof token?.value === 'string'
				? token.value
				: typeof token?.value === 'number'
					? String(token.value)
					: undefined,
	};
}
