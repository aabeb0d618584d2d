// Owns the way out: writes the files of boards that changed. Nothing is written over a file that somebody changed since we read
// it: the stamp is compared right before the rename, and what a program still writes into the replaced file is read from it.

import type { DreamError } from '../base/errors.ts';
import { isDreamError } from '../base/errors.ts';
import type { ComposedBoard } from '../core/board/composeBoard.ts';
import { composeBoard } from '../core/board/composeBoard.ts';
import type { BoardReading } from '../core/board/boardReading.ts';
import { copyToQuarantine } from '../core/board/quarantine.ts';
import type { ReplacedRecord } from '../core/board/replacedRecords.ts';
import { isStale } from '../core/board/replacedRecords.ts';
import type { WrittenRecord } from '../core/board/recordText.ts';
import type { BoardState, LedgerTransaction } from '../core/ledger.ts';
import type { FileStamp } from '../core/ports.ts';
import { leaseLifetimes, leaseNames } from '../core/swarmFacts.ts';
import type { BoardFileName } from '../core/task/archive.ts';
import { isArchive } from '../core/task/archive.ts';
import { boardNames } from '../core/task/taskStatus.ts';
import type { ImportReport } from './boardImport.ts';
import type { OutputNote } from './mirrorOutputs.ts';
import { addOutputs, addReplaced, hashText, removeOutputs } from './mirrorOutputs.ts';
import type { MirrorTools } from './mirrorTools.ts';
import { mirrorActor, sooner } from './mirrorTools.ts';
import { ReplacedFile } from './replacedFile.ts';
import type { Forced, Looks, Source } from './dueBoards.ts';
import { findDue, readSource } from './dueBoards.ts';

/** What a program wrote into a file after we had replaced it. */
export interface LateWrite {
	readonly board: BoardFileName;
	/** The text the program had before it. */
	readonly base: string;
	/** Sequence up to which that text showed the ledger. */
	readonly mirrored: number;
	readonly file: ReplacedFile;
}

export interface ExportReport {
	readonly written: readonly BoardFileName[];
	/** Look again after this time; undefined when every board shows the ledger. */
	readonly retryMilliseconds: number | undefined;
	/** Files that could not be written, with what the file system said. */
	readonly failures: ReadonlyMap<BoardFileName, DreamError>;
}

const lookAgain = 60;
interface Output extends OutputNote {
	readonly state: BoardState;
	readonly stamp: FileStamp | undefined;
	readonly composed: ComposedBoard;
	readonly base: BoardReading | undefined;
}

interface GroupReport extends ExportReport {
	/** Something is due that can be written only once another file is. */
	readonly isWaiting: boolean;
}

const nothing: GroupReport = {
	written: [],
	retryMilliseconds: undefined,
	failures: new Map(),
	isWaiting: false,
};

/**
 * Writes what does not show the ledger. Archives go first, and a record stays where it was until the file it went to has it: whatever
 * is cut short leaves it on two files and never on none.
 * @param follow is given every file that was replaced, at once and whatever fails later; it closes it.
 * @param force files that are replaced by the ledger's version whatever is in them; they were copied aside before.
 */
export async function exportBoards(
	tools: MirrorTools,
	{ looks }: Pick<ImportReport, 'looks'>,
	follow: (late: LateWrite) => void,
	force: Forced = new Map(),
): Promise<ExportReport> {
	const archives = await exportGroup(tools, looks, follow, force, 'archives');
	const boards = await exportGroup(tools, looks, follow, force, 'boards');
	const written = [...archives.written, ...boards.written];
	const isMore = written.length > 0 && (archives.isWaiting || boards.isWaiting);
	return {
		written,
		retryMilliseconds: isMore ? 0 : sooner(archives.retryMilliseconds, boards.retryMilliseconds),
		failures: new Map([...archives.failures, ...boards.failures]),
	};
}

async function exportGroup(
	tools: MirrorTools,
	looks: Looks,
	follow: (late: LateWrite) => void,
	force: Forced,
	group: 'archives' | 'boards',
): Promise<GroupReport> {
	const due = await findDue(tools, looks, force, group);
	if (due.targets.length === 0) {
		return nothing;
	}
	const source = await readSource(tools, due);
	const all = due.targets.flatMap((board) => compose(tools, board, source, looks, force));
	const isWaiting = due.left > 0 || all.some(({ composed }) => composed.isWaiting);
	// Where nothing can be done but wait for another file, nothing is.
	const outputs = all.filter(({ composed, base }) => !composed.isWaiting || composed.text !== base?.content);
	if (outputs.length === 0) {
		return { ...nothing, isWaiting };
	}
	if (!(await announce(tools, outputs))) {
		return { ...nothing, retryMilliseconds: lookAgain };
	}
	const written: Output[] = [];
	const failures = new Map<BoardFileName, DreamError>();
	for (const output of outputs) {
		try {
			await write(tools, output, follow);
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
		retryMilliseconds: isDone ? undefined : 0,
		failures,
		isWaiting,
	};
}

function compose(tools: MirrorTools, board: BoardFileName, source: Source, looks: Looks, force: Forced): Output[] {
	const { states, archived, recent } = source;
	const state = states.get(board);
	const look = looks.get(board);
	const tasks = source.tasks.get(board) ?? [];
	const isIdle = isArchive(board) && look?.kind === 'missing' && tasks.length === 0;
	if (state === undefined || isIdle || (!force.has(board) && look?.kind === 'changed')) {
		return [];
	}
	const bases = new Map<BoardFileName, BoardReading>();
	// Asked for each record, while finding out that a long text is the same as before takes as long as the text.
	const baseOf = (each: BoardFileName): BoardReading => {
		const known = bases.get(each) ?? tools.boards.base(each, states.get(each)?.base ?? null);
		bases.set(each, known);
		return known;
	};
	const base = state.base === null ? undefined : baseOf(board);
	// A file that is gone, or is to be replaced, has nothing to keep; its last text still says how records were written.
	const file = look?.kind === 'same' && !force.has(board) ? base : undefined;
	const recentIds = new Set(recent.filter((each) => each.board === board).map(({ task_id }) => task_id));
	const composed = composeBoard({
		board,
		tasks,
		file,
		mirrored: state.mirrored_sequence,
		taskOf: source.find,
		writtenOf: (id) =>
			writtenOf(
				id,
				[board, ...states.keys()].map((each) => () => baseOf(each)),
			),
		isShownAtHome: (stored) =>
			stored.archive === undefined
				? baseOf(stored.board).entry(stored.task.task_id) !== undefined
				: stored.sequence <= (archived.get(stored.archive) ?? 0),
		isShownElsewhere: (id) => boardNames.some((each) => each !== board && baseOf(each).entry(id) !== undefined),
		isStale: (id, record) => recentIds.has(id) && isStale(recent, board, id, record, tools.clock.now()),
	});
	const sequence = Math.max(tools.tasks.sequence, state.dirty_sequence);
	const stamp = force.has(board) ? force.get(board) : look?.kind === 'same' ? look.stamp : undefined;
	return [
		{ board, state, stamp, composed, base: file, hash: hashText(composed.text), sequence, at: tools.clock.now() },
	];
}

/** Each text is read only when the ones before it do not have the record. */
function writtenOf(id: string, bases: readonly (() => BoardReading)[]): WrittenRecord | undefined {
	for (const base of bases) {
		const entry = base().entry(id);
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

async function write(
	tools: MirrorTools,
	{ board, stamp, composed, base, state }: Output,
	follow: (late: LateWrite) => void,
): Promise<void> {
	const { boards, files } = tools;
	if (base?.content === composed.text) {
		return;
	}
	if (base?.isLossy === true) {
		await copyToQuarantine(tools, board, new TextEncoder().encode(base.content));
	}
	const path = boards.path(board);
	if (stamp === undefined) {
		await files.makeFolder(files.join(path, '..'));
	}
	const replaced = base === undefined ? undefined : await ReplacedFile.hold(path);
	try {
		const isSame = async () => {
			const now = await boards.stamp(board);
			return now?.size === stamp?.size && now?.modified === stamp?.modified && now?.inode === stamp?.inode;
		};
		await files.writeAtomic(path, composed.text, isSame, { othersSave: true });
	} catch (error) {
		await replaced?.close();
		throw error;
	}
	if (replaced !== undefined && base !== undefined) {
		follow({ board, base: base.content, mirrored: state.mirrored_sequence, file: replaced });
	}
}

/** Says what the files show now, keeps what was taken off them, and lets the next mirror work. */
async function finish(
	tools: MirrorTools,
	transaction: LedgerTransaction,
	outputs: readonly Output[],
	written: readonly Output[],
	force: Forced,
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
			...(composed.text === state.base ? {} : { base: composed.text }),
			...(composed.isWaiting ? {} : { mirrored_sequence: sequence }),
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
				data: { board, record },
			});
		}
	}
	await addReplaced(transaction, replaced, now);
	await removeOutputs(transaction, told, now);
	await transaction.releaseLease(leaseNames.mirror, tools.holder);
}
