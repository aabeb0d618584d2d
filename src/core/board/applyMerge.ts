// Owns the way of a hand edit into the ledger: everything somebody changed in the files becomes one transaction. Edits first,
// then new tasks, then removals, then the order of the files; at the end each board knows whether its file has to be written.

import { countOf } from '../../base/words.ts';
import type { BoardState, LedgerTransaction } from '../ledger.ts';
import type { BoardFileName } from '../task/archive.ts';
import { boardOfFile, fileOf, isArchive } from '../task/archive.ts';
import type { StoredTask } from '../task/task.ts';
import { boardNames } from '../task/taskStatus.ts';
import type { ApplyContext } from './applyContext.ts';
import { fileName } from './applyContext.ts';
import { applyEdit } from './applyEdit.ts';
import { applyAddition, applyRemoval, putBack, wantsReady } from './applyMembership.ts';
import type { BoardsDiff, BoardSide, Occurrence, RecordChange } from './boardDiff.ts';
import { tellCopies } from './copiedRecords.ts';
import { isAccidentalRemoval } from './accidentalRemoval.ts';
import { refuseOldVersions, setOldVersionsAside } from './oldVersions.ts';
import { placeTasks } from './placeTasks.ts';
import type { RebasedDiff } from './replacedRecords.ts';

export interface MergeOutcome {
	/** False: somebody else took over these files meanwhile; read them again. */
	readonly isCurrent: boolean;
	readonly edited: number;
	readonly added: number;
	readonly removed: number;
}

/**
 * Takes over what `diff` says was changed in the files of `sides`.
 * @param isByGit whether git wrote them, and not somebody who edits.
 */
export async function applyMerge(
	transaction: LedgerTransaction,
	sides: readonly BoardSide[],
	diff: RebasedDiff,
	now: number,
	isByGit: boolean,
): Promise<MergeOutcome> {
	const states = new Map<BoardFileName, BoardState>();
	for (const board of new Set<BoardFileName>([...boardNames, ...sides.map((side) => side.board)])) {
		states.set(board, await transaction.board(board));
	}
	const changed = sides.filter(({ base, file }) => base !== file);
	if (changed.some(({ board, base }) => (states.get(board)?.base ?? '[]') !== base.content)) {
		return { isCurrent: false, edited: 0, added: 0, removed: 0 };
	}
	const context = await createContext(transaction, now, (board) => states.get(board)?.mirrored_sequence ?? 0);
	for (const board of diff.stale) {
		context.writeBack.add(board);
	}
	const dated = await setOldVersionsAside(transaction, sides, diff, now, isByGit);
	await tellUnknown(context, dated.diff.unknown);
	const outcome = await applyChanges(context, dated.diff);
	await refuseOldVersions(context, dated.old);
	await tellCopies(context, dated.diff.copies);
	await showAgain(context, dated.diff);
	await applyOrders(context, dated.diff);
	await noticeCopies(context, changed);
	await settleBoards(context, changed, states);
	return { isCurrent: true, ...outcome };
}

/**
 * Takes over what somebody wrote into a file that we had replaced already: nobody sees that file any more, so its edits are merged
 * against the text it held before, and the boards are written again.
 * @param mirrored sequence up to which that text showed the ledger.
 */
export async function applyLateMerge(
	transaction: LedgerTransaction,
	diff: BoardsDiff,
	mirrored: number,
	now: number,
): Promise<void> {
	const context = await createContext(transaction, now, () => mirrored);
	await applyChanges(context, { ...diff, stale: new Set(), outdated: [], unknown: [] });
	await tellCopies(context, diff.copies);
	await settleBoards(context, [], new Map());
}

async function createContext(
	transaction: LedgerTransaction,
	now: number,
	mirrored: ApplyContext['mirrored'],
): Promise<ApplyContext> {
	const agents = new Set((await transaction.agents()).map(({ id }) => id));
	return { transaction, agents, now, mirrored, writeBack: new Set(), arrived: new Set() };
}

async function applyChanges(context: ApplyContext, diff: RebasedDiff): Promise<Omit<MergeOutcome, 'isCurrent'>> {
	const { transaction } = context;
	const stored = new Map<string, StoredTask>();
	for (const task of await transaction.tasks({ ids: diff.changes.map(({ id }) => id) })) {
		stored.set(task.task.task_id, task);
	}
	const edits: RecordChange[] = [];
	const additions: RecordChange[] = [];
	const removals: RecordChange[] = [];
	for (const change of diff.changes) {
		(change.after === undefined ? removals : stored.has(change.id) ? edits : additions).push(change);
	}
	for (const change of inOrder(edits, isCompletion)) {
		const task = await transaction.task(change.id);
		if (task !== undefined) {
			await applyEdit(context, change, task);
		}
	}
	for (const { id, after } of inOrder(additions, (change) => !isQueued(change))) {
		if (after !== undefined) {
			await applyAddition(context, id, after);
		}
	}
	const removed = await applyRemovals(context, removals, diff);
	return { edited: edits.length, added: additions.length, removed };
}

/** Those that others may wait for come first. */
const inOrder = (changes: readonly RecordChange[], isFirst: (change: RecordChange) => boolean): RecordChange[] => [
	...changes.filter(isFirst),
	...changes.filter((change) => !isFirst(change)),
];
const isCompletion = ({ after }: RecordChange): boolean =>
	after?.entry.task?.status === 'COMPLETED' ||
	(after !== undefined && boardOfFile(after.board) === 'completed_tasks');
const isQueued = ({ after }: RecordChange): boolean => {
	const task = after?.entry.task;
	return task !== undefined && wantsReady(task, after === undefined ? undefined : boardOfFile(after.board));
};

async function tellUnknown(context: ApplyContext, unknown: readonly RecordChange[]): Promise<void> {
	for (const { id, before } of unknown) {
		const stored = await context.transaction.task(id);
		if (stored !== undefined && before !== undefined) {
			await putBack(context, stored, before, {
				code: 'record.stale',
				severity: 'information',
				message: `${id} was put back into ${before.board}.json: the file came back as it was before it.`,
				advice: 'If you took it out yourself, take it out again.',
			});
		}
	}
}

async function applyRemovals(
	context: ApplyContext,
	removals: readonly RecordChange[],
	{ sizes, unknown }: RebasedDiff,
): Promise<number> {
	const vanished: { readonly task: StoredTask; readonly before: Occurrence }[] = [];
	const counts = new Map<BoardFileName, number>();
	for (const { before } of unknown) {
		if (before !== undefined) {
			counts.set(before.board, (counts.get(before.board) ?? 0) + 1);
		}
	}
	for (const change of removals) {
		const { before } = change;
		const task = await context.transaction.task(change.id);
		if (before === undefined || task === undefined) {
			continue;
		}
		if (fileOf(task) !== before.board || task.sequence > context.mirrored(before.board)) {
			// The ledger changed it meanwhile; its board is to be written anyway and shows it again.
			context.writeBack.add(fileOf(task));
			continue;
		}
		vanished.push({ task, before });
		counts.set(before.board, (counts.get(before.board) ?? 0) + 1);
	}
	let removed = 0;
	for (const { task, before } of vanished) {
		const count = counts.get(before.board) ?? 0;
		if (isAccidentalRemoval(count, sizes.get(before.board) ?? 0, isArchive(before.board))) {
			await putBack(context, task, before, {
				code: 'board.massRemoval',
				severity: 'warning',
				message: `${count} tasks vanished from ${before.board}.json at once, ${task.task.task_id} among them; they were put back.`,
				advice: 'To remove tasks on purpose, take out a few at a time, or cancel them.',
			});
		} else {
			await applyRemoval(context, task, before);
			removed++;
		}
	}
	return removed;
}

/** Whoever saved them read them before we wrote; that the files have to show the tasks again must not hang on how soon it is done. */
async function showAgain(context: ApplyContext, { outdated }: RebasedDiff): Promise<void> {
	const { transaction } = context;
	const tasks = new Map(
		(await transaction.tasks({ ids: outdated.map(({ id }) => id) })).map((stored) => [stored.task.task_id, stored]),
	);
	for (const board of new Set(outdated.map((each) => each.board))) {
		const shown = outdated.flatMap((each) => {
			const stored = each.board === board ? tasks.get(each.id) : undefined;
			const isKept = stored !== undefined && stored.sequence <= context.mirrored(board);
			return isKept && fileOf(stored) === board ? [stored] : [];
		});
		if (shown.length > 0) {
			await transaction.append({
				type: 'board.problem',
				message: `${fileName(board)} was saved from an older version; ${countOf(shown.length, 'task')} of it ${shown.length === 1 ? 'is' : 'are'} shown again`,
				data: { board, tasks: shown.map(({ task }) => task.task_id) },
			});
			for (const stored of shown) {
				await transaction.replaceTask(stored, { status: stored.task.status, epoch: stored.epoch });
			}
		}
	}
}

async function applyOrders(context: ApplyContext, diff: BoardsDiff): Promise<void> {
	const { transaction, arrived } = context;
	for (const [board, order] of diff.orders) {
		const tasks = new Map(
			(await transaction.tasks({ files: [board] })).map((stored) => [stored.task.task_id, stored]),
		);
		const wanted = order.filter((id) => tasks.has(id));
		if (isAscending(wanted.map((id) => tasks.get(id)?.position ?? 0))) {
			continue;
		}
		const places = new Map<string, number>();
		for (const id of wanted) {
			if (!arrived.has(id)) {
				places.set(id, tasks.get(id)?.position ?? 0);
			}
		}
		await transaction.append({
			type: 'task.edited',
			message: `order changed in ${board}.json`,
			data: { board },
		});
		for (const [id, position] of placeTasks(wanted, places)) {
			const stored = tasks.get(id);
			if (stored !== undefined && stored.position !== position) {
				await transaction.replaceTask(
					{ ...stored, position },
					{ status: stored.task.status, epoch: stored.epoch },
				);
			}
		}
	}
}

/** The copy of an archived record is not left for somebody to sort out, as one among four boards is: its file is written without it. */
async function noticeCopies({ transaction, writeBack }: ApplyContext, changed: readonly BoardSide[]): Promise<void> {
	for (const { board, base, file } of changed) {
		const ids = [...file.byId.keys()].filter((id) => !base.byId.has(id));
		const tasks = ids.length === 0 ? [] : await transaction.tasks({ ids });
		if (tasks.some((stored) => fileOf(stored) !== board && (isArchive(board) || stored.archive !== undefined))) {
			writeBack.add(board);
		}
	}
}

const isAscending = (positions: readonly number[]): boolean =>
	positions.every((position, index) => index === 0 || position > (positions[index - 1] ?? 0));

/** A board whose file already shows the outcome is clean; all others are to be written. */
async function settleBoards(
	context: ApplyContext,
	changed: readonly BoardSide[],
	states: ReadonlyMap<BoardFileName, BoardState>,
): Promise<void> {
	const { transaction, writeBack } = context;
	const sequence = await transaction.sequence();
	for (const { board, file } of changed) {
		const state = states.get(board);
		const wasClean = state !== undefined && state.dirty_sequence <= state.mirrored_sequence;
		await transaction.setBoard(board, {
			base: file.content,
			halted: null,
			...(wasClean && !writeBack.has(board) ? { mirrored_sequence: sequence } : {}),
		});
	}
	for (const board of writeBack) {
		const state = await transaction.board(board);
		if (state.dirty_sequence <= state.mirrored_sequence) {
			await transaction.setBoard(board, { dirty_sequence: Math.max(sequence, state.mirrored_sequence + 1) });
		}
	}
}
