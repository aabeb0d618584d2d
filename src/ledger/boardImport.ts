// Owns the way in: looks at the board files and takes over what somebody changed, in one transaction. A file that cannot be read
// halts its board: it is copied aside, told once, and not written until it can be read or the person accepts the ledger's version.

import type { BoardSide } from '../core/board/boardDiff.ts';
import { diffBoards } from '../core/board/boardDiff.ts';
import { applyMerge } from '../core/board/applyMerge.ts';
import type { BoardProblem } from '../core/board/boardProblem.ts';
import { copyToQuarantine } from '../core/board/quarantine.ts';
import type { ReplacedRecord } from '../core/board/replacedRecords.ts';
import { rebaseDiff } from '../core/board/replacedRecords.ts';
import type { BoardState, Lease } from '../core/ledger.ts';
import { isLeaseAlive, leaseNames } from '../core/swarmFacts.ts';
import type { BoardName } from '../core/task/taskStatus.ts';
import { boardNames } from '../core/task/taskStatus.ts';
import type { BoardLook } from './boardFiles.ts';
import type { OutputNote } from './mirrorOutputs.ts';
import { hashText, readOutputs, readReplaced, removeOutputs } from './mirrorOutputs.ts';
import type { MirrorTools } from './mirrorTools.ts';
import { mirrorActor, sooner } from './mirrorTools.ts';

export interface ImportReport {
	readonly states: ReadonlyMap<BoardName, BoardState>;
	readonly looks: ReadonlyMap<BoardName, BoardLook>;
	/** Look again after this time: a file is being written, or somebody else is at work. */
	readonly retryMilliseconds: number | undefined;
	readonly hasChanged: boolean;
}

const lookAgain = 40;

interface Snapshot {
	readonly states: Map<BoardName, BoardState>;
	readonly outputs: readonly OutputNote[];
	readonly replaced: readonly ReplacedRecord[];
	readonly lease: Lease | undefined;
}

/** Takes over hand edits. When somebody else took them over meanwhile, the report asks to look again. */
export async function importBoards(tools: MirrorTools): Promise<ImportReport> {
	const { boards } = tools;
	const { states, outputs, replaced, lease } = await takeSnapshot(tools);
	const now = tools.clock.now();
	const looks = new Map<BoardName, BoardLook>();
	const own: { readonly board: BoardName; readonly content: string; readonly note: OutputNote }[] = [];
	const changed: BoardName[] = [];
	let retryMilliseconds: number | undefined;
	for (const board of boardNames) {
		const look = await boards.look(board, states.get(board)?.base ?? null);
		looks.set(board, look);
		if (look.kind === 'settling') {
			retryMilliseconds = sooner(retryMilliseconds, look.retryMilliseconds);
		} else if (look.kind === 'changed') {
			const { content } = look.reading;
			const hash = outputs.length === 0 ? '' : hashText(content);
			const note = outputs.find((each) => each.board === board && each.hash === hash);
			if (note === undefined) {
				changed.push(board);
			} else if (lease?.holder !== tools.holder && isLeaseAlive(lease, now)) {
				// Its writer lives and is about to say so itself.
				looks.set(board, { kind: 'settling', retryMilliseconds: lookAgain });
				retryMilliseconds = sooner(retryMilliseconds, lookAgain);
			} else {
				own.push({ board, content, note });
			}
		}
	}
	const halted = await haltUnreadable(tools, looks, states);
	if (changed.length === 0 && own.length === 0) {
		return { states, looks, retryMilliseconds, hasChanged: halted };
	}
	const sides = boardNames.map((board): BoardSide => {
		const look = looks.get(board);
		const base = boards.base(board, states.get(board)?.base ?? null);
		if (look?.kind !== 'changed') {
			return { board, base, file: base };
		}
		const isOwn = own.some((each) => each.board === board);
		return isOwn ? { board, base: look.reading, file: look.reading } : { board, base, file: look.reading };
	});
	const actor = { kind: 'file', id: changed.join('+') || own.map(({ board }) => board).join('+') } as const;
	const isCurrent = await tools.ledger.write(actor, async (transaction) => {
		for (const { board, content, note } of own) {
			if ((await transaction.board(board)).base !== states.get(board)?.base) {
				return false;
			}
			await transaction.setBoard(board, { base: content, halted: null, mirrored_sequence: note.sequence });
		}
		await removeOutputs(transaction, new Set(own.map(({ note }) => note.hash)), now);
		return (
			changed.length === 0 ||
			(await applyMerge(transaction, sides, rebaseDiff(diffBoards(sides), sides, replaced, now), now)).isCurrent
		);
	});
	if (isCurrent && changed.length > 0) {
		tools.log.info(`Took over edits of ${changed.map((board) => `${board}.json`).join(', ')}.`);
	}
	// Either way the ledger has moved: the next look compares with what it says now.
	return { states, looks, retryMilliseconds: 0, hasChanged: true };
}

async function takeSnapshot(tools: MirrorTools): Promise<Snapshot> {
	return tools.ledger.read(async (reader) => {
		tools.boards.useAgents(new Set((await reader.agents()).map(({ id }) => id)));
		const states = new Map<BoardName, BoardState>();
		for (const board of boardNames) {
			states.set(board, await reader.board(board));
		}
		return {
			states,
			outputs: await readOutputs(reader),
			replaced: await readReplaced(reader),
			lease: await reader.lease(leaseNames.mirror),
		};
	});
}

/** Halts boards whose file cannot be read and lets those go on whose file is again what it was. */
async function haltUnreadable(
	tools: MirrorTools,
	looks: ReadonlyMap<BoardName, BoardLook>,
	states: Map<BoardName, BoardState>,
): Promise<boolean> {
	let hasChanged = false;
	for (const [board, look] of looks) {
		const state = states.get(board);
		if (state === undefined) {
			continue;
		}
		if (look.kind === 'unreadable') {
			const [problem] = look.problems;
			const copy = look.bytes.length === 0 ? undefined : await copyToQuarantine(tools, board, look.bytes);
			const reason = reasonOf(problem, copy);
			if (problem !== undefined && state.halted !== reason) {
				await halt(tools, board, reason, problem, copy);
				states.set(board, { ...state, halted: reason });
				hasChanged = true;
			}
		} else if (state.halted !== null && (look.kind === 'same' || look.kind === 'missing')) {
			await tools.ledger.write(mirrorActor(tools), (transaction) =>
				transaction.setBoard(board, { halted: null }),
			);
			states.set(board, { ...state, halted: null });
			hasChanged = true;
		}
	}
	return hasChanged;
}

function reasonOf(problem: BoardProblem | undefined, copy: string | undefined): string {
	const place = problem === undefined ? '' : ` (line ${problem.line}, column ${problem.column})`;
	return `${problem?.message ?? 'The file cannot be read.'}${place}${copy === undefined ? '' : ` Copy: ${copy}`}`;
}

async function halt(
	tools: MirrorTools,
	board: BoardName,
	reason: string,
	problem: BoardProblem,
	copy: string | undefined,
): Promise<void> {
	tools.log.warn(`${board}.json is not written: ${reason}`);
	await tools.ledger.write({ kind: 'file', id: board }, async (transaction) => {
		if ((await transaction.board(board)).halted === reason) {
			return;
		}
		await transaction.setBoard(board, { halted: reason });
		await transaction.append({
			type: 'board.problem',
			message: `${board}.json cannot be read: ${reason}`,
			data: { file: problem.file, line: problem.line, column: problem.column, copy: copy ?? null },
		});
	});
}
