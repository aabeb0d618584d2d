// Owns which fixes a problem of a board file has: the table from the problem's code to what would put it right. Every fix is worked
// out on the text as it is now; a problem that is not there any more has none.

import type { BoardProblem, BoardProblemCode } from '../board/boardProblem.ts';
import { applyChanges } from '../jsonEdit.ts';
import type { SyntaxRecord } from './boardSyntax.ts';
import { BoardSyntax } from './boardSyntax.ts';
import { fileFixes } from './fileFixes.ts';
import type { BoardFix, FixFacts, FixMaker, TextFix } from './fix.ts';
import { isTextFix } from './fix.ts';
import { locateProblem } from './locateProblem.ts';
import { fixDuplicateKey, fixDuplicateRecord, fixInexactNumber, fixMissingId } from './recordFixes.ts';
import {
	fixBadField,
	fixConflict,
	fixDiffering,
	fixIllegalMove,
	fixPlaceholderTime,
	fixUnknownWord,
} from './valueFixes.ts';
import { fixCycle, fixUnknownAgent, fixUnknownDependency } from './nameFixes.ts';

const makers: Partial<Record<BoardProblemCode, FixMaker>> = {
	'record.noId': fixMissingId,
	'record.badId': fixMissingId,
	'record.duplicateId': fixDuplicateRecord,
	'record.contradiction': fixDuplicateRecord,
	'record.duplicateKey': fixDuplicateKey,
	'record.inexactNumber': fixInexactNumber,
	'task.badField': fixBadField,
	'task.placeholderTime': fixPlaceholderTime,
	'task.unknownStatus': fixUnknownWord,
	'task.unknownPriority': fixUnknownWord,
	'task.illegalMove': fixIllegalMove,
	'task.differs': fixDiffering,
	'task.conflict': fixConflict,
	'task.unknownDependency': fixUnknownDependency,
	'task.dependencyCycle': fixCycle,
	'task.unknownAgent': fixUnknownAgent,
};

/** Fixes of one problem, the likeliest first. Offsets are those of the text of `syntax`. */
export function fixesFor(problem: BoardProblem, syntax: BoardSyntax, facts: FixFacts): BoardFix[] {
	const maker = makers[problem.code];
	if (maker === undefined) {
		return fileFixes(problem, syntax);
	}
	const place = locateProblem(problem, syntax);
	return place === undefined ? [] : maker({ problem, place, syntax, facts });
}

/** Problems of one kind that can be put right at once without choosing: those with a fix that loses nothing. */
export interface CommonFix {
	readonly title: string;
	readonly problems: readonly BoardProblem[];
	/** Works it out for the text as it is then; undefined when nothing is left to fix. */
	readonly fix: (syntax: BoardSyntax) => TextFix | undefined;
}

const commonTitles: Partial<Record<BoardProblemCode, (count: number) => string>> = {
	'task.placeholderTime': (count) => `Remove all ${count} placeholder times from this file`,
	'record.duplicateKey': (count) => `Remove all ${count} doubled keys that do not count from this file`,
	'record.inexactNumber': (count) => `Write all ${count} large numbers of this file as text`,
	'task.badField': (count) => `Convert the values of wrong type in this file where their meaning is plain (${count})`,
};

/** The fix for every problem of this code in a file; undefined where each is a choice of its own, or there is only one. */
export function fixAll(
	code: BoardProblemCode,
	problems: readonly BoardProblem[],
	facts: FixFacts,
): CommonFix | undefined {
	const title = commonTitles[code];
	const same = problems.filter((problem) => problem.code === code);
	return title === undefined || same.length < 2
		? undefined
		: { title: title(same.length), problems: same, fix: (syntax) => fixEvery(same, syntax, facts) };
}

/** Each record is changed step by step, because one removal moves the neighbours of the next. */
function fixEvery(problems: readonly BoardProblem[], syntax: BoardSyntax, facts: FixFacts): TextFix | undefined {
	const byRecord = new Map<SyntaxRecord, BoardProblem[]>();
	for (const problem of problems) {
		const record = locateProblem(problem, syntax)?.record;
		if (record !== undefined) {
			byRecord.set(record, [...(byRecord.get(record) ?? []), problem]);
		}
	}
	const changes: TextFix['changes'][number][] = [];
	for (const [record, own] of byRecord) {
		const before = syntax.recordText(record);
		let text = before;
		for (const problem of own) {
			const fix = fixesFor(problem, new BoardSyntax(text), facts).find((each) => isTextFix(each) && each.isSafe);
			text = fix !== undefined && isTextFix(fix) ? applyChanges(text, fix.changes) : text;
		}
		if (text !== before) {
			changes.push({ start: record.start, end: record.end, text });
		}
	}
	return changes.length === 0 ? undefined : { title: '', changes };
}
