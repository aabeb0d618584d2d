// Owns the ways out of a board file that cannot be read, or lost most of its tasks.

import type { BoardProblem, BoardProblemCode } from '../board/boardProblem.ts';
import type { BoardFix } from './fix.ts';

const fixes = {
	showRepair: { title: 'Show what was repaired', deed: 'showRepair' },
	acceptLedger: { title: "Use the ledger's version of this board", deed: 'acceptLedger' },
	openCopy: { title: 'Open the copy', deed: 'openCopy' },
} as const satisfies Record<string, BoardFix>;

const fixesOfFile: Partial<Record<BoardProblemCode, readonly BoardFix[]>> = {
	'board.unreadable': [fixes.showRepair, fixes.acceptLedger, fixes.openCopy],
	'board.empty': [fixes.acceptLedger],
	'board.encoding': [fixes.acceptLedger, fixes.openCopy],
	'board.notAList': [fixes.acceptLedger, fixes.openCopy],
	'board.tooDeep': [fixes.acceptLedger, fixes.openCopy],
	'board.massRemoval': [fixes.acceptLedger],
};

export function fileFixes({ code }: BoardProblem): BoardFix[] {
	return [...(fixesOfFile[code] ?? [])];
}
