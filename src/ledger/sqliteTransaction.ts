// Owns the writes of one transaction. It keeps what must hold at its commit: dirty boards, board ends, silent changes.

import { DreamError } from '../base/errors.ts';
import { randomText } from '../base/ids.ts';
import type { Actor } from '../core/actor.ts';
import { formatActor } from '../core/actor.ts';
import type { NewEvent } from '../core/events.ts';
import type { ArchiveState, BoardState, LedgerTransaction } from '../core/ledger.ts';
import type { Run, RunToken } from '../core/run/run.ts';
import { isOpenRun } from '../core/run/run.ts';
import type { ArchiveName, BoardFileName } from '../core/task/archive.ts';
import { fileOf, isArchive } from '../core/task/archive.ts';
import type { StoredTask } from '../core/task/task.ts';
import type { BoardName, TaskStatus } from '../core/task/taskStatus.ts';
import { packText } from './packedText.ts';
import * as queries from './queries.ts';
import { toRunColumns } from './rows.ts';
import type { StoredTaskRow } from './taskRows.ts';
import { toStoredTask, toTaskColumns } from './taskRows.ts';
import type { LedgerSource } from './sqliteReader.ts';
import { SqliteRegistry } from './sqliteRegistry.ts';

export class SqliteTransaction extends SqliteRegistry implements LedgerTransaction {
	private readonly actorText: string;
	/** Sequence of the newest event, before this transaction and then within it; read when first needed. */
	private newest: number | undefined;
	private hasEvents = false;
	private hasChanges = false;
	/** Tasks read and not written since: the lock is ours, so nobody else can have changed them. */
	private readonly known = new Map<string, StoredTask>();
	/** Boards changed and not yet marked, with the end of each as far as this transaction moved it. */
	private readonly dirtyBoards = new Map<BoardFileName, number>();
	private readonly changedTasks = new Set<string>();
	private readonly namedTasks = new Set<string>();

	constructor(source: LedgerSource, actor: Actor, at: string) {
		super(source, actor, at);
		this.actorText = formatActor(actor);
	}

	/** Whether there is anything to undo. */
	get hasWritten(): boolean {
		return this.hasChanges || this.hasEvents;
	}

	override async task(id: string): Promise<StoredTask | undefined> {
		const known = this.known.get(id);
		if (known !== undefined) {
			return known;
		}
		const stored = await super.task(id);
		if (stored !== undefined) {
			this.known.set(id, stored);
		}
		return stored;
	}

	override async board(name: BoardFileName): Promise<BoardState> {
		await this.writeMarks();
		return super.board(name);
	}

	override async archives(): Promise<ArchiveState[]> {
		await this.writeMarks();
		return super.archives();
	}

	async append(event: NewEvent): Promise<number> {
		const { lastId } = await this.prepared.run(queries.insertEvent, {
			at: this.at,
			type: event.type,
			actor: this.actorText,
			task_id: event.task_id ?? null,
			run_id: event.run_id ?? null,
			agent_id: event.agent_id ?? null,
			message: event.message,
			data: event.data === undefined ? null : JSON.stringify(event.data),
		});
		this.newest = lastId;
		this.hasEvents = true;
		if (event.task_id !== undefined) {
			this.namedTasks.add(event.task_id);
		}
		return lastId;
	}

	async insertTask(task: Omit<StoredTask, 'sequence' | 'position'> & { readonly position?: number }): Promise<void> {
		const { task_id, dependencies } = task.task;
		const position = task.position ?? (await this.endOfBoard(task.board));
		const columns = toTaskColumns({ ...task, position }, await this.changeSequence());
		if ((await this.prepared.run(queries.insertTask, columns)).changes === 0) {
			throw new DreamError('task.duplicate', `There is already a task ${task_id}.`, {
				details: { task_id },
				advice: 'Choose another id.',
			});
		}
		await this.insertDependencies(task_id, dependencies);
		this.markDirty(fileOf(task));
		this.markDirty(task.board, position);
		this.changedTasks.add(task_id);
	}

	async replaceTask(
		next: Omit<StoredTask, 'sequence'>,
		expected: { readonly status: TaskStatus; readonly epoch: number },
	): Promise<boolean> {
		const { task_id, dependencies } = next.task;
		const before = await this.task(task_id);
		if (before === undefined) {
			return false;
		}
		const { changes } = await this.prepared.run(queries.replaceTask, {
			...toTaskColumns(next, await this.changeSequence()),
			expected_status: expected.status,
			expected_epoch: expected.epoch,
		});
		if (changes === 0) {
			return false;
		}
		this.known.delete(task_id);
		const old = before.task.dependencies;
		if (old.length !== dependencies.length || old.some((id, index) => id !== dependencies[index])) {
			await this.prepared.run(queries.deleteDependencies, { task_id });
			await this.insertDependencies(task_id, dependencies);
		}
		this.markDirty(fileOf(before));
		this.markDirty(fileOf(next));
		if (next.position !== before.position || next.archive === undefined) {
			this.markDirty(next.board, next.position);
		}
		this.changedTasks.add(task_id);
		return true;
	}

	async refileTask(stored: StoredTask, file: 'completed_tasks' | ArchiveName): Promise<void> {
		const { task_id } = stored.task;
		await this.prepared.run(queries.refileTask, { task_id, board: file, sequence: await this.changeSequence() });
		this.known.delete(task_id);
		this.markDirty(fileOf(stored));
		this.markDirty(file);
		this.changedTasks.add(task_id);
	}

	async removeTask(id: string): Promise<void> {
		const before = await this.task(id);
		if (before === undefined) {
			return;
		}
		const sequence = await this.changeSequence();
		await this.database.deleteFrom('tasks').where('task_id', '=', id).execute();
		await this.prepared.run(queries.deleteDependencies, { task_id: id });
		await this.database
			.insertInto('removed_tasks')
			.values({ task_id: id, sequence })
			.onConflict((conflict) => conflict.column('task_id').doUpdateSet({ sequence }))
			.execute();
		this.known.delete(id);
		this.changedTasks.delete(id);
		this.markDirty(fileOf(before));
	}

	async endOfBoard(board: BoardName): Promise<number> {
		const [row] = await this.prepared.all(queries.findBoard, { name: board });
		return Math.max(row?.end_position ?? 0, this.dirtyBoards.get(board) ?? 0);
	}

	async insertRun(run: Run): Promise<void> {
		await this.prepared.run(queries.insertRun, {
			...run,
			files: JSON.stringify(run.files),
			gates: JSON.stringify(run.gates),
			session: run.session === null ? null : JSON.stringify(run.session),
			pause: run.pause === null ? null : JSON.stringify(run.pause),
			resources: run.resources === null ? null : JSON.stringify(run.resources),
			strays: run.strays.length === 0 ? null : JSON.stringify(run.strays),
			drift: run.drift === null ? null : JSON.stringify(run.drift),
		});
	}

	async updateRun(token: RunToken, patch: Partial<Omit<Run, 'run_id' | 'task_id' | 'epoch'>>): Promise<Run> {
		const run = await this.run(token.run_id);
		if (run === undefined || run.epoch !== token.epoch || !isOpenRun(run.state)) {
			throw fencedError(token, run);
		}
		const columns = toRunColumns(patch);
		if (Object.keys(columns).length > 0) {
			await this.database.updateTable('runs').set(columns).where('run_id', '=', token.run_id).execute();
		}
		return (await this.run(token.run_id)) ?? run;
	}

	async setBoard(
		name: BoardFileName,
		patch: Partial<Omit<BoardState, 'name'>> & { readonly stamp?: string | null },
	): Promise<void> {
		const { base, ...columns } = patch;
		await this.writeMarks();
		await this.ensureFile(name);
		if (base !== undefined) {
			await this.setBase(name, base);
		}
		if (Object.keys(columns).length > 0) {
			await this.database.updateTable('boards').set(columns).where('name', '=', name).execute();
		}
	}

	private async setBase(name: BoardFileName, base: string | null): Promise<void> {
		if (base === null) {
			await this.database.deleteFrom('board_bases').where('name', '=', name).execute();
			return;
		}
		const kept = isArchive(name) ? packText(base) : base;
		await this.database
			.insertInto('board_bases')
			.values({ name, base: kept })
			.onConflict((conflict) => conflict.column('name').doUpdateSet({ base: kept }))
			.execute();
		if (!isArchive(name)) {
			// Only now: writing the text takes the name of the one before off.
			const base_id = randomText(16);
			await this.database.updateTable('boards').set({ base_id }).where('name', '=', name).execute();
			this.source.bases.remember(name, base_id, base);
		}
	}

	/**
	 * Writes what only the whole transaction knows; called once, before the commit. Refuses a change of tasks that no event
	 * tells of: others learn of changes by events alone, and would miss it.
	 */
	async complete(): Promise<void> {
		if (this.hasChanges && !this.hasEvents) {
			throw new DreamError('internal.noEvent', 'Tasks were changed without an event in the same transaction.', {
				details: { tasks: [...this.changedTasks] },
			});
		}
		for (const task_id of this.changedTasks) {
			if (!this.namedTasks.has(task_id)) {
				await this.prepared.run(queries.insertSilentChange, { task_id, sequence: await this.changeSequence() });
			}
		}
		await this.writeMarks();
	}

	/** What this transaction reads may be its own, and its sequence another's if it fails: nobody outside may get to see it. */
	protected override toTask(row: StoredTaskRow): StoredTask {
		return toStoredTask(row, this.source.report);
	}

	/** The sequence a change gets: higher than all that anybody has seen before this transaction. */
	private async changeSequence(): Promise<number> {
		this.newest ??= await this.sequence();
		return this.hasEvents ? this.newest : this.newest + 1;
	}

	private async insertDependencies(task_id: string, dependencies: readonly string[]): Promise<void> {
		for (const depends_on of dependencies) {
			await this.prepared.run(queries.insertDependency, { task_id, depends_on });
		}
	}

	/** Notes that a file no longer shows the ledger; `position` is where something came to stand on a board. */
	private markDirty(file: BoardFileName, position = -1): void {
		this.hasChanges = true;
		const end = Math.max(this.dirtyBoards.get(file) ?? 0, Math.floor(position) + 1);
		this.dirtyBoards.set(file, end);
	}

	private async ensureFile(name: BoardFileName): Promise<void> {
		if (isArchive(name)) {
			await this.prepared.run(queries.ensureArchive, { name });
		}
	}

	private async writeMarks(): Promise<void> {
		for (const [name, end_position] of this.dirtyBoards) {
			await this.ensureFile(name);
			await this.prepared.run(queries.markBoard, {
				name,
				end_position,
				dirty_sequence: await this.changeSequence(),
			});
		}
		this.dirtyBoards.clear();
	}
}

function fencedError(token: RunToken, run: Run | undefined): DreamError {
	const why =
		run === undefined
			? 'is not known'
			: run.epoch === token.epoch
				? `is over (${run.state})`
				: `was opened with epoch ${run.epoch}, not ${token.epoch}`;
	return new DreamError('run.fenced', `The run ${token.run_id} ${why}; what its worker wrote was refused.`, {
		details: {
			run_id: token.run_id,
			epoch: token.epoch,
			current: run?.epoch ?? null,
			...(run === undefined ? {} : { task_id: run.task_id, state: run.state }),
		},
		advice: 'The task was released or claimed by somebody else meanwhile; claim it again to go on.',
	});
}
