// Owns how people and careless programs read and write board files: as text and JSON, without any of our rules.

import { closeSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '../../src/base/json.ts';
import { parseJsonOrUndefined } from '../../src/base/json.ts';

/** Written out here and not taken from the product: whoever checks it must not share its mistakes. */
export const boards = ['task_backlog', 'task_ready_queue', 'working_tasks', 'completed_tasks'] as const;
export type Board = (typeof boards)[number];

export const boardFile = (folder: string, board: string): string =>
	join(folder, 'runtime', 'agent_comms', 'project_boards', `${board}.json`);

/** The records of a board; undefined when there is no file or it is no list. */
export function readRecords(folder: string, board: string): JsonObject[] | undefined {
	const value = parseJsonOrUndefined(readText(folder, board) ?? '');
	return Array.isArray(value) ? (value as JsonObject[]) : undefined;
}

export function readText(folder: string, board: string): string | undefined {
	try {
		return readFileSync(boardFile(folder, board), 'utf8');
	} catch {
		return undefined;
	}
}

const textOf = (records: readonly JsonObject[]): string => `${JSON.stringify(records, null, 2)}\n`;

/** Saves as editors do: all at once, in place or by a rename. */
export function saveRecords(folder: string, board: string, records: readonly JsonObject[], isRenamed: boolean): void {
	const path = boardFile(folder, board);
	if (isRenamed) {
		writeFileSync(`${path}~`, textOf(records));
		renameSync(`${path}~`, path);
	} else {
		writeFileSync(path, textOf(records));
	}
}

/** Saves as a careless program does: empties the file and fills it piece by piece. */
export async function spillRecords(
	folder: string,
	board: string,
	records: readonly JsonObject[],
	pieces: number,
	pauseMilliseconds: number,
): Promise<void> {
	const text = textOf(records);
	const file = openSync(boardFile(folder, board), 'w');
	try {
		const size = Math.ceil(text.length / pieces);
		for (let start = 0; start < text.length; start += size) {
			writeSync(file, text.slice(start, start + size));
			await delay(pauseMilliseconds);
		}
	} finally {
		closeSync(file);
	}
}
