// Owns what other programs still write into a board file after we replaced it: it is read from the old file and merged like any
// other edit. What cannot be read is copied aside.

import { sleep } from '../base/async.ts';
import { applyLateMerge } from '../core/board/applyMerge.ts';
import { diffBoards } from '../core/board/boardDiff.ts';
import type { BoardReading } from '../core/board/boardReading.ts';
import { readBoard } from '../core/board/boardFile.ts';
import { copyToQuarantine } from '../core/board/quarantine.ts';
import { boardPath } from '../core/paths.ts';
import type { BoardFileName } from '../core/task/archive.ts';
import { boardOfFile } from '../core/task/archive.ts';
import { boardNames } from '../core/task/taskStatus.ts';
import type { LateWrite } from './boardExport.ts';
import type { MirrorTools } from './mirrorTools.ts';

/** When to look, counted from the replacement: a program that had the file open is done soon, or it is not a board writer. */
const looksAfterMilliseconds = [30, 250, 1000];

/** Follows a replaced file for a moment. True when an edit was taken over. Closes it in any case. */
export async function followReplaced(tools: MirrorTools, late: LateWrite, signal: AbortSignal): Promise<boolean> {
	let last: Uint8Array | undefined;
	try {
		let waited = 0;
		for (const after of looksAfterMilliseconds) {
			await sleep(after - waited, signal).catch(() => undefined);
			waited = after;
			last = (await late.file.lateContent()) ?? last;
			const source = { file: boardPath(late.board), board: boardOfFile(late.board) };
			const reading = last === undefined ? undefined : readBoard(last, source);
			if (last !== undefined && reading?.isReadable === true) {
				await takeOver(tools, late, reading);
				if (!isWhollyTakenOver(reading, readBoard(late.base, reading.source))) {
					await keep(tools, late.board, last);
				}
				return true;
			}
			if (signal.aborted) {
				break;
			}
		}
		if (last !== undefined && last.length > 0) {
			await keep(tools, late.board, last);
		}
		return false;
	} finally {
		await late.file.close();
	}
}

/** Whether all that was written are tasks; in a file that nobody sees any more nothing else can wait to become one. */
const isWhollyTakenOver = (reading: BoardReading, before: BoardReading): boolean =>
	!reading.isLossy &&
	reading.entries.every(
		({ id, task, text }) =>
			(id !== undefined && task !== undefined) || before.entries.some((each) => each.text === text),
	);

async function keep(tools: MirrorTools, board: BoardFileName, bytes: Uint8Array): Promise<void> {
	const copy = await copyToQuarantine(tools, board, bytes);
	tools.log.warn(`Another program wrote into ${board}.json while it was replaced; what it wrote is in ${copy}.`);
}

async function takeOver(tools: MirrorTools, late: LateWrite, reading: BoardReading): Promise<void> {
	const states = await tools.ledger.read(async (reader) =>
		Promise.all(
			[...new Set<BoardFileName>([...boardNames, late.board])].map(
				async (board) => [board, (await reader.board(board)).base] as const,
			),
		),
	);
	const sides = states.map(([board, content]) => {
		const current = tools.boards.base(board, content);
		return board === late.board
			? { board, base: readBoard(late.base, reading.source), file: reading }
			: { board, base: current, file: current };
	});
	const diff = diffBoards(sides);
	if (diff.changes.length > 0 || diff.copies.length > 0) {
		await tools.ledger.write({ kind: 'file', id: late.board }, (transaction) =>
			applyLateMerge(transaction, diff, late.mirrored, tools.clock.now()),
		);
		tools.log.info(`Took over edits that reached ${late.board}.json while it was replaced.`);
	}
}
