// Owns the way between rows and what the core reads. A damaged row is reported and shown as far as it can be read; it never throws.

import type { Selectable } from 'kysely';
import type { JsonObject, JsonValue } from '../base/json.ts';
import { isJsonObject, parseJsonOrUndefined } from '../base/json.ts';
import type { Agent } from '../core/agent/agent.ts';
import { agentSchema } from '../core/agent/agent.ts';
import { completeTask } from '../core/board/olderTask.ts';
import type { LedgerEvent } from '../core/events.ts';
import type { Command, Lease } from '../core/ledger.ts';
import type { Question } from '../core/question/question.ts';
import type { Run, RunPause, RunSession } from '../core/run/run.ts';
import { boardOfFile, fileOf, isArchive } from '../core/task/archive.ts';
import type { GateResult, StoredTask, Task } from '../core/task/task.ts';
import { newTask, taskPriorities } from '../core/task/task.ts';
import type {
	AgentsTable,
	CommandsTable,
	EventsTable,
	JsonText,
	LeasesTable,
	QuestionsTable,
	RunsTable,
	TasksTable,
} from './schema.ts';

/** Told of a row that cannot be read as it should be: `tasks TASK-1`, and what was wrong. */
export type ReportDamage = (row: string, what: string) => void;

/** The columns a stored task is made of; `name` is for a row whose task cannot be read. Each one more costs 2 ms in 10,000 tasks. */
export const storedTaskColumns = [
	'task_id',
	'status',
	'name',
	'board',
	'position',
	'epoch',
	'run_id',
	'sequence',
	'task',
	'record',
] as const satisfies readonly (keyof TasksTable)[];
export type StoredTaskRow = Pick<Selectable<TasksTable>, (typeof storedTaskColumns)[number]>;

/** A stored task of its row. The record is parsed when it is first asked for: most readers of many tasks never do. */
export function toStoredTask(row: StoredTaskRow, report: ReportDamage): StoredTask {
	const task = readTask(row, report);
	// The row itself is not kept: whoever caches ten thousand tasks would keep every text twice.
	const { record: text, board, position, epoch, run_id, sequence } = row;
	let record: JsonObject | undefined;
	const stored = {
		task,
		get record() {
			record ??= readRecord(text, task, report);
			return record;
		},
		board: boardOfFile(board),
		position,
		epoch,
		run_id,
		sequence,
	};
	return isArchive(board) ? Object.assign(stored, { archive: board }) : stored;
}

function readTask(row: StoredTaskRow, report: ReportDamage): Task {
	const parsed = parseJsonOrUndefined(row.task);
	if (isJsonObject(parsed) && parsed['task_id'] === row.task_id && parsed['status'] === row.status) {
		// Written by us from a value of this type, perhaps before some of its fields existed.
		return completeTask(parsed, row.record);
	}
	report(`tasks ${row.task_id}`, 'its task is not readable JSON; only its name and status are shown');
	return newTask({ task_id: row.task_id, name: row.name, status: row.status });
}

function readRecord(text: JsonText, task: Task, report: ReportDamage): JsonObject {
	const parsed = parseJsonOrUndefined(text);
	if (isJsonObject(parsed)) {
		return parsed;
	}
	report(`tasks ${task.task_id}`, 'its board record is not readable JSON; the task itself is shown instead');
	return parseJsonOrUndefined(JSON.stringify(task)) as JsonObject;
}

export type TaskColumns = Omit<Selectable<TasksTable>, 'ordinal'>;

/** Columns of a task; the inverse of `toStoredTask`. */
export function toTaskColumns(stored: Omit<StoredTask, 'sequence'>, sequence: number): TaskColumns {
	const { task } = stored;
	return {
		task_id: task.task_id,
		status: task.status,
		priority: taskPriorities.indexOf(task.priority),
		name: task.name,
		board: fileOf(stored),
		position: stored.position,
		assigned_agent: task.assigned_agent,
		claimed_by: task.claimed_by,
		epoch: stored.epoch,
		run_id: stored.run_id,
		attempts: task.attempts,
		sequence,
		updated_at: task.updated_at,
		task: JSON.stringify(task),
		record: JSON.stringify(stored.record),
	};
}

export function toRun(row: Selectable<RunsTable>, report: ReportDamage): Run {
	const list = (name: 'files' | 'gates'): JsonValue[] => {
		const parsed = parseJsonOrUndefined(row[name]);
		if (!Array.isArray(parsed)) {
			report(`runs ${row.run_id}`, `its ${name} are not a readable list; shown as none`);
			return [];
		}
		return parsed;
	};
	return {
		...row,
		files: list('files').filter((file) => typeof file === 'string'),
		gates: list('gates').filter(isJsonObject) as unknown as GateResult[],
		session: toRunSession(row.session),
		pause: toRunPause(row.pause),
	};
}

/** Nothing hangs on a session that cannot be read: the next attempt begins anew. */
function toRunSession(text: JsonText | null): RunSession | null {
	const parsed = text === null ? undefined : parseJsonOrUndefined(text);
	return isJsonObject(parsed) && typeof parsed['session_id'] === 'string' && typeof parsed['cwd'] === 'string'
		? (parsed as unknown as RunSession)
		: null;
}

/** A pause that cannot be read is still one: somebody wanted the run to stand still. */
function toRunPause(text: JsonText | null): RunPause | null {
	if (text === null) {
		return null;
	}
	const parsed = parseJsonOrUndefined(text);
	const { by, at, is_over: isOver } = isJsonObject(parsed) ? parsed : {};
	return {
		by: typeof by === 'string' ? by : 'somebody',
		at: typeof at === 'string' ? at : '',
		is_over: isOver === true,
	};
}

type JsonField = 'files' | 'gates' | 'session' | 'pause';

/** Columns of the given fields of a run. */
export function toRunColumns<Fields extends Partial<Run>>(
	run: Fields,
): Omit<Fields, JsonField> & {
	files?: string;
	gates?: string;
	session?: string | null;
	pause?: string | null;
} {
	const { files, gates, session, pause, ...rest } = run;
	return {
		...rest,
		...(files === undefined ? {} : { files: JSON.stringify(files) }),
		...(gates === undefined ? {} : { gates: JSON.stringify(gates) }),
		...(session === undefined ? {} : { session: session === null ? null : JSON.stringify(session) }),
		...(pause === undefined ? {} : { pause: pause === null ? null : JSON.stringify(pause) }),
	};
}

export function toEvent(row: Selectable<EventsTable>, report: ReportDamage): LedgerEvent {
	return {
		sequence: row.sequence,
		at: row.at,
		type: row.type,
		actor: row.actor,
		...(row.task_id === null ? {} : { task_id: row.task_id }),
		...(row.run_id === null ? {} : { run_id: row.run_id }),
		...(row.agent_id === null ? {} : { agent_id: row.agent_id }),
		message: row.message,
		...(row.data === null ? {} : { data: readObject(row.data, `events ${row.sequence}`, report) }),
	};
}

/** undefined for an agent that cannot be shown at all: without a readable record there is nothing to run. */
export function toAgent(row: Selectable<AgentsTable>, report: ReportDamage): Agent | undefined {
	const parsed = agentSchema.safeParse(parseJsonOrUndefined(row.record));
	if (!parsed.success) {
		report(`agents ${row.agent_id}`, parsed.error.issues[0]?.message ?? 'not readable');
		return undefined;
	}
	return parsed.data;
}

export function toLease(row: Selectable<LeasesTable>, report: ReportDamage): Lease | undefined {
	const { holder, ...rest } = row;
	return holder === null ? undefined : { ...rest, holder, data: readObject(row.data, `leases ${row.name}`, report) };
}

export function toCommand(row: Selectable<CommandsTable>, report: ReportDamage): Command {
	const { ordinal: _ordinal, ...rest } = row;
	return {
		...rest,
		data: readObject(row.data, `commands ${row.command_id}`, report),
		answer: row.answer === null ? null : readObject(row.answer, `commands ${row.command_id}`, report),
	};
}

export function toQuestion(row: Selectable<QuestionsTable>, report: ReportDamage): Question {
	const { ordinal: _ordinal, is_remembered, request, ...rest } = row;
	return {
		...rest,
		is_remembered: is_remembered === 1,
		request: readObject(request, `questions ${row.question_id}`, report),
	};
}

function readObject(text: string, row: string, report: ReportDamage): JsonObject {
	const parsed = parseJsonOrUndefined(text);
	if (isJsonObject(parsed)) {
		return parsed;
	}
	report(row, 'its data is not a readable object; shown as empty');
	return {};
}
