// Owns what stood in the files a moment ago. A program that read a board before we wrote it and saves it after brings old records
// back: seen against the text it read, and not against ours, it changed nothing there, so nothing is undone or removed by it.

import type { JsonObject } from '../../base/json.ts';
import { jsonEquals } from '../../base/json.ts';
import type { BoardFileName } from '../task/archive.ts';
import { boardOfFile } from '../task/archive.ts';
import type { BoardsDiff, BoardSide, Occurrence, RecordChange } from './boardDiff.ts';
import { readBoard } from './boardFile.ts';
import { BoardEntry } from './boardReading.ts';

/**
 * How long a program may sit on what it read. A person is not that quick to undo by hand what they have just seen change; but
 * whoever undoes several of our changes with one save did not see them, so then the longer time counts.
 */
export const staleMilliseconds = 2000;
export const staleTogetherMilliseconds = 60_000;

/** A version of a record that we replaced in a file; `record` null when there was none. */
export interface ReplacedRecord {
	readonly board: BoardFileName;
	readonly task_id: string;
	readonly record: JsonObject | null;
	/** Sequence up to which the file showed the ledger then. */
	readonly mirrored: number;
	/** Wall time in milliseconds when we replaced it. */
	readonly at: number;
}

export interface RebasedDiff extends BoardsDiff {
	/** Boards whose file shows something old and is to be written again. */
	readonly stale: ReadonlySet<BoardFileName>;
	/** Records that a file shows as they were before, edited or not: they are to be shown as they are again. */
	readonly outdated: readonly { readonly id: string; readonly board: BoardFileName }[];
	/** Records that are missing in a file, because its writer did not know of them yet. */
	readonly unknown: readonly RecordChange[];
}

type Version = ReplacedRecord & { readonly record: JsonObject };

/** Judges each change against the version its writer most likely read. */
export function rebaseDiff(
	diff: BoardsDiff,
	sides: readonly BoardSide[],
	replaced: readonly ReplacedRecord[],
	now: number,
): RebasedDiff {
	const stale = new Set<BoardFileName>();
	const outdated: RebasedDiff['outdated'][number][] = [];
	const unknown: RecordChange[] = [];
	const recent = recentOf(sides, replaced, now);
	if (recent.length === 0) {
		return { ...diff, stale, outdated, unknown };
	}
	const returned = returnedRecords(diff, sides, recent);
	const changes = diff.changes.flatMap((change): RecordChange[] => {
		if (change.after !== undefined && returned.has(change.after.entry)) {
			return [];
		}
		const rebased = rebaseChange(change, recent);
		if (rebased === change || change.before === undefined) {
			return [change];
		}
		stale.add(change.before.board);
		if (change.after === undefined) {
			unknown.push(change);
		} else {
			outdated.push({ id: change.id, board: change.after.board });
		}
		return rebased === undefined ? [] : [rebased];
	});
	for (const { board, change } of returned.values()) {
		stale.add(board);
		if (change !== undefined) {
			changes.push(change);
		}
	}
	const copies = diff.copies.filter(({ entry }) => !returned.has(entry));
	return { ...diff, changes, copies, stale, outdated, unknown };
}

/** Whether a record is word for word what we replaced on that board a moment ago. */
export function isStale(
	replaced: readonly ReplacedRecord[],
	board: BoardFileName,
	id: string,
	record: JsonObject,
	now: number,
): boolean {
	return replaced.some(
		(each) =>
			each.board === board &&
			each.task_id === id &&
			now - each.at < staleTogetherMilliseconds &&
			jsonEquals(each.record, record),
	);
}

/**
 * The versions that the writers of the changed files have read. A file was saved from an old version when there is a moment such
 * that it shows all we wrote until then and nothing of what we wrote after. Who takes out one of several records that we wrote
 * together has seen them.
 */
function recentOf(sides: readonly BoardSide[], replaced: readonly ReplacedRecord[], now: number): ReplacedRecord[] {
	const possible = replaced.filter(({ at }) => now - at < staleTogetherMilliseconds);
	return sides.flatMap((side) => {
		const versions = side.base === side.file ? [] : possible.filter(({ board }) => board === side.board);
		let seenUntil = -Infinity;
		let unseenFrom = Infinity;
		let undone = 0;
		for (const id of new Set(versions.map(({ task_id }) => task_id))) {
			const own = versions.filter(({ task_id }) => task_id === id);
			const shown = shownVersion(own, side.base.entry(id)?.record, side.file.entry(id)?.record);
			if (shown === undefined) {
				seenUntil = Math.max(seenUntil, ...own.map(({ at }) => at));
			} else {
				undone++;
				unseenFrom = Math.min(unseenFrom, shown.at);
			}
		}
		const patience = undone > 1 ? staleTogetherMilliseconds : staleMilliseconds;
		return seenUntil < unseenFrom && now - unseenFrom < patience
			? versions.filter(({ at }) => at >= unseenFrom)
			: [];
	});
}

/** The old version of a record that a file shows; undefined when it shows the present one, edited or not. */
function shownVersion(
	versions: readonly ReplacedRecord[],
	present: JsonObject | undefined,
	found: JsonObject | undefined,
): ReplacedRecord | undefined {
	if (found === undefined) {
		return present === undefined ? undefined : versions.find(({ record }) => record === null);
	}
	let best = present === undefined ? Infinity : distance(present, found);
	let shown: ReplacedRecord | undefined;
	for (const version of versions) {
		const count = version.record === null ? Infinity : distance(version.record, found);
		if (count < best) {
			best = count;
			shown = version;
		}
	}
	return shown;
}

interface ReturnedRecord {
	readonly board: BoardFileName;
	/** What was changed in it since it was read; undefined when nothing was. */
	readonly change: RecordChange | undefined;
}

/** Records that stand in a file again although we took them off it a moment ago. */
function returnedRecords(
	diff: BoardsDiff,
	sides: readonly BoardSide[],
	recent: readonly ReplacedRecord[],
): Map<BoardEntry, ReturnedRecord> {
	const homes = new Map(diff.changes.map((change) => [change.id, change.before?.entry.record]));
	const returned = new Map<BoardEntry, ReturnedRecord>();
	for (const { board, base, file } of sides) {
		for (const [id, [entry]] of base === file ? [] : file.byId) {
			if (entry?.record === undefined || base.byId.has(id)) {
				continue;
			}
			const version = nearest(recent, board, id, entry.record);
			const home = homes.get(id);
			// Who cuts a record from where it stands now and pastes it here, means it.
			const isMoved =
				home !== undefined &&
				version !== undefined &&
				distance(home, entry.record) <= distance(version.record, entry.record);
			if (version !== undefined && !isMoved) {
				const isAsRead = distance(version.record, entry.record) === 0;
				const change = { id, before: beforeOf(version), after: { board, entry }, mirrored: version.mirrored };
				returned.set(entry, { board, change: isAsRead ? undefined : change });
			}
		}
	}
	return returned;
}

/** A change of a record that stands where it stood, or is gone, seen against what was read; undefined when nothing was changed. */
function rebaseChange(change: RecordChange, recent: readonly ReplacedRecord[]): RecordChange | undefined {
	const { id, before, after } = change;
	if (before === undefined) {
		return change;
	}
	const { board } = before;
	if (after === undefined) {
		const wasNotThere = recent.some((each) => each.board === board && each.task_id === id && each.record === null);
		return wasNotThere ? undefined : change;
	}
	const record = after.entry.record ?? {};
	const version = after.board === board ? nearest(recent, board, id, record) : undefined;
	if (version === undefined || distance(version.record, record) >= distance(before.entry.record ?? {}, record)) {
		return change;
	}
	return distance(version.record, record) === 0
		? undefined
		: { ...change, before: beforeOf(version), mirrored: version.mirrored };
}

/** The version of a record on a board that looks most like the one somebody saved. */
function nearest(
	recent: readonly ReplacedRecord[],
	board: BoardFileName,
	id: string,
	record: JsonObject,
): Version | undefined {
	return recent
		.filter((each): each is Version => each.board === board && each.task_id === id && each.record !== null)
		.sort((left, right) => distance(left.record, record) - distance(right.record, record))[0];
}

/** How many keys differ. */
function distance(left: JsonObject, right: JsonObject): number {
	const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
	return [...keys].filter(
		(key) => Object.hasOwn(left, key) !== Object.hasOwn(right, key) || !jsonEquals(left[key], right[key]),
	).length;
}

function beforeOf({ record, board }: Version): Occurrence {
	const reading = readBoard(JSON.stringify([record]), { file: board, board: boardOfFile(board) });
	return { board, entry: reading.entries[0] ?? new BoardEntry(reading, record, { start: 0, end: 0 }) };
}
