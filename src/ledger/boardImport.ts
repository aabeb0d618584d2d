// Owns the way in: looks at the board files and takes over what somebody changed, in one transaction. A file that cannot be read
// halts its board: it is copied aside, told once, and not written until it can be read or the person accepts the ledger's version.

import type { BoardSide } from '../core/board/boardDiff.ts';
import { diffBoards } from '../core/board/boardDiff.ts';
import { applyMerge } from '../core/board/applyMerge.ts';
import type { BoardProblem } from '../core/board/boardProblem.ts';
import type { BoardReading } from '../core/board/boardReading.ts';
import { copyToQuarantine } from '../core/board/quarantine.ts';
import type { ReplacedRecord } from '../core/board/replacedRecords.ts';
import { rebaseDiff } from '../core/board/replacedRecords.ts';
import type { BoardState, Lease } from '../core/ledger.ts';
import type { FileStamp } from '../core/ports.ts';
import { isLeaseAlive, leaseNames } from '../core/swarmFacts.ts';
import type { ArchiveName, BoardFileName } from '../core/task/archive.ts';
import { fileOf, isArchive } from '../core/task/archive.ts';
import { boardNames } from '../core/task/taskStatus.ts';
import { findArchives, isSettledArchive, stampText } from './archiveFiles.ts';
import type { BoardLook } from './boardFiles.ts';
import { isGitAtWork } from './gitAtWork.ts';
import type { OutputNote } from './mirrorOutputs.ts';
import { hashText, readOutputs, readReplaced, removeOutputs } from './mirrorOutputs.ts';
import type { MirrorTools } from './mirrorTools.ts';
import { mirrorActor, sooner } from './mirrorTools.ts';

export interface ImportReport {
	/** Of the boards and of every archive. */
	readonly looks: ReadonlyMap<BoardFileName, BoardLook>;
	/** Look again after this time: a file is being written, or somebody else is at work. */
	readonly retryMilliseconds: number | undefined;
	readonly hasChanged: boolean;
}

const lookAgain = 40;

interface Snapshot {
	/** Of the boards, and of those archives that have to be opened. */
	readonly states: Map<BoardFileName, BoardState>;
	/** Archives that are what we know, by their stamp alone. */
	readonly settled: ReadonlyMap<ArchiveName, FileStamp>;
	readonly outputs: readonly OutputNote[];
	readonly replaced: readonly ReplacedRecord[];
	readonly lease: Lease | undefined;
}

/** Takes over hand edits. When somebody else took them over meanwhile, the report asks to look again. */
export async function importBoards(tools: MirrorTools): Promise<ImportReport> {
	const { boards } = tools;
	const { states, settled, outputs, replaced, lease } = await takeSnapshot(tools);
	const now = tools.clock.now();
	const looks = new Map<BoardFileName, BoardLook>();
	const own: { readonly board: BoardFileName; readonly content: string; readonly note: OutputNote }[] = [];
	const changed: BoardFileName[] = [];
	let retryMilliseconds: number | undefined;
	for (const [name, stamp] of settled) {
		looks.set(name, { kind: 'same', stamp });
	}
	for (const [board, state] of states) {
		const look = await boards.look(board, state.base);
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
		await rememberStamps(tools, looks, states);
		return { looks, retryMilliseconds, hasChanged: halted };
	}
	await openNamedArchives(tools, states, looks);
	const sides = [...states.keys()].map((board): BoardSide => {
		const look = looks.get(board);
		const base = boards.base(board, states.get(board)?.base ?? null);
		if (look?.kind !== 'changed') {
			return { board, base, file: base };
		}
		const isOwn = own.some((each) => each.board === board);
		return isOwn ? { board, base: look.reading, file: look.reading } : { board, base, file: look.reading };
	});
	const stamps = changed.flatMap((board) => {
		const look = looks.get(board);
		return look?.kind === 'changed' ? [look.stamp] : [];
	});
	const isByGit = await isGitAtWork(tools.files, tools.folder, stamps);
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
			(await applyMerge(transaction, sides, rebaseDiff(diffBoards(sides), sides, replaced, now), now, isByGit))
				.isCurrent
		);
	});
	if (isCurrent && changed.length > 0) {
		tools.log.info(`Took over edits of ${changed.map((board) => `${board}.json`).join(', ')}.`);
	}
	// Either way the ledger has moved: the next look compares with what it says now.
	return { looks, retryMilliseconds: 0, hasChanged: true };
}

/** Archives whose content is known to be ours, and in order, need not be opened again, by nobody, until their stamp changes. */
async function rememberStamps(
	tools: MirrorTools,
	looks: ReadonlyMap<BoardFileName, BoardLook>,
	states: ReadonlyMap<BoardFileName, BoardState>,
): Promise<void> {
	const stamps = new Map<BoardFileName, string>();
	for (const name of states.keys()) {
		const look = looks.get(name);
		const isKnown = isArchive(name) && look?.kind === 'same' && tools.boards.isTrusted(name);
		if (isKnown && isInOrder(tools.boards.base(name, states.get(name)?.base ?? null))) {
			stamps.set(name, stampText(look.stamp));
		}
	}
	if (stamps.size > 0) {
		await tools.ledger.write(mirrorActor(tools), async (transaction) => {
			for (const [name, stamp] of stamps) {
				if ((await transaction.board(name)).base === states.get(name)?.base) {
					await transaction.setBoard(name, { stamp });
				}
			}
		});
	}
}

/** What is wrong in a file is told for as long as it is; so it is looked at again each time. */
const isInOrder = (reading: BoardReading): boolean =>
	reading.problems.length === 0 &&
	reading.entries.every(({ content }) => content.problems.every(({ severity }) => severity === 'information'));

/** A record that came to stand in a changed file may be the copy of one in an archive that nobody touched: then that is opened, too. */
async function openNamedArchives(
	tools: MirrorTools,
	states: Map<BoardFileName, BoardState>,
	looks: ReadonlyMap<BoardFileName, BoardLook>,
): Promise<void> {
	const ids = new Set<string>();
	for (const [board, state] of states) {
		const look = looks.get(board);
		if (look?.kind === 'changed') {
			const base = tools.boards.base(board, state.base);
			for (const id of look.reading.byId.keys()) {
				if (!base.byId.has(id)) {
					ids.add(id);
				}
			}
		}
	}
	if (ids.size > 0) {
		await tools.ledger.read(async (reader) => {
			for (const stored of await reader.tasks({ ids: [...ids] })) {
				const file = fileOf(stored);
				if (!states.has(file) && looks.get(file)?.kind === 'same') {
					states.set(file, await reader.board(file));
				}
			}
		});
	}
}

async function takeSnapshot(tools: MirrorTools): Promise<Snapshot> {
	const found = await findArchives(tools);
	return tools.ledger.read(async (reader) => {
		tools.boards.useAgents(new Set((await reader.agents()).map(({ id }) => id)));
		const states = new Map<BoardFileName, BoardState>();
		for (const board of boardNames) {
			states.set(board, await reader.board(board));
		}
		const known = new Map((await reader.archives()).map((state) => [state.name, state]));
		const settled = new Map<ArchiveName, FileStamp>();
		for (const name of new Set([...known.keys(), ...found.keys()])) {
			const stamp = found.get(name);
			if (stamp !== undefined && isSettledArchive(known.get(name), stamp)) {
				settled.set(name, stamp);
			} else {
				states.set(name, await reader.board(name));
			}
		}
		return {
			states,
			settled,
			outputs: await readOutputs(reader),
			replaced: await readReplaced(reader),
			lease: await reader.lease(leaseNames.mirror),
		};
	});
}

/** Halts boards whose file cannot be read and lets those go on whose file is again what it was. */
async function haltUnreadable(
	tools: MirrorTools,
	looks: ReadonlyMap<BoardFileName, BoardLook>,
	states: Map<BoardFileName, BoardState>,
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
	board: BoardFileName,
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
