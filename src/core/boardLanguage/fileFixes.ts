// Owns the ways out of a board file that cannot be read, or lost most of its tasks.

import { countOf } from '../../base/words.ts';
import type { BoardProblem, BoardProblemCode } from '../board/boardProblem.ts';
import type { BoardSyntax } from './boardSyntax.ts';
import type { BoardFix, DeedFix } from './fix.ts';
import { repairText } from './repairText.ts';

const acceptLedger: DeedFix = { title: "Use the ledger's version of this board", deed: 'acceptLedger' };
const openCopy: DeedFix = { title: 'Open the copy', deed: 'openCopy' };

const fixesOfFile: Partial<Record<BoardProblemCode, readonly DeedFix[]>> = {
	'board.unreadable': [acceptLedger, openCopy],
	'board.empty': [acceptLedger],
	'board.encoding': [acceptLedger, openCopy],
	'board.notAList': [acceptLedger, openCopy],
	'board.tooDeep': [acceptLedger, openCopy],
	'board.massRemoval': [acceptLedger],
};

/** What can be repaired is shown before it is done; the file itself is changed by the person only. */
export function fileFixes({ code }: BoardProblem, { text }: BoardSyntax): BoardFix[] {
	const repaired = code === 'board.unreadable' ? repairText(text) : undefined;
	const repairs: BoardFix[] =
		repaired === undefined
			? []
			: [
					{ title: 'Show what was repaired', deed: 'showRepair' },
					{
						title: `Repair the file (${countOf(repaired.repairs.length, 'change')})`,
						changes: [{ start: 0, end: text.length, text: repaired.text }],
						isPreferred: true,
					},
				];
	return [...repairs, ...(fixesOfFile[code] ?? [])];
}
