// Owns the three-way judgement of one changed record: what the file changed since base, against what the ledger says now. Field
// by field; what only the file changed is proposed, what both changed stays as the ledger has it. Pure: it changes nothing.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { jsonEquals } from '../../base/json.ts';
import { editableFields } from '../task/editTask.ts';
import type { StoredTask, Task } from '../task/task.ts';
import { boardOfFile } from '../task/archive.ts';
import type { BoardName, MoveName, TaskStatus } from '../task/taskStatus.ts';
import { boardOfStatus, taskStatuses } from '../task/taskStatus.ts';
import type { RecordChange } from './boardDiff.ts';
import type { BoardEntry } from './boardReading.ts';
import type { BoardProblemCode, ProblemSeverity } from './boardProblem.ts';
import { isFieldKey, renderRecord, taskFromRecord } from './boardRecord.ts';
import { handMoves, handTargets } from './handMoves.ts';

/** Something of an edit that was not taken over, with the value that is therefore kept in an event. */
export interface Refusal {
	readonly code: BoardProblemCode;
	readonly severity: ProblemSeverity;
	readonly message: string;
	readonly advice: string;
	readonly field?: string;
	readonly value?: JsonValue;
	/** The file must show the ledger's version again, because otherwise the task would stand in the wrong place or in none. */
	readonly isWrittenBack: boolean;
}

/** What an edit of a record that is a task already comes to. */
export interface RecordMerge {
	readonly patch: Partial<Task>;
	/** Record as merged key by key; the same content as the ledger's when nothing changed. */
	readonly record: JsonObject;
	/** Moves to make after the patch, in order. */
	readonly moves: readonly MoveName[];
	/** Status the edit asks for; undefined when it asks for none. */
	readonly target: TaskStatus | undefined;
	/** Names of the keys and fields that changed. */
	readonly changed: readonly string[];
	readonly refusals: readonly Refusal[];
}

export interface MergeFacts {
	readonly stored: StoredTask;
	/** The ledger did not touch the task since the file last showed it: every difference is the file's. */
	readonly isUntouched: boolean;
	/** Who works on it, an agent or a person in a worktree; their claim, status and result are not for a file to change. */
	readonly busyWorker: string | undefined;
	readonly agents: ReadonlySet<string>;
}

/** Fields the file may change besides the status. */
const editable = [
	...editableFields,
	'claimed_by',
	'source',
	'attempts',
	'block_reason',
	'result',
] as const satisfies readonly (keyof Task)[];
/** Who and when: the ledger's own word. `updated_at` is not refused, because whoever edits a file by habit writes it, too. */
const stamps = [
	'created_by',
	'created_at',
	'claimed_at',
	'started_at',
	'completed_by',
	'completed_at',
] as const satisfies readonly (keyof Task)[];
const heldFields: ReadonlySet<keyof Task> = new Set<keyof Task>(['claimed_by', 'attempts', 'result', 'block_reason']);

/** Judges a record that stands in a file (`change.after`) and is a task of the ledger. */
export function mergeRecord(change: RecordChange, facts: MergeFacts): RecordMerge {
	const { stored } = facts;
	const context = { agents: facts.agents };
	const file = change.after?.entry;
	const before = change.before;
	const none = { patch: {}, record: stored.record, moves: [], target: undefined, changed: [], refusals: [] };
	const fileTask = file?.task;
	if (file?.record === undefined || fileTask === undefined) {
		return none;
	}
	const baseRecord = before?.entry.record ?? {};
	const baseTask =
		before === undefined
			? undefined
			: taskFromRecord(baseRecord, { ...context, board: boardOfFile(before.board) }).task;
	const refusals: Refusal[] = [];
	const { record: merged, changed } = mergeKeys(baseRecord, file, facts, refusals);
	const patch: Partial<Record<keyof Task, JsonValue>> = {};
	for (const field of editable) {
		const value = fileTask[field] as JsonValue;
		const current = stored.task[field] as JsonValue;
		const old = baseTask?.[field] as JsonValue | undefined;
		const isChanged = baseTask === undefined || !jsonEquals(old, value);
		if (!isChanged || jsonEquals(current, value) || file.content.refused.has(field)) {
			continue;
		}
		if (field === 'block_reason' && fileTask.status !== stored.task.status) {
			continue;
		}
		if (facts.busyWorker !== undefined && heldFields.has(field)) {
			refusals.push(runOpen(facts.busyWorker, stored, field, value));
		} else if (facts.isUntouched || (old !== undefined && jsonEquals(current, old))) {
			patch[field] = value;
		} else {
			refusals.push(conflict(field, current, value));
		}
	}
	const restamped = stamps.filter(
		(field) =>
			baseTask !== undefined &&
			// A stamp that was left out is not a claim of anything; the ledger shows it again with the next move.
			fileTask[field] !== null &&
			fileTask[field] !== baseTask[field] &&
			fileTask[field] !== stored.task[field] &&
			!file.content.refused.has(field),
	);
	const status = judgeStatus(change, baseTask?.status, fileTask, file.content.refused.has('status'), facts);
	refusals.push(...(status.refusal === undefined ? [] : [status.refusal]));
	if (status.moves.length === 0) {
		// A move stamps them anyway, over whatever was typed along with it.
		refusals.push(...restamped.map((field) => stamped(field, stored.task[field], fileTask[field])));
	}
	const typedPatch = patch as Partial<Task>;
	const seen = taskFromRecord(merged, context).task;
	// The record keeps the stamps it shows until the task moves, so that a hand edit does not make us write the file back at once.
	const shown: Task = {
		...stored.task,
		...typedPatch,
		updated_by: seen?.updated_by ?? null,
		updated_at: seen?.updated_at ?? null,
	};
	return {
		patch: typedPatch,
		record: changed.length === 0 ? stored.record : renderRecord(shown, merged),
		moves: status.moves,
		target: status.target,
		changed,
		refusals,
	};
}

/** Merges the raw keys. Keys of known fields are put right afterwards by rendering the merged task over them. */
function mergeKeys(
	base: JsonObject,
	entry: BoardEntry,
	facts: MergeFacts,
	refusals: Refusal[],
): { readonly record: JsonObject; readonly changed: string[] } {
	const ledger = facts.stored.record;
	const file = entry.record ?? {};
	const entries: [string, JsonValue][] = [];
	const changed: string[] = [];
	const own = (record: JsonObject, key: string) => (Object.hasOwn(record, key) ? record[key] : undefined);
	for (const key of Object.keys(file)) {
		const value = own(file, key) ?? null;
		const current = own(ledger, key);
		const old = own(base, key);
		if (jsonEquals(value, old)) {
			// Not the file's doing: what the ledger has stands, also that it took the key away.
			if (current !== undefined) {
				entries.push([key, current]);
			}
			continue;
		}
		changed.push(key);
		const isContested =
			!facts.isUntouched && current !== undefined && !jsonEquals(current, old) && !jsonEquals(current, value);
		entries.push([key, isContested ? current : value]);
		// Conflicts of our fields are told by field, where two spellings of one value are no conflict.
		if (isContested && !isFieldKey(entry.content, key)) {
			refusals.push(conflict(key, current, value));
		}
	}
	for (const key of Object.keys(ledger)) {
		if (!Object.hasOwn(file, key)) {
			if (Object.hasOwn(base, key)) {
				changed.push(key);
			} else {
				entries.push([key, ledger[key] ?? null]);
			}
		}
	}
	return { record: Object.fromEntries(entries), changed };
}

interface StatusJudgement {
	readonly moves: readonly MoveName[];
	readonly target: TaskStatus | undefined;
	readonly refusal?: Refusal;
}

const noMove: StatusJudgement = { moves: [], target: undefined };

/** What being put on another board asks for, when the status in the record does not say it. */
const targetOfBoard: Readonly<Record<BoardName, TaskStatus>> = {
	task_backlog: 'PENDING',
	task_ready_queue: 'READY',
	working_tasks: 'CLAIMED',
	completed_tasks: 'COMPLETED',
};

function judgeStatus(
	change: RecordChange,
	baseStatus: TaskStatus | undefined,
	fileTask: Task,
	isUnknown: boolean,
	facts: MergeFacts,
): StatusJudgement {
	const { task, board: ledgerBoard } = facts.stored;
	const fileBoard = boardOfFile(change.after?.board ?? ledgerBoard);
	const isPlaced =
		change.before !== undefined &&
		boardOfFile(change.before.board) !== fileBoard &&
		boardOfStatus[task.status] !== fileBoard;
	const isRestated = !isUnknown && fileTask.status !== baseStatus;
	if (!isRestated && !isPlaced) {
		return noMove;
	}
	const target = isRestated ? fileTask.status : targetOfBoard[fileBoard];
	if (target === task.status) {
		return noMove;
	}
	const refuse = (code: BoardProblemCode, message: string, advice: string): StatusJudgement => ({
		moves: [],
		target: undefined,
		refusal: { code, severity: 'error', message, advice, field: 'status', value: target, isWrittenBack: isPlaced },
	});
	if (!facts.isUntouched && task.status !== baseStatus) {
		return {
			...noMove,
			refusal: { ...conflict('status', task.status, target), isWrittenBack: isPlaced },
		};
	}
	if (facts.busyWorker !== undefined) {
		return {
			...noMove,
			refusal: { ...runOpen(facts.busyWorker, facts.stored, 'status', target), isWrittenBack: isPlaced },
		};
	}
	const moves = handMoves(task.status, target);
	return moves === undefined
		? refuse('task.illegalMove', illegalMoveMessage(task, target), illegalMoveAdvice(task.status))
		: { moves, target };
}

export function illegalMoveMessage(task: Task, target: TaskStatus): string {
	return `${task.task_id} is ${task.status}; it cannot become ${target} from there.`;
}

export function illegalMoveAdvice(from: TaskStatus): string {
	const targets = handTargets(from, taskStatuses);
	return targets.length === 0 ? `Leave it ${from}.` : `From ${from} it can become ${targets.join(', ')}.`;
}

/** A value as a message names it. */
export const describeValue = (value: JsonValue | undefined): string => {
	const text = JSON.stringify(value) ?? 'nothing';
	return text.length > 80 ? `${text.slice(0, 77)}…` : text;
};

function conflict(field: string, current: JsonValue, value: JsonValue): Refusal {
	return {
		code: 'task.conflict',
		severity: 'warning',
		message: `${field} was changed here to ${describeValue(value)} and meanwhile elsewhere to ${describeValue(current)}; the latter stands.`,
		advice: 'Change it again if yours is right; the history of the task keeps both.',
		field,
		value,
		isWrittenBack: true,
	};
}

function stamped(field: string, current: JsonValue, value: JsonValue): Refusal {
	return {
		code: 'task.stamped',
		severity: 'warning',
		message: `${field} is stamped by Dream.OS; ${describeValue(value)} was not taken over.`,
		advice: `The ledger has ${describeValue(current)}; it stands.`,
		field,
		value,
		isWrittenBack: false,
	};
}

function runOpen(worker: string, stored: StoredTask, field: string, value: JsonValue): Refusal {
	return {
		code: 'task.runOpen',
		severity: 'warning',
		message: `${worker} works on ${stored.task.task_id}; ${field} was not changed to ${describeValue(value)}.`,
		advice: 'Finish the work, or release or cancel the task first; then edit it.',
		field,
		value,
		isWrittenBack: false,
	};
}
