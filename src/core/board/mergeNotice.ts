// Owns how a refusal travels in an event, so that every process can show it, also one that did not read the file itself.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { isJsonObject } from '../../base/json.ts';
import type { EventType, LedgerEvent } from '../events.ts';
import type { LedgerTransaction } from '../ledger.ts';
import type { BoardFileName } from '../task/archive.ts';
import type { Refusal } from './boardMerge.ts';
import type { BoardProblemCode } from './boardProblem.ts';
import { boardProblemCodes } from './boardProblem.ts';

/** Something told once about a task, whose line is looked up when it is shown. */
export interface MergeNotice {
	readonly task_id: string;
	readonly code: BoardProblemCode;
	readonly severity: 'error' | 'warning' | 'information';
	readonly message: string;
	readonly advice: string;
	readonly field: string | undefined;
	/** The value that was not taken over. */
	readonly refused: JsonValue;
	readonly sequence: number;
	/** Somebody put it right since: older notices of the same are over, and this one is not shown. */
	readonly isMended: boolean;
}

/** Values larger than this are told by their size only; the file or the record beside it still has them. */
const valueLimit = 100_000;

export function keptValue(value: JsonValue | undefined, limit = valueLimit): JsonValue {
	if (value === undefined) {
		return null;
	}
	const { length } = JSON.stringify(value);
	return length <= limit ? value : `[${length} characters]`;
}

/** Records a refusal with the value that was not taken over. */
export async function appendRefusal(
	transaction: LedgerTransaction,
	taskId: string,
	board: BoardFileName,
	refusal: Refusal,
): Promise<void> {
	const data: JsonObject = {
		board,
		field: refusal.field ?? null,
		value: keptValue(refusal.value),
		code: refusal.code,
		severity: refusal.severity,
		advice: refusal.advice,
	};
	await transaction.append({
		type: refusal.code === 'task.conflict' ? 'board.conflict' : 'board.problem',
		task_id: taskId,
		message: refusal.message,
		data,
	});
}

/** Records that a value that could not be used was put right where it stood. */
export async function appendMended(
	transaction: LedgerTransaction,
	taskId: string,
	board: BoardFileName,
	field: string,
): Promise<void> {
	await transaction.append({
		type: 'board.mended',
		task_id: taskId,
		message: `${field} was put right in ${board}.json`,
		data: { board, field, code: 'task.wrongValue', severity: 'information', advice: '' },
	});
}

const noticeTypes: ReadonlySet<string> = new Set<EventType>(['board.conflict', 'board.problem', 'board.mended']);

/** What an event tells of a refusal; undefined for every other event. */
export function noticeOf(event: LedgerEvent): MergeNotice | undefined {
	const { data, task_id } = event;
	if (!noticeTypes.has(event.type) || task_id === undefined || !isJsonObject(data)) {
		return undefined;
	}
	const { code, severity, advice, field, value = null } = data;
	if (typeof code !== 'string' || !Object.hasOwn(boardProblemCodes, code) || typeof advice !== 'string') {
		return undefined;
	}
	return {
		task_id,
		code: code as BoardProblemCode,
		severity: severity === 'error' || severity === 'information' ? severity : 'warning',
		message: event.message,
		advice,
		field: typeof field === 'string' ? field : undefined,
		refused: value,
		sequence: event.sequence,
		isMended: event.type === 'board.mended',
	};
}
