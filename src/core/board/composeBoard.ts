// Owns the text of a board file that shows the ledger. What the ledger did not change since the file last showed it keeps the
// characters of the file, refused edits included: a person who is typing is not typed over. Pure; it writes nothing.

import type { JsonObject } from '../../base/json.ts';
import { jsonEquals } from '../../base/json.ts';
import type { StoredTask } from '../task/task.ts';
import type { BoardFileName } from '../task/archive.ts';
import { fileOf, isArchive } from '../task/archive.ts';
import type { BoardEntry, BoardReading } from './boardReading.ts';
import { saysMore } from './copiedRecords.ts';
import type { WrittenRecord } from './recordText.ts';
import { joinRecords, renderRecordText, standardFormat } from './recordText.ts';

export interface ComposeInput {
	readonly board: BoardFileName;
	/** Tasks on the file, in order. */
	readonly tasks: readonly StoredTask[];
	/** The file as it stands, which is also what we last took over; undefined when there is none. */
	readonly file: BoardReading | undefined;
	/** Sequence up to which the file shows the ledger. */
	readonly mirrored: number;
	/** The task an id belongs to, on whichever board. */
	readonly taskOf: (id: string) => StoredTask | undefined;
	/** How a task is written now, on whichever board it stands. */
	readonly writtenOf: (id: string) => WrittenRecord | undefined;
	/** True when the file a task stands on has a record of it, so that any other is a copy. */
	readonly isShownAtHome: (stored: StoredTask) => boolean;
	/** True when the file of any other board has a record of it: one of them is a copy, and never was taken over. */
	readonly isShownElsewhere: (id: string) => boolean;
	/** True when an entry is word for word what we replaced a moment ago: somebody saved what they had read before. */
	readonly isStale: (id: string, record: JsonObject) => boolean;
}

export interface ComposedBoard {
	readonly text: string;
	/** Records that are no longer in the file although no task shows them: copies under a doubled id. They go into an event. */
	readonly dropped: readonly { readonly task_id: string; readonly record: JsonObject }[];
	/** What stood in the file before and does not any more; null where nothing stood. */
	readonly replaced: readonly { readonly task_id: string; readonly record: JsonObject | null }[];
	/** True when records stay although their tasks moved on, because the file they moved to does not show them yet. */
	readonly isWaiting: boolean;
}

export function composeBoard(input: ComposeInput): ComposedBoard {
	const { board, file, mirrored } = input;
	const format = file?.format ?? standardFormat;
	const dropped: ComposedBoard['dropped'][number][] = [];
	const replaced: ComposedBoard['replaced'][number][] = [];
	/** Entries that are no task of this board and stay nevertheless, by the task they stand behind. */
	const guests = new Map<string, string[]>();
	let neighbour = '';
	let isWaiting = false;
	const seen = new Set<string>();
	for (const entry of file?.entries ?? []) {
		const { id } = entry;
		const stored = id === undefined ? undefined : input.taskOf(id);
		if (id !== undefined && stored !== undefined && fileOf(stored) === board && !seen.has(id)) {
			seen.add(id);
			neighbour = id;
			continue;
		}
		const waits = stored !== undefined && isUnderway(stored, input);
		isWaiting ||= waits;
		if (stored === undefined || waits || isStandingCopy(entry, stored, input)) {
			const list = guests.get(neighbour) ?? [];
			list.push(entry.text);
			guests.set(neighbour, list);
		} else {
			const { task_id } = stored.task;
			const record = entry.record ?? {};
			if (stored.archive === undefined) {
				replaced.push({ task_id, record });
			}
			if (isCopy(entry, stored, input)) {
				dropped.push({ task_id, record });
			}
		}
	}
	const texts = [...(guests.get('') ?? [])];
	for (const stored of input.tasks) {
		const { task_id } = stored.task;
		const entry = file?.entry(task_id);
		if (entry !== undefined && stored.sequence <= mirrored && !input.isStale(task_id, entry.record ?? {})) {
			texts.push(entry.text);
		} else {
			texts.push(renderRecordText(stored.record, writtenOf(entry) ?? input.writtenOf(task_id), format));
			if (file !== undefined && !jsonEquals(entry?.record, stored.record)) {
				replaced.push({ task_id, record: entry?.record ?? null });
			}
		}
		texts.push(...(guests.get(task_id) ?? []));
	}
	return { text: joinRecords(texts, format), dropped, replaced: isArchive(board) ? [] : replaced, isWaiting };
}

function writtenOf(entry: BoardEntry | undefined): WrittenRecord | undefined {
	return entry?.record === undefined ? undefined : { record: entry.record, text: entry.text };
}

/** On its way into or out of an archive a record stands on both files for a moment, so that no crash leaves it on neither. */
const isUnderway = (stored: StoredTask, input: ComposeInput): boolean =>
	fileOf(stored) !== input.board &&
	(isArchive(input.board) || stored.archive !== undefined) &&
	!input.isShownAtHome(stored);

/** A copy stays as long as its task does not change, so that whoever pasted it can give it an id of its own. */
const isStandingCopy = (entry: BoardEntry, stored: StoredTask, input: ComposeInput): boolean =>
	!isArchive(input.board) &&
	stored.archive === undefined &&
	stored.sequence <= input.mirrored &&
	input.isShownAtHome(stored) &&
	!input.isStale(stored.task.task_id, entry.record ?? {});

/** What merely moved on to another board is shown there; a copy that says something else is worth keeping, also when its task moves. */
const isCopy = (entry: BoardEntry, stored: StoredTask, input: ComposeInput): boolean =>
	(input.file?.entry(stored.task.task_id) !== entry ||
		input.isShownElsewhere(stored.task.task_id) ||
		(stored.archive !== undefined && input.isShownAtHome(stored))) &&
	saysMore(entry, stored) &&
	!input.isStale(stored.task.task_id, entry.record ?? {});
