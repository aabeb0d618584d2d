// Owns the way out: writes the files of boards that changed. Nothing is written over a file that somebody changed since we read
// it: the stamp is compared right before the rename, and what a program still writes into the replaced file is read from it.

import type { DreamError } from '../base/errors.ts';
import { isDreamError } from '../base/errors.ts';
import type { ComposedBoard } from '../core/board/composeBoard.ts';
import { composeBoard } from '../core/board/composeBoard.ts';
import type { BoardReading } from '../core/board/boardReading.ts';
import { keptValue } from '../core/board/mergeNotice.ts';
import { copyToQuarantine } from '../core/board/quarantine.ts';
import type { ReplacedRecord } from '../core/board/replacedRecords.ts';
import { isStale } from '../core/board/replacedRecords.ts';
import type { WrittenRecord } from '../core/board/recordText.ts';
import type { BoardState, LedgerTransaction } from '../core/ledger.ts';
import type { FileStamp } from '../core/ports.ts';
import { leaseLifetimes, leaseNames } from '../core/swarmFacts.ts';
import type { BoardName } from '../core/task/taskStatus.ts';
import { boardNames } from '../core/task/taskStatus.ts';
import type { BoardLook } from './boardFiles.ts';
import type { ImportReport } from './boardImport.ts';
import type { OutputNote } from './mirrorOutputs.ts';
import { addOutputs, addReplaced, hashText, readReplaced, removeOutputs } from './mirrorOutputs.ts';
import type { MirrorTools } from './mirrorTools.ts';
import { mirrorActor } from './mirrorTools.ts';
import { ReplacedFile } from './replacedFile.ts';

/** What a program wrote into a file after we had replaced it. */
export interface LateWrite {
	readonly board: BoardName;
	/** The text the program had before it. */
	readonly base: string;
	/** Sequence up to which that text showed the ledger. */
	readonly mirrored: number;
	readonly file: ReplacedFile;
}

export interface ExportReport {
	readonly written: readonly BoardName[];
	readonly replaced: readonly LateWrite[];
	/** Look again after this time; undefined when every board shows the ledger. */
	readonly retryMilliseconds: number | undefined;
	/** Files that could not be written, with what the file system said. */
	readonly failures: ReadonlyMap<BoardName, DreamError>;
}

/** Tasks move towards the completed board; written in this order, a crash leaves a task on two files rather than on none. */
const writeOrder: readonly BoardName[] = [...boardNames].reverse();
const lookAgain = 60;

interface Output extends OutputNote {
	readonly state: BoardState;
	readonly stamp: FileStamp | undefined;
	readonly composed: ComposedBoard;
	readonly base: BoardReading | undefined;
}

const nothing: ExportReport = { written: [], replaced: [], retryMilliseconds: undefined, failures: new Map() };

/** @param force boards whose file is replaced by the ledger's version whatever is in it; it was copied aside before. */
export async function exportBoards(
	tools: MirrorTools,
	{ looks }: Pick<ImportReport, 'looks'>,
	force: ReadonlyMap<BoardName, FileStamp | undefined> = new Map(),
): Promise<ExportReport> {
	const { states, replaced: recent } = await tools.ledger.read(async (reader) => {
		await tools.tasks.refresh(reader);
		const boards = await Promise.all(boardNames.map(async (board) => [board, await reader.board(board)] as const));
		return { states: new Map(boards), replaced: await readReplaced(reader) };
	});
	const targets = writeOrder.filter((board) => force.has(board) || isDue(states.get(board), looks.get(board)));
	if (targets.length === 0) {
		return nothing;
	}
	const outputs = targets.flatMap((board) => compose(tools, board, states, looks, force, recent));
	if (!(await announce(tools, outputs))) {
		return { ...nothing, retryMilliseconds: lookAgain };
	}
	const written: Output[] = [];
	const replaced: LateWrite[] = [];
	const failures = new Map<BoardName, DreamError>();
	for (const output of outputs) {
		try {
			replaced.push(...(await write(tools, output)));
			written.push(output);
		} catch (error) {
			if (!isDreamError(error)) {
				throw error;
			}
			if (error.code !== 'file.changed') {
				failures.set(output.board, error);
			}
		}
	}
	await tools.ledger.write(mirrorActor(tools), (transaction) => finish(tools, transaction, outputs, written, force));
	const isDone = written.length === outputs.length || failures.size > 0;
	return {
		written: written.map(({ board }) => board),
		replaced,
		retryMilliseconds: isDone ? undefined : 0,
		failures,
	};
}

function isDue(state: BoardState | undefined, look: BoardLook | undefined): boolean {
	if (state === undefined || look === undefined || state.halted !== null) {
		return false;
	}
	return look.kind === 'missing' || (look.kind === 'same' && state.dirty_sequence > state.mirrored_sequence);
}

function compose(
	tools: MirrorTools,
	board: BoardName,
	states: ReadonlyMap<BoardName, BoardState>,
	looks: ReadonlyMap<BoardName, BoardLook>,
	force: ReadonlyMap<BoardName, FileStamp | undefined>,
	recent: readonly ReplacedRecord[],
): Output[] {
	const state = states.get(board);
	const look = looks.get(board);
	if (state === undefined || (!force.has(board) && look?.kind === 'changed')) {
		return [];
	}
	const baseOf = (each: BoardName) => tools.boards.base(each, states.get(each)?.base ?? null);
	const base = state.base === null ? undefined : baseOf(board);
	// A file that is gone, or is to be replaced, has nothing to keep; its last text still says how records were written.
	const file = look?.kind === 'same' && !force.has(board) ? base : undefined;
	const recentIds = new Set(recent.filter((each) => each.board === board).map(({ task_id }) => task_id));
	const composed = composeBoard({
		board,
		tasks: tools.tasks.onBoard(board),
		file,
		mirrored: state.mirrored_sequence,
		taskOf: (id) => tools.tasks.tasks.get(id),
		writtenOf: (id) => writtenOf(id, [board, ...boardNames].map(baseOf)),
		isShownAtHome: (stored) => baseOf(stored.board).entry(stored.task.task_id) !== undefined,
		isShownElsewhere: (id) => boardNames.some((each) => each !== board && baseOf(each).entry(id) !== undefined),
		isStale: (id, record) => recentIds.has(id) && isStale(recent, board, id, record, tools.clock.now()),
	});
	const sequence = Math.max(tools.tasks.sequence, state.dirty_sequence);
	const stamp = force.has(board) ? force.get(board) : look?.kind === 'same' ? look.stamp : undefined;
	return [
		{ board, state, stamp, composed, base: file, hash: hashText(composed.text), sequence, at: tools.clock.now() },
	];
}

function writtenOf(id: string, bases: readonly BoardReading[]): WrittenRecord | undefined {
	for (const base of bases) {
		const entry = base.entry(id);
		if (entry?.record !== undefined) {
			return { record: entry.record, text: entry.text };
		}
	}
	return undefined;
}

/** Takes the lease and notes what will be written. False when another mirror is at work or was faster. */
async function announce(tools: MirrorTools, outputs: readonly Output[]): Promise<boolean> {
	return tools.ledger.write(mirrorActor(tools), async (transaction) => {
		for (const { board, state } of outputs) {
			const now = await transaction.board(board);
			if (
				now.base !== state.base ||
				now.mirrored_sequence !== state.mirrored_sequence ||
				now.halted !== state.halted
			) {
				return false;
			}
		}
		const lease = await transaction.acquireLease(
			leaseNames.mirror,
			tools.holder,
			leaseLifetimes.mirror,
			tools.clock.now(),
		);
		if (lease === undefined) {
			return false;
		}
		await addOutputs(
			transaction,
			outputs.map(({ board, hash, sequence, at }) => ({ board, hash, sequence, at })),
		);
		return true;
	});
}

async function write(tools: MirrorTools, { board, stamp, composed, base, state }: Output): Promise<LateWrite[]> {
	const { boards, files } = tools;
	if (base?.content === composed.text) {
		return [];
	}
	if (base?.isLossy === true) {
		await copyToQuarantine(tools, board, boards.bytes(board) ?? new TextEncoder().encode(base.content));
	}
	const path = boards.path(board);
	if (stamp === undefined) {
		await files.makeFolder(files.join(path, '..'));
	}
	const replaced = base === undefined ? undefined : await ReplacedFile.hold(path);
	try {
		await files.writeAtomic(path, composed.text, async () => {
			const now = await boards.stamp(board);
			return now?.size === stamp?.size && now?.modified === stamp?.modified && now?.inode === stamp?.inode;
		});
	} catch (error) {
		await replaced?.close();
		throw error;
	}
	return replaced === undefined || base === undefined
		? []
		: [{ board, base: base.content, mirrored: state.mirrored_sequence, file: replaced }];
}

/** Says what the files show now, keeps what was taken off them, and lets the next mirror work. */
async function finish(
	tools: MirrorTools,
	transaction: LedgerTransaction,
	outputs: readonly Output[],
	written: readonly Output[],
	force: ReadonlyMap<BoardName, FileStamp | undefined>,
): Promise<void> {
	const now = tools.clock.now();
	const replaced: ReplacedRecord[] = [];
	const told = new Set(outputs.map(({ hash }) => hash));
	for (const { board, state, composed, sequence, hash } of written) {
		if ((await transaction.board(board)).base !== state.base) {
			// We slept over our lease and wrote an old text. The note stays, so that nobody takes it for somebody's edit.
			told.delete(hash);
			continue;
		}
		await transaction.setBoard(board, {
			base: composed.text,
			mirrored_sequence: sequence,
			...(force.has(board) ? { halted: null } : {}),
		});
		replaced.push(
			...composed.replaced.map((each) => ({ ...each, board, mirrored: state.mirrored_sequence, at: now })),
		);
		for (const { task_id, record } of composed.dropped) {
			await transaction.append({
				type: 'board.problem',
				task_id,
				message: `a second record of ${task_id} was taken off ${board}.json; it is kept here`,
				data: { board, record: keptValue(record) },
			});
		}
	}
	await addReplaced(transaction, replaced, now);
	await removeOutputs(transaction, told, now);
	await transaction.releaseLease(leaseNames.mirror, tools.holder);
}
