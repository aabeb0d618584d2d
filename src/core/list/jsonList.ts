// Owns lists of tasks as JSON: the records of the boards themselves, in board order. Reading is that of a board file, so that each
// problem knows its line.

import type { JsonObject } from '../../base/json.ts';
import { stringifyFile } from '../../base/json.ts';
import { readBoard } from '../board/boardFile.ts';
import type { ListEntry, ListProblem, ListReading } from './taskList.ts';

export function readJsonList(text: string): ListReading {
	const reading = readBoard(text, { file: '' });
	if (!reading.isReadable) {
		return {
			entries: [],
			problems: reading.problems.map(({ line, message }) => ({ severity: 'error', line, message })),
		};
	}
	const problems = reading.problems.map(({ code, line, message }): ListProblem => ({
		// A number too large is kept as near as can be; of a key that stands twice one value would be lost.
		severity: code === 'record.inexactNumber' ? 'warning' : 'error',
		line,
		message,
	}));
	const entries: ListEntry[] = [];
	for (const entry of reading.entries) {
		const { line } = reading.position(entry.start);
		if (entry.record === undefined) {
			problems.push({
				severity: 'error',
				line,
				message: 'This entry of the list is not a task, but must be an object.',
			});
			continue;
		}
		entries.push({
			record: entry.record,
			line,
			isWhole: entry.id !== undefined,
			lineOf: (key) =>
				reading.place(entry, { code: 'task.badField', severity: 'error', message: '', advice: '', path: [key] })
					.line,
		});
	}
	return { entries, problems };
}

export const writeJsonList = (records: readonly JsonObject[]): string => stringifyFile([...records]);
