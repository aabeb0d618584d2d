// Owns which problems of a board file are at a place, wherever their places have moved to since they were found.

import type { BoardProblem } from '../board/boardProblem.ts';
import type { TextRange } from '../jsonc.ts';
import type { BoardSyntax } from './boardSyntax.ts';
import { locateProblem } from './locateProblem.ts';

/** A selection over more records than this is asked about its first ones only. */
const mostRecords = 50;

const touches = (left: TextRange, right: TextRange): boolean => left.start <= right.end && right.start <= left.end;

/** Problems whose place is touched by the range. */
export function problemsAt(problems: readonly BoardProblem[], syntax: BoardSyntax, range: TextRange): BoardProblem[] {
	if (problems.length === 0) {
		return [];
	}
	const ids = new Set(syntax.recordsIn(range, mostRecords).map(({ id }) => id));
	return problems.filter((problem) => {
		if (problem.code.startsWith('board.')) {
			return touches(rangeOf(problem, syntax), range);
		}
		const place = ids.has(problem.task_id) ? locateProblem(problem, syntax) : undefined;
		if (place === undefined) {
			return false;
		}
		const { record, found } = place;
		return touches(
			found === undefined ? record : { start: record.start + found.start, end: record.start + found.end },
			range,
		);
	});
}

function rangeOf({ line, column, endLine, endColumn }: BoardProblem, syntax: BoardSyntax): TextRange {
	const start = syntax.offset({ line, column });
	return {
		start,
		end: endLine === undefined ? start + 1 : syntax.offset({ line: endLine, column: endColumn ?? column }),
	};
}
