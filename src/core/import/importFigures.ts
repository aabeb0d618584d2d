// Owns what an import would do as a script reads it, beside the totals: every task, merge, contradiction, repair and refusal.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import type { ImportPlan, PlannedImport } from './planImport.ts';
import { isCreation, taskIdOf } from './planImport.ts';
import { rawStatus } from './taskTotals.ts';

export function importFigures({ source, tasks }: ImportPlan): JsonObject {
	const created = tasks.filter(isCreation);
	const ids = (kind: PlannedImport['kind']) => tasks.filter((planned) => planned.kind === kind).map(taskIdOf);
	const data = {
		create: created.length,
		created: created.map(({ task, main, board, renamedBecause }) => ({
			task_id: task.task_id,
			status: task.status,
			board,
			file: main.file,
			pointer: main.found.pointer,
			...(renamedBecause === undefined ? {} : { id_in_file: main.found.id, renamed_because: renamedBecause }),
		})),
		known: ids('known'),
		changed_in_source: ids('changed'),
		already_here: ids('here'),
		merged: tasks
			.filter(({ others }) => others.length > 0)
			.map((planned) => ({
				task_id: taskIdOf(planned),
				counts: {
					file: planned.main.file,
					pointer: planned.main.found.pointer,
					status: rawStatus(planned.main.found.record),
				},
				others: planned.others.map(({ file, found }) => ({
					file,
					pointer: found.pointer,
					status: rawStatus(found.record),
				})),
			})),
		contradictions: tasks.flatMap(({ contradictions }) => contradictions),
		repaired: source.files
			.filter(({ repairs, reason }) => repairs.length > 0 && reason === undefined)
			.map(({ file, repairs }) => ({ file, repairs })),
		unreadable: source.files
			.filter(({ reason }) => reason !== undefined)
			.map(({ file, reason, strict, repairs }) => ({ file, reason, kind: strict?.kind ?? null, repairs })),
		left_alone: source.leftOut,
		problems: created.flatMap(({ task, main }) =>
			main.problems.map(({ code, message }) => ({
				task_id: task.task_id,
				file: main.file,
				pointer: main.found.pointer,
				code,
				message,
			})),
		),
	};
	return JSON.parse(JSON.stringify(data)) as Record<string, JsonValue>;
}
