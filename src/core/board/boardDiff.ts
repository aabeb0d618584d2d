// Owns what somebody changed in the board files since we last wrote or read them: base against file, over all boards at once,
// because a record cut from one file may stand in another. It knows nothing of the ledger and decides nothing.

import { jsonEquals } from '../../base/json.ts';
import type { BoardFileName } from '../task/archive.ts';
import type { BoardEntry, BoardReading } from './boardReading.ts';

/** One board as it was and as it is; the same reading twice when nobody touched it. */
export interface BoardSide {
	readonly board: BoardFileName;
	readonly base: BoardReading;
	readonly file: BoardReading;
}

export interface Occurrence {
	readonly board: BoardFileName;
	readonly entry: BoardEntry;
}

/** `before` undefined: the id is new. `after` undefined: it stands in no file any more. */
export interface RecordChange {
	readonly id: string;
	readonly before: Occurrence | undefined;
	readonly after: Occurrence | undefined;
	/** Sequence up to which `before` showed the ledger, where it is older than what the file last showed. */
	readonly mirrored?: number;
}

export interface CopiedRecord extends Occurrence {
	readonly id: string;
}

export interface BoardsDiff {
	readonly changes: readonly RecordChange[];
	/** Ids in file order, of boards where tasks were added or put into another order. */
	readonly orders: ReadonlyMap<BoardFileName, readonly string[]>;
	/**
	 * Second records: they are new or changed, and are not the change of their task. Nothing of them is taken over, and what they
	 * say more than the task is told.
	 */
	readonly copies: readonly CopiedRecord[];
	/** How many tasks each changed board had. */
	readonly sizes: ReadonlyMap<BoardFileName, number>;
}

export function diffBoards(sides: readonly BoardSide[]): BoardsDiff {
	const candidates = new Set<string>();
	const orders = new Map<BoardFileName, readonly string[]>();
	const sizes = new Map<BoardFileName, number>();
	for (const { board, base, file } of sides) {
		if (base === file || base.text === file.text) {
			continue;
		}
		sizes.set(board, base.byId.size);
		collectChanged(base, file, candidates);
		collectChanged(file, base, candidates);
		const order = [...file.byId.keys()];
		const isKept = isSubsequence(
			[...base.byId.keys()].filter((id) => file.byId.has(id)),
			order,
		);
		if (!isKept || order.some((id) => !base.byId.has(id))) {
			orders.set(board, order);
		}
	}
	const changes: RecordChange[] = [];
	const copies: CopiedRecord[] = [];
	for (const id of candidates) {
		const befores = occurrences(id, sides, 'base');
		const afters = occurrences(id, sides, 'file');
		const change = changeOf(id, befores, afters);
		if (change !== undefined) {
			changes.push(change);
		}
		for (const { board, entry } of afters) {
			if (entry !== change?.after?.entry && !befores.some((before) => isSame(before.entry, entry))) {
				copies.push({ id, board, entry });
			}
		}
	}
	return { changes, orders, copies, sizes };
}

function collectChanged(from: BoardReading, to: BoardReading, ids: Set<string>): void {
	for (const [id, entries] of from.byId) {
		const others = to.byId.get(id);
		if (others?.length !== entries.length || entries.some((entry, index) => entry.text !== others[index]?.text)) {
			ids.add(id);
		}
	}
}

function isSubsequence(ids: readonly string[], order: readonly string[]): boolean {
	let index = 0;
	for (const id of order) {
		if (id === ids[index]) {
			index++;
		}
	}
	return index === ids.length;
}

/** Of several records under one id, the one that somebody left alone is the task; the others are copies, and problems. */
function changeOf(id: string, befores: readonly Occurrence[], afters: readonly Occurrence[]): RecordChange | undefined {
	const isUntouched = ({ board, entry }: Occurrence) =>
		befores.some((before) => before.board === board && isSame(before.entry, entry));
	if (afters.some(isUntouched)) {
		return undefined;
	}
	const after = afters.find(({ board }) => befores.some((before) => before.board === board)) ?? afters[0];
	const before = befores.find(({ board }) => board === after?.board) ?? befores[0];
	return before === undefined && after === undefined ? undefined : { id, before, after };
}

function occurrences(id: string, sides: readonly BoardSide[], which: 'base' | 'file'): Occurrence[] {
	return sides.flatMap((side) => (side[which].byId.get(id) ?? []).map((entry) => ({ board: side.board, entry })));
}

const isSame = (left: BoardEntry, right: BoardEntry): boolean =>
	left.text === right.text || jsonEquals(left.value, right.value);
