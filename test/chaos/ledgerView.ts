// Owns how processes of the chaos run look at the ledger past our own code: plain SQL on a connection that cannot write.

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { join } from 'node:path';
import { loadNodeSqlite } from '../../src/ledger/nodeSqlite.ts';

export interface SeenTask {
	readonly status: string;
	readonly board: string;
	readonly run: string | null;
	readonly epoch: number;
	/** Whether it is work for an agent of the host. */
	readonly isForAgents: boolean;
}

export class LedgerView {
	private readonly database: DatabaseSync;
	private readonly one: StatementSync;
	private readonly all: StatementSync;
	private readonly told: StatementSync;
	private readonly shown: StatementSync;
	private readonly last: StatementSync;

	constructor(folder: string) {
		const { DatabaseSync: Database } = loadNodeSqlite();
		this.database = new Database(join(folder, 'runtime', 'dreamos.db'), { readOnly: true, timeout: 10_000 });
		this.one = this.database.prepare(
			"select status, board, run_id as run, epoch, json_type(task, '$.params.run') is not null as isForAgents from tasks where task_id = ?",
		);
		this.all = this.database.prepare('select task_id as id from tasks order by ordinal');
		this.told = this.database.prepare('select 1 from events where task_id = ? and instr(data, ?) > 0 limit 1');
		this.last = this.database.prepare('select max(sequence) as sequence from events');
		this.shown = this.database.prepare('select 1 from tasks where task_id = ? and instr(record, ?) > 0');
	}

	ids(): string[] {
		return this.all.all().map((row) => String(row['id']));
	}

	task(id: string): SeenTask | undefined {
		const row = this.one.get(id);
		return row === undefined
			? undefined
			: {
					status: String(row['status']),
					board: String(row['board']),
					run: row['run'] === null ? null : String(row['run']),
					epoch: Number(row['epoch']),
					isForAgents: row['isForAgents'] === 1,
				};
	}

	/** Of the last event. */
	sequence(): number {
		return Number(this.last.get()?.['sequence'] ?? 0);
	}

	/** Whether the history of a task, or the task itself, holds the word. */
	knows(id: string, word: string): boolean {
		return this.shown.get(id, word) !== undefined || this.told.get(id, word) !== undefined;
	}

	close(): void {
		this.database.close();
	}
}
