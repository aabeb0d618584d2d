// Owns the queries every claim runs. They are built once; what is asked rarely is built where it is asked.

import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { ArchiveName, BoardFileName } from '../core/task/archive.ts';
import type { TaskStatus } from '../core/task/taskStatus.ts';
import type { BuildableQuery } from './preparedQueries.ts';
import { defineQuery } from './preparedQueries.ts';
import type { StoredTaskRow, TaskColumns } from './taskRows.ts';
import { storedTaskColumns } from './taskRows.ts';
import type { BoardsTable, EventsTable, RunsTable } from './schema.ts';

export const lastSequence = defineQuery<object, { sequence: number }>((database) =>
	database.selectFrom('events').select(sql<number>`coalesce(max(sequence), 0)`.as('sequence')),
);

export const findTask = defineQuery<{ task_id: string }, StoredTaskRow>((database, value) =>
	database.selectFrom('tasks').select(storedTaskColumns).where('task_id', '=', value('task_id')),
);

export const insertTask = defineQuery<TaskColumns>((database, value) =>
	database
		.insertInto('tasks')
		.values({
			task_id: value('task_id'),
			status: value('status'),
			priority: value('priority'),
			name: value('name'),
			board: value('board'),
			position: value('position'),
			assigned_agent: value('assigned_agent'),
			claimed_by: value('claimed_by'),
			epoch: value('epoch'),
			run_id: value('run_id'),
			attempts: value('attempts'),
			sequence: value('sequence'),
			updated_at: value('updated_at'),
			task: value('task'),
			record: value('record'),
		})
		.onConflict((conflict) => conflict.column('task_id').doNothing()),
);

export interface Expected {
	readonly expected_status: TaskStatus;
	readonly expected_epoch: number;
}

/** The compare-and-set: it changes the row only if status and epoch are still what the writer saw. */
export const replaceTask = defineQuery<TaskColumns & Expected>((database, value) =>
	database
		.updateTable('tasks')
		.set({
			status: value('status'),
			priority: value('priority'),
			name: value('name'),
			board: value('board'),
			position: value('position'),
			assigned_agent: value('assigned_agent'),
			claimed_by: value('claimed_by'),
			epoch: value('epoch'),
			run_id: value('run_id'),
			attempts: value('attempts'),
			sequence: value('sequence'),
			updated_at: value('updated_at'),
			task: value('task'),
			record: value('record'),
		})
		.where('task_id', '=', value('task_id'))
		.where('status', '=', value('expected_status'))
		.where('epoch', '=', value('expected_epoch')),
);

/** Puts a task on another file; its words stay as they are, so they are not written again. */
export const refileTask = defineQuery<{ task_id: string; board: BoardFileName; sequence: number }>((database, value) =>
	database
		.updateTable('tasks')
		.set({ board: value('board'), sequence: value('sequence') })
		.where('task_id', '=', value('task_id')),
);

export const insertDependency = defineQuery<{ task_id: string; depends_on: string }>((database, value) =>
	database
		.insertInto('task_dependencies')
		.values({ task_id: value('task_id'), depends_on: value('depends_on') })
		.onConflict((conflict) => conflict.doNothing()),
);

export const deleteDependencies = defineQuery<{ task_id: string }>((database, value) =>
	database.deleteFrom('task_dependencies').where('task_id', '=', value('task_id')),
);

export const insertEvent = defineQuery<Omit<Selectable<EventsTable>, 'sequence'>>((database, value) =>
	database.insertInto('events').values({
		at: value('at'),
		type: value('type'),
		actor: value('actor'),
		task_id: value('task_id'),
		run_id: value('run_id'),
		agent_id: value('agent_id'),
		message: value('message'),
		data: value('data'),
	}),
);

export const insertSilentChange = defineQuery<{ sequence: number; task_id: string }>((database, value) =>
	database
		.insertInto('silent_changes')
		.values({ sequence: value('sequence'), task_id: value('task_id') })
		.onConflict((conflict) => conflict.doNothing()),
);

export const insertRun = defineQuery<RunsTable>((database, value) =>
	database.insertInto('runs').values({
		run_id: value('run_id'),
		task_id: value('task_id'),
		attempt: value('attempt'),
		epoch: value('epoch'),
		worker: value('worker'),
		driver: value('driver'),
		state: value('state'),
		reason: value('reason'),
		host_id: value('host_id'),
		worktree: value('worktree'),
		base_commit: value('base_commit'),
		result_commit: value('result_commit'),
		files: value('files'),
		gates: value('gates'),
		pid: value('pid'),
		pid_started: value('pid_started'),
		log_file: value('log_file'),
		session: value('session'),
		pause: value('pause'),
		resources: value('resources'),
		strays: value('strays'),
		drift: value('drift'),
		opened_at: value('opened_at'),
		active_at: value('active_at'),
		closed_at: value('closed_at'),
	}),
);

export const findRun = defineQuery<{ run_id: string }, Selectable<RunsTable>>((database, value) =>
	database.selectFrom('runs').selectAll().where('run_id', '=', value('run_id')),
);

export const findBoard = defineQuery<{ name: BoardFileName }, Selectable<BoardsTable>>((database, value) =>
	database.selectFrom('boards').selectAll().where('name', '=', value('name')),
);

export const findBase = defineQuery<{ name: BoardFileName }, { base: string }>((database, value) =>
	database.selectFrom('board_bases').select('base').where('name', '=', value('name')),
);

/** Marks a board's file as behind, and keeps its end behind whatever came to stand there. */
export const markBoard = defineQuery<Pick<Selectable<BoardsTable>, 'name' | 'dirty_sequence' | 'end_position'>>(
	(database, value) =>
		database
			.updateTable('boards')
			.set({
				dirty_sequence: value('dirty_sequence'),
				end_position: sql<number>`max(end_position, ${value('end_position')})`,
			})
			.where('name', '=', value('name')),
);

/** The first time something is put on an archive, it becomes known. */
export const ensureArchive = defineQuery<{ name: ArchiveName }>((database, value) =>
	database
		.insertInto('boards')
		.values({ name: value('name') })
		.onConflict((conflict) => conflict.column('name').doNothing()),
);

/** What a claim runs; all but the rarest writes run most of them. */
export const claimQueries: readonly BuildableQuery[] = [
	lastSequence,
	findTask,
	replaceTask,
	insertEvent,
	insertRun,
	findRun,
	findBoard,
	markBoard,
];
