// Owns the fixes of records as a whole: without an id, twice under one id, with a key twice, with a number no program can keep.

import { recordFields } from '../board/recordFields.ts';
import { findDuplicateKeys } from '../jsonc.ts';
import { addMember, removeMemberAt, replaceValue, valueAt } from '../jsonEdit.ts';
import type { BoardSyntax, SyntaxRecord } from './boardSyntax.ts';
import type { BoardFix, FixInput, TextFix } from './fix.ts';
import { recordFix } from './fix.ts';

export function fixMissingId(input: FixInput): BoardFix[] {
	const { text, path } = input.place;
	const name = recordFields.name.keys
		.map((key) => valueAt(text, [key])?.value)
		.find((value) => typeof value === 'string');
	const id = input.facts.newId(name ?? '');
	const change = path.length === 0 ? addMember(text, 'task_id', id) : replaceValue(text, path, id);
	return recordFix(input, `Give it the id ${id}`, change, { isPreferred: true });
}

export function fixDuplicateRecord(input: FixInput): BoardFix[] {
	const { problem, place, syntax, facts } = input;
	const id = problem.task_id ?? '';
	const isTaken = (candidate: string) => facts.tasks.has(candidate) || syntax.recordsOf(candidate).length > 0;
	let number = 2;
	while (isTaken(`${id}-${number}`)) {
		number++;
	}
	const free = `${id}-${number}`;
	return [
		...recordFix(input, `Give this one the id ${free}`, replaceValue(place.text, place.path, free)),
		removeRecord(syntax, place.record),
		...(problem.related === undefined
			? []
			: [{ title: 'Open the record that counts', deed: 'openRelated' } as const]),
	];
}

function removeRecord(syntax: BoardSyntax, record: SyntaxRecord): TextFix {
	const index = syntax.records.indexOf(record);
	const before = syntax.records[index - 1];
	const after = syntax.records[index + 1];
	const range =
		before === undefined
			? { start: record.start, end: after?.start ?? record.end }
			: { start: before.end, end: record.end };
	return { title: 'Take this record out', changes: [{ ...range, text: '' }] };
}

/** The range a problem has is the key that does not count: an earlier one. */
export function fixDuplicateKey(input: FixInput): BoardFix[] {
	const { text } = input.place;
	const key = String(input.problem.value);
	const doubled = findDuplicateKeys(text).find((each) => each.key === key);
	if (doubled === undefined) {
		return [];
	}
	return recordFix(input, `Remove the "${key}" that does not count`, removeMemberAt(text, doubled.start), {
		isPreferred: true,
		isSafe: true,
	});
}

export function fixInexactNumber(input: FixInput): BoardFix[] {
	const { text } = input.place;
	const literal = String(input.problem.value);
	const start = findNumber(text, literal);
	return start < 0
		? []
		: recordFix(
				input,
				`Write it as text: "${literal.slice(0, 40)}"`,
				{ start, end: start + literal.length, text: JSON.stringify(literal) },
				{ isPreferred: true, isSafe: true },
			);
}

/** Where a number stands as a value: not inside a text, not as a part of another number. */
function findNumber(text: string, literal: string): number {
	const before = /[:[,]\s*$/u;
	const after = /^\s*[,\]}]/u;
	for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + 1)) {
		const end = at + literal.length;
		if (before.test(text.slice(Math.max(0, at - 100), at)) && after.test(text.slice(end, end + 100))) {
			return at;
		}
	}
	return -1;
}
