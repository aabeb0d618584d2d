// Owns finding the place of a problem again in a text that has changed since: by the task's id, the path and the value it is about.
// Line numbers only decide between records of one id, and find records without one.

import { jsonEquals } from '../../base/json.ts';
import type { BoardProblem, PlainValue } from '../board/boardProblem.ts';
import { idItem } from '../board/recordFields.ts';
import type { FoundValue } from '../jsonEdit.ts';
import { valueAt } from '../jsonEdit.ts';
import type { BoardSyntax, SyntaxRecord } from './boardSyntax.ts';

export interface ProblemPlace {
	readonly record: SyntaxRecord;
	/** The record's own text; paths and changes are relative to it. */
	readonly text: string;
	/** Where the value stands now, which may be another index than before. */
	readonly path: readonly (string | number)[];
	/** The value there; undefined for a problem of the record as a whole. */
	readonly found: FoundValue | undefined;
}

/** Undefined when record or value are not there any more. */
export function locateProblem(problem: BoardProblem, syntax: BoardSyntax): ProblemPlace | undefined {
	const record = findRecord(problem, syntax);
	if (record === undefined) {
		return undefined;
	}
	const text = syntax.recordText(record);
	const { path = [], value } = problem;
	if (path.length === 0) {
		return { record, text, path, found: undefined };
	}
	const found = valueAt(text, path);
	if (found !== undefined && (value === undefined || isAbout(found, value))) {
		return { record, text, path, found };
	}
	return value === undefined ? undefined : findInList(record, text, path, value);
}

const isAbout = (found: FoundValue, value: PlainValue): boolean =>
	jsonEquals(found.value, value) || (typeof value === 'string' && idItem(found.value) === value);

/** Elements before it may have come or gone. */
function findInList(
	record: SyntaxRecord,
	text: string,
	path: readonly (string | number)[],
	value: PlainValue,
): ProblemPlace | undefined {
	const key = typeof path.at(-1) === 'number' ? path.slice(0, -1) : path;
	const list = valueAt(text, key)?.value;
	const index = Array.isArray(list)
		? list.findIndex((item) => jsonEquals(item, value) || (typeof value === 'string' && idItem(item) === value))
		: -1;
	const found = index < 0 ? undefined : valueAt(text, [...key, index]);
	return found === undefined ? undefined : { record, text, path: [...key, index], found };
}

function findRecord({ task_id, line }: BoardProblem, syntax: BoardSyntax): SyntaxRecord | undefined {
	const distance = (record: SyntaxRecord): number => {
		const from = syntax.position(record.start).line;
		const to = syntax.position(record.end).line;
		return line < from ? from - line : line > to ? line - to : 0;
	};
	if (task_id !== undefined) {
		const [first, ...others] = syntax.recordsOf(task_id);
		return others.reduce<SyntaxRecord | undefined>(
			(best, other) => (best === undefined || distance(other) < distance(best) ? other : best),
			first,
		);
	}
	return syntax.records.find((record) => record.id === undefined && distance(record) === 0);
}
