// Owns which tasks are read, and their order. What is read of each is the reader's choice.

import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { TaskFilter } from '../core/ledger.ts';
import { boardNames } from '../core/task/taskStatus.ts';
import type { PlainTask } from '../core/task/plainTask.ts';
import type { LedgerTables } from './schema.ts';

/** The rows of these tasks, with no column yet. */
export function selectTasks(database: Kysely<LedgerTables>, filter: TaskFilter) {
	const { status, board, agent, ids, files, isPinned } = filter;
	let query = database.selectFrom('tasks');
	if (board !== undefined || status !== undefined) {
		// Naming all files lets a filter by status alone use the one index, which begins with the file.
		query = query.where('board', 'in', (from) => {
			const names = from.selectFrom('boards').select('boards.name');
			if (board === undefined) {
				return names;
			}
			return board === 'completed_tasks'
				? names.where((where) =>
						where.or([where('boards.name', '=', board), sql<boolean>`boards.name like 'archive/%'`]),
					)
				: names.where('boards.name', '=', board);
		});
	}
	if (files !== undefined) {
		query = query.where('board', 'in', files);
	}
	if (status !== undefined) {
		query = query.where('status', 'in', status);
	}
	if (agent !== undefined) {
		query = query.where((where) =>
			where.or([where('claimed_by', '=', agent), where('assigned_agent', '=', agent)]),
		);
	}
	if (ids !== undefined) {
		query = query.where('task_id', 'in', textList(ids));
	}
	if (isPinned === true) {
		query = query.where(fieldOf('pinned'), 'is not', null);
	}
	return query;
}

/** Board, then position, then id. Sorts the list that is given. */
export function inBoardOrder<Some extends PlainTask>(tasks: Some[]): Some[] {
	const ranks = new Map<string, number>(boardNames.map((name, rank) => [name, rank]));
	return tasks.sort(
		(left, right) =>
			(ranks.get(left.board) ?? 0) - (ranks.get(right.board) ?? 0) ||
			left.position - right.position ||
			(left.task.task_id < right.task.task_id ? -1 : 1),
	);
}

/** A field of the task that has no column of its own: an index would cost every claim. A damaged row has none. */
export function fieldOf(field: 'parent' | 'pinned' | 'task_type') {
	return sql<
		string | number | null
	>`(case when json_valid(task) then json_extract(task, ${sql.lit(`$.${field}`)}) end)`;
}

/** A list of any length as one value of a statement, so that its text stays the same and can be kept prepared. */
export function textList(values: readonly string[]) {
	return sql<string>`(select value from json_each(${JSON.stringify(values)}))`;
}
