// Owns which tasks an export holds and how they are written: records as their boards show them, in board order.

import type { JsonObject } from '../../base/json.ts';
import { renderRecord, taskFromRecord } from '../board/boardRecord.ts';
import type { StoredTask } from '../task/task.ts';
import { writeCsvList } from './csvList.ts';
import { writeJsonList } from './jsonList.ts';
import { writeLegacyList } from './legacyList.ts';
import { writeMarkdownList } from './markdownList.ts';
import type { ExportFormat } from './taskList.ts';

type Exported = Pick<StoredTask, 'task' | 'record'>;

/** The record a board shows. Where it says less than the task, the task is written into it; our stamp of the last change is not. */
function recordOf({ task, record }: Exported): JsonObject {
	const shown = taskFromRecord(record).task;
	return renderRecord({ ...task, updated_at: shown?.updated_at ?? null }, record);
}

/** Text of tasks in the order given. */
export function exportTasks(tasks: readonly Exported[], format: ExportFormat): string {
	switch (format) {
		case 'json':
			return writeJsonList(tasks.map(recordOf));
		case 'csv':
			return writeCsvList(tasks.map(recordOf));
		case 'markdown':
			return writeMarkdownList(tasks.map(recordOf));
		case 'legacy':
			return writeLegacyList(tasks.map(({ task }) => task));
	}
}
