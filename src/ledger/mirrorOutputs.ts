// Owns the notes mirrors leave each other in the ledger: what is about to be written, so that the text of a process that dies before
// saying so is recognised as ours and not taken for an edit; and what was replaced, so that somebody's old text is recognised, too.

import { createHash } from 'node:crypto';
import type { JsonValue } from '../base/json.ts';
import { isJsonObject } from '../base/json.ts';
import type { LedgerReader, LedgerTransaction } from '../core/ledger.ts';
import type { ReplacedRecord } from '../core/board/replacedRecords.ts';
import { staleTogetherMilliseconds } from '../core/board/replacedRecords.ts';
import type { BoardFileName } from '../core/task/archive.ts';

const factKey = 'mirror.outputs';
/**
 * A writer takes its notes back as soon as the ledger knows what it wrote. Those of a dead one are used up by the next look at the
 * file; those of one that sleeps are kept for a while, because it will wake up and write.
 */
const keptNotes = 8;
const sleepMilliseconds = 10 * 60_000;

export interface OutputNote {
	readonly board: BoardFileName;
	readonly hash: string;
	/** Sequence up to which the text shows the ledger. */
	readonly sequence: number;
	/** Wall time in milliseconds. */
	readonly at: number;
}

export const hashText = (text: string): string => createHash('sha256').update(text).digest('hex');

export async function readOutputs(reader: LedgerReader): Promise<OutputNote[]> {
	const fact = await reader.fact(factKey);
	return Array.isArray(fact) ? fact.flatMap(toNote) : [];
}

function toNote(value: JsonValue): OutputNote[] {
	if (!isJsonObject(value)) {
		return [];
	}
	const { board, hash, sequence, at } = value;
	const isWhole = typeof board === 'string' && typeof hash === 'string' && typeof sequence === 'number';
	return isWhole && typeof at === 'number' ? [{ board: board as BoardFileName, hash, sequence, at }] : [];
}

export async function addOutputs(transaction: LedgerTransaction, notes: readonly OutputNote[]): Promise<void> {
	const kept = [...(await readOutputs(transaction)), ...notes].slice(-keptNotes);
	await transaction.setFact(
		factKey,
		kept.map((note) => ({ ...note })),
	);
}

export async function removeOutputs(
	transaction: LedgerTransaction,
	hashes: ReadonlySet<string>,
	now: number,
): Promise<void> {
	const notes = await readOutputs(transaction);
	const kept = notes.filter(({ hash, at }) => !hashes.has(hash) && now - at < sleepMilliseconds);
	if (kept.length !== notes.length) {
		await transaction.setFact(
			factKey,
			kept.map((note) => ({ ...note })),
		);
	}
}

const replacedKey = 'mirror.replaced';
/** Enough for what a busy swarm writes while somebody saves; an adoption writes more, and nobody sits on those files. */
const keptReplaced = 120;
const replacedLimit = 200_000;

export async function readReplaced(reader: LedgerReader): Promise<ReplacedRecord[]> {
	const fact = await reader.fact(replacedKey);
	return Array.isArray(fact) ? fact.flatMap(toReplaced) : [];
}

function toReplaced(value: JsonValue): ReplacedRecord[] {
	if (!isJsonObject(value)) {
		return [];
	}
	const { board, task_id, record, mirrored, at } = value;
	const isWhole =
		typeof board === 'string' &&
		typeof task_id === 'string' &&
		typeof mirrored === 'number' &&
		typeof at === 'number';
	return isWhole && (record === null || isJsonObject(record))
		? [{ board: board as BoardFileName, task_id, record, mirrored, at }]
		: [];
}

/** Remembers what was replaced, for as long as somebody may bring it back. */
export async function addReplaced(
	transaction: LedgerTransaction,
	records: readonly ReplacedRecord[],
	now: number,
): Promise<void> {
	const before = await readReplaced(transaction);
	const kept = [...before.filter(({ at }) => now - at < staleTogetherMilliseconds), ...records].slice(-keptReplaced);
	if (kept.length === 0 && before.length === 0) {
		return;
	}
	const values: JsonValue[] = [];
	let size = 0;
	for (const each of kept.reverse()) {
		size += JSON.stringify(each).length;
		if (size <= replacedLimit) {
			values.unshift({ ...each });
		}
	}
	await transaction.setFact(replacedKey, values);
}
