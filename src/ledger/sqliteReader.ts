// Owns the reads of the ledger. Each runs inside a transaction that sqliteLedger.ts has begun.

import type { Kysely } from 'kysely';
import { DreamError } from '../base/errors.ts';
import type { JsonValue } from '../base/json.ts';
import { parseJsonOrUndefined } from '../base/json.ts';
import type { Agent } from '../core/agent/agent.ts';
import type { StoredTurnUsage } from '../core/budget/usage.ts';
import type { LedgerEvent } from '../core/events.ts';
import type {
	ArchiveState,
	BoardState,
	Command,
	EventFilter,
	Lease,
	LedgerReader,
	QuestionFilter,
	RunFilter,
	TaskFilter,
	TaskPart,
	UsageFilter,
} from '../core/ledger.ts';
import type { RunOutcome } from '../core/figures/workRecord.ts';
import type { ModelRequest, ModelRequestHead } from '../core/models/modelRequest.ts';
import type { Question } from '../core/question/question.ts';
import type { Run } from '../core/run/run.ts';
import type { BoardFileName } from '../core/task/archive.ts';
import { isArchive } from '../core/task/archive.ts';
import type { StoredTask } from '../core/task/task.ts';
import type { PlainTask } from '../core/task/plainTask.ts';
import { withoutRecord } from '../core/task/plainTask.ts';
import type { TaskStatus } from '../core/task/taskStatus.ts';
import { taskStatuses } from '../core/task/taskStatus.ts';
import { findConversation, findModelRequest, findOpenModelRequests } from './modelRequests.ts';
import { unpackText } from './packedText.ts';
import type { KnownBases } from './knownBases.ts';
import type { KnownTasks } from './knownTasks.ts';
import type { PreparedQueries } from './preparedQueries.ts';
import { findBase, findBoard, findRun, findTask, lastSequence } from './queries.ts';
import type { ReportDamage } from './rows.ts';
import { toAgent, toCommand, toEvent, toLease, toQuestion, toRun } from './rows.ts';
import type { LedgerTables } from './schema.ts';
import { fieldOf, inBoardOrder, selectTasks } from './taskQueries.ts';
import type { PlainTaskRow, StoredTaskRow } from './taskRows.ts';
import { plainTaskColumns, storedTaskColumns, toPlainTask, toStoredTask } from './taskRows.ts';
import { findUsage } from './usage.ts';

/** What reader and transaction work on. */
export interface LedgerSource {
	readonly database: Kysely<LedgerTables>;
	readonly prepared: PreparedQueries;
	readonly report: ReportDamage;
	readonly bases: KnownBases;
	readonly tasks: KnownTasks;
}

export class SqliteReader implements LedgerReader {
	protected readonly source: LedgerSource;
	private isEnded = false;

	constructor(source: LedgerSource) {
		this.source = source;
	}

	async sequence(): Promise<number> {
		const [row] = await this.prepared.all(lastSequence, {});
		return row?.sequence ?? 0;
	}

	async task(id: string): Promise<StoredTask | undefined> {
		const [row] = await this.prepared.all(findTask, { task_id: id });
		return row === undefined ? undefined : this.toTask(row);
	}

	async tasks(filter: TaskFilter = {}): Promise<StoredTask[]> {
		const query = selectTasks(this.database, filter).select(storedTaskColumns).compile();
		const tasks: StoredTask[] = [];
		this.prepared.each<StoredTaskRow>(query, (row) => tasks.push(this.toTask(row)));
		return inBoardOrder(tasks);
	}

	async plainTasks(filter: TaskFilter = {}): Promise<PlainTask[]> {
		const query = selectTasks(this.database, filter).select(plainTaskColumns).compile();
		const tasks: PlainTask[] = [];
		const older: string[] = [];
		this.prepared.each<PlainTaskRow>(query, (row) => {
			const task = toPlainTask(row, this.source.report);
			if (task === undefined) {
				older.push(row.task_id);
			} else {
				tasks.push(task);
			}
		});
		if (older.length > 0) {
			tasks.push(...(await this.tasks({ ids: older })).map(withoutRecord));
		}
		return inBoardOrder(tasks);
	}

	async parts(): Promise<TaskPart[]> {
		const rows = await this.database
			.selectFrom('tasks')
			.select(['task_id', 'status', fieldOf('parent').as('parent')])
			.where(fieldOf('parent'), 'is not', null)
			.execute();
		return rows.map(({ task_id, status, parent }) => ({ task_id, status, parent: String(parent) }));
	}

	async dependants(id: string): Promise<StoredTask[]> {
		const rows = await this.database
			.selectFrom('tasks')
			.select(storedTaskColumns)
			.where('task_id', 'in', (from) =>
				from.selectFrom('task_dependencies').select('task_id').where('depends_on', '=', id),
			)
			.execute();
		return inBoardOrder(rows.map((row) => this.toTask(row)));
	}

	async changesSince(
		sequence: number,
	): Promise<{ readonly sequence: number; readonly tasks: StoredTask[]; readonly removed: string[] }> {
		let query = this.database.selectFrom('tasks').select(storedTaskColumns);
		if (sequence > 0) {
			// Through the events, which are in this order anyway: an index of tasks by sequence would cost two pages a claim.
			const named = this.database.selectFrom('events').select('task_id').where('sequence', '>', sequence);
			const silent = this.database
				.selectFrom('silent_changes')
				.select('task_id')
				.where('sequence', '>', sequence);
			query = query.where('sequence', '>', sequence).where('task_id', 'in', named.unionAll(silent));
		}
		const removed = await this.database
			.selectFrom('removed_tasks')
			.select('task_id')
			.where('sequence', '>', sequence)
			.where('task_id', 'not in', (from) => from.selectFrom('tasks').select('task_id'))
			.execute();
		return {
			sequence: await this.sequence(),
			tasks: inBoardOrder((await query.execute()).map((row) => this.toTask(row))),
			removed: removed.map(({ task_id }) => task_id),
		};
	}

	async countByStatus(which?: 'archived'): Promise<Record<TaskStatus, number>> {
		const counts = Object.fromEntries(taskStatuses.map((status) => [status, 0])) as Record<TaskStatus, number>;
		const rows = await this.database
			.selectFrom('tasks')
			.select(['board', 'status', (count) => count.fn.countAll<number>().as('count')])
			.groupBy(['board', 'status'])
			.execute();
		for (const { board, status, count } of rows) {
			counts[status] += which === undefined || isArchive(board) ? count : 0;
		}
		return counts;
	}

	async run(id: string): Promise<Run | undefined> {
		const [row] = await this.prepared.all(findRun, { run_id: id });
		return row === undefined ? undefined : toRun(row, this.source.report);
	}

	async runs(filter: RunFilter = {}): Promise<Run[]> {
		let query = this.database
			.selectFrom('runs')
			.selectAll()
			.orderBy('opened_at', 'desc')
			.orderBy('epoch', 'desc')
			.orderBy('run_id', 'desc');
		if (filter.task_id !== undefined) {
			query = query.where('task_id', '=', filter.task_id);
		}
		if (filter.worker !== undefined) {
			query = query.where('worker', '=', filter.worker);
		}
		if (filter.state !== undefined) {
			query = query.where('state', 'in', filter.state);
		}
		if (filter.limit !== undefined) {
			query = query.limit(filter.limit);
		}
		return (await query.execute()).map((row) => toRun(row, this.source.report));
	}

	async runOutcomes({ worker, limit }: { readonly worker: string; readonly limit: number }): Promise<RunOutcome[]> {
		const rows = await this.database
			.selectFrom('runs')
			.leftJoin('tasks', 'tasks.task_id', 'runs.task_id')
			.select(['runs.worker', 'runs.task_id', 'runs.state', fieldOf('task_type').as('task_type')])
			.where('runs.worker', '=', worker)
			.where('runs.closed_at', 'is not', null)
			.orderBy('runs.opened_at', 'desc')
			.limit(limit)
			.execute();
		return rows.map((row) => ({ ...row, task_type: String(row.task_type ?? '') }));
	}

	async events(filter: EventFilter = {}): Promise<LedgerEvent[]> {
		let query = this.database
			.selectFrom('events')
			.selectAll()
			.orderBy('sequence', filter.newestFirst === true ? 'desc' : 'asc');
		if (filter.after !== undefined) {
			query = query.where('sequence', '>', filter.after);
		}
		if (filter.task_id !== undefined) {
			query = query.where('task_id', '=', filter.task_id);
		}
		if (filter.run_id !== undefined) {
			query = query.where('run_id', '=', filter.run_id);
		}
		if (filter.at !== undefined) {
			query = query.where('at', '=', filter.at);
		}
		if (filter.types !== undefined) {
			query = query.where('type', 'in', filter.types);
		}
		if (filter.limit !== undefined) {
			query = query.limit(filter.limit);
		}
		return (await query.execute()).map((row) => toEvent(row, this.source.report));
	}

	async agents(): Promise<Agent[]> {
		const rows = await this.database.selectFrom('agents').selectAll().orderBy('ordinal').execute();
		return rows.map((row) => toAgent(row, this.source.report)).filter((agent) => agent !== undefined);
	}

	async agent(id: string): Promise<Agent | undefined> {
		const row = await this.database.selectFrom('agents').selectAll().where('agent_id', '=', id).executeTakeFirst();
		return row === undefined ? undefined : toAgent(row, this.source.report);
	}

	async board(name: BoardFileName): Promise<BoardState> {
		const [row] = await this.prepared.all(findBoard, { name });
		return {
			name,
			dirty_sequence: row?.dirty_sequence ?? 0,
			mirrored_sequence: row?.mirrored_sequence ?? 0,
			base: await this.boardBase(name, row?.base_id ?? null),
			halted: row?.halted ?? null,
		};
	}

	private async boardBase(name: BoardFileName, id: string | null): Promise<string | null> {
		const { bases } = this.source;
		const known = id === null || isArchive(name) ? undefined : bases.find(name, id);
		if (known !== undefined) {
			return known;
		}
		const [row] = await this.prepared.all(findBase, { name });
		if (row === undefined || isArchive(name)) {
			return row === undefined ? null : unpackText(row.base);
		}
		if (id !== null) {
			bases.remember(name, id, row.base);
		}
		return row.base;
	}

	async archives(): Promise<ArchiveState[]> {
		const rows = await this.database.selectFrom('boards').selectAll().orderBy('name').execute();
		return rows.flatMap(({ name, end_position: _end, base_id: _base, ...state }) =>
			isArchive(name) ? [{ ...state, name }] : [],
		);
	}

	async lease(name: string): Promise<Lease | undefined> {
		const row = await this.database.selectFrom('leases').selectAll().where('name', '=', name).executeTakeFirst();
		return row === undefined ? undefined : toLease(row, this.source.report);
	}

	async leases(prefix = ''): Promise<Lease[]> {
		const rows = await this.database.selectFrom('leases').selectAll().orderBy('name').execute();
		return rows
			.filter(({ name }) => name.startsWith(prefix))
			.map((row) => toLease(row, this.source.report))
			.filter((lease) => lease !== undefined);
	}

	async commands(filter: {
		readonly target?: Command['target'];
		readonly state?: Command['state'];
	}): Promise<Command[]> {
		let query = this.database.selectFrom('commands').selectAll().orderBy('ordinal');
		if (filter.target !== undefined) {
			query = query.where('target', '=', filter.target);
		}
		if (filter.state !== undefined) {
			query = query.where('state', '=', filter.state);
		}
		return (await query.execute()).map((row) => toCommand(row, this.source.report));
	}

	async command(id: string): Promise<Command | undefined> {
		const row = await this.database
			.selectFrom('commands')
			.selectAll()
			.where('command_id', '=', id)
			.executeTakeFirst();
		return row === undefined ? undefined : toCommand(row, this.source.report);
	}

	async questions(filter: QuestionFilter = {}): Promise<Question[]> {
		let query = this.database.selectFrom('questions').selectAll().orderBy('ordinal');
		if (filter.state !== undefined) {
			query = query.where('state', '=', filter.state);
		}
		if (filter.run_id !== undefined) {
			query = query.where('run_id', '=', filter.run_id);
		}
		return (await query.execute()).map((row) => toQuestion(row, this.source.report));
	}

	async question(id: string): Promise<Question | undefined> {
		const row = await this.database
			.selectFrom('questions')
			.selectAll()
			.where('question_id', '=', id)
			.executeTakeFirst();
		return row === undefined ? undefined : toQuestion(row, this.source.report);
	}

	openModelRequests(): Promise<ModelRequestHead[]> {
		return findOpenModelRequests(this.database);
	}

	modelRequest(id: string): Promise<ModelRequest | undefined> {
		return findModelRequest(this.database, id, this.source.report);
	}

	conversation(id: string): Promise<ModelRequest[]> {
		return findConversation(this.database, id, this.source.report);
	}

	usage(filter: UsageFilter = {}): Promise<StoredTurnUsage[]> {
		return findUsage(this.database, filter);
	}

	async fact(key: string): Promise<JsonValue | undefined> {
		const row = await this.database.selectFrom('facts').select('value').where('key', '=', key).executeTakeFirst();
		return row === undefined ? undefined : parseJsonOrUndefined(row.value);
	}

	get isOver(): boolean {
		return this.isEnded;
	}

	/** After the transaction nothing may be asked any more: it would run outside of it. */
	end(): void {
		this.isEnded = true;
	}

	protected get database(): Kysely<LedgerTables> {
		this.assertOpen();
		return this.source.database;
	}

	protected get prepared(): PreparedQueries {
		this.assertOpen();
		return this.source.prepared;
	}

	/** The task of a row, for everybody who reads this version of it the same. It must not be changed. */
	protected toTask(row: StoredTaskRow): StoredTask {
		const known = this.source.tasks.find(row);
		if (known !== undefined) {
			return known;
		}
		const stored = toStoredTask(row, this.source.report);
		this.source.tasks.remember(stored);
		return stored;
	}

	private assertOpen(): void {
		if (this.isEnded) {
			throw new DreamError('ledger.ended', 'This transaction is over; its reader must not be used any more.');
		}
	}
}
