// Owns the comparison of the board files with the ledger: the same tasks, in the same order, saying the same. What was refused may
// stand in a file as it was typed, if the history tells of the refusal.

import { isDeepStrictEqual } from 'node:util';
import type { DatabaseSync } from 'node:sqlite';
import type { JsonObject } from '../../src/base/json.ts';
import { boards, readRecords, readText } from './boardText.ts';
import type { Tell } from './checker.ts';
import type { History } from './history.ts';

interface Shown {
	readonly id: string;
	readonly board: string;
	readonly record: JsonObject;
	readonly sequence: number;
}

export function checkBoards(folder: string, database: DatabaseSync, history: History, tell: Tell): void {
	const rows = database
		.prepare('select task_id, board, record, sequence from tasks order by board, position, task_id')
		.all();
	const tasks = rows.map((row): Shown => ({
		id: String(row['task_id']),
		board: String(row['board']),
		record: JSON.parse(String(row['record'])) as JsonObject,
		sequence: Number(row['sequence']),
	}));
	const byId = new Map(tasks.map((task) => [task.id, task]));
	for (const board of boards) {
		const records = readRecords(folder, board);
		if (records === undefined) {
			tell('board', `${board}.json cannot be read: ${readText(folder, board)?.slice(0, 60) ?? 'there is none'}`);
			continue;
		}
		const seen = new Set<string>();
		const order: string[] = [];
		for (const record of records) {
			const id = [record['task_id'], record['id']].find((each) => typeof each === 'string') ?? '';
			const task = byId.get(id);
			if (task === undefined) {
				tell('mirror', `${board}.json shows ${id}, which is no task.`);
			} else if (task.board === board && !seen.has(id)) {
				seen.add(id);
				order.push(id);
				compareRecord(board, record, task, history, tell);
			}
			// A second record of a task is a copy that somebody pasted; it stands until it gets an id of its own.
		}
		const expected = tasks.filter((task) => task.board === board).map(({ id }) => id);
		const missing = expected.filter((id) => !seen.has(id));
		if (missing.length > 0) {
			tell('mirror', `${board}.json lacks ${missing.join(', ')}.`);
		} else if (!isDeepStrictEqual(order, expected)) {
			const at = order.findIndex((id, index) => id !== expected[index]);
			tell('mirror', `${board}.json shows ${order[at]} where the ledger has ${expected[at]} (place ${at + 1}).`);
		}
	}
}

function compareRecord(board: string, shown: JsonObject, task: Shown, history: History, tell: Tell): void {
	const keys = new Set([...Object.keys(shown), ...Object.keys(task.record)]);
	const different = [...keys].filter((key) => !isDeepStrictEqual(shown[key], task.record[key]));
	const refusedAt = history.tasks.get(task.id)?.refusedAt ?? 0;
	if (different.length > 0 && refusedAt < task.sequence) {
		const words = different.map(
			(key) => `${key}: ${JSON.stringify(shown[key])} instead of ${JSON.stringify(task.record[key])}`,
		);
		tell('mirror', `${board}.json shows ${task.id} otherwise than the ledger: ${words.join('; ').slice(0, 400)}`);
	}
}
