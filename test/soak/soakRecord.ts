// Owns what the ledger of a soak run holds, read with plain SQL: the checker shares no rule with the product.

import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';

export interface RecordedTask {
	readonly id: string;
	readonly status: string;
	/** The run that holds it. */
	readonly runId: string | null;
	readonly attempts: number;
	readonly blocked: { readonly kind: string; readonly text: string } | null;
	/** Why it came to the status it has, as its last move says. */
	readonly reason: string;
}

export interface RecordedGate {
	readonly command: string;
	readonly exit_code: number | null;
}

export interface RecordedRun {
	readonly id: string;
	readonly taskId: string;
	readonly worker: string;
	readonly state: string;
	/** Code of its failure, as the event of its end says. */
	readonly code: string | undefined;
	readonly reason: string;
	readonly gates: readonly RecordedGate[];
	readonly baseCommit: string | null;
}

export interface SoakRecord {
	readonly tasks: ReadonlyMap<string, RecordedTask>;
	/** Oldest first. */
	readonly runs: readonly RecordedRun[];
	/** Leases that somebody still holds. */
	readonly leases: readonly string[];
	/** What the database says of itself; empty when it is whole. */
	readonly damage: readonly string[];
	readonly events: number;
}

export const ledgerFile = (folder: string): string => join(folder, 'runtime', 'dreamos.db');

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const parse = <T>(value: unknown): T => JSON.parse(text(value)) as T;

/** Reads the ledger of a workspace. @param at wall milliseconds at which its leases are looked at. */
export function readRecord(folder: string, at: number): SoakRecord {
	const database = new DatabaseSync(ledgerFile(folder), { readOnly: true });
	const rows = (sql: string) => database.prepare(sql).all();
	try {
		const codes = new Map<string, string>();
		for (const row of rows("select run_id, data from events where type = 'run.closed' order by sequence")) {
			const code = parse<{ code?: string } | null>(row['data'] ?? 'null')?.code;
			if (code !== undefined) {
				codes.set(text(row['run_id']), code);
			}
		}
		const reasons = new Map<string, string>();
		for (const row of rows("select task_id, message from events where type = 'task.moved' order by sequence")) {
			reasons.set(text(row['task_id']), text(row['message']));
		}
		const tasks = rows('select task_id, status, run_id, attempts, task from tasks').map((row): RecordedTask => {
			const task = parse<{ block_reason?: RecordedTask['blocked'] }>(row['task']);
			return {
				id: text(row['task_id']),
				status: text(row['status']),
				runId: textOrNull(row['run_id']),
				attempts: Number(row['attempts']),
				blocked: task.block_reason ?? null,
				reason: reasons.get(text(row['task_id'])) ?? '',
			};
		});
		const runs = rows('select * from runs order by opened_at, run_id').map((row): RecordedRun => ({
			id: text(row['run_id']),
			taskId: text(row['task_id']),
			worker: text(row['worker']),
			state: text(row['state']),
			code: codes.get(text(row['run_id'])),
			reason: text(row['reason']),
			gates: parse(row['gates']),
			baseCommit: textOrNull(row['base_commit']),
		}));
		const leases = rows('select name, holder, expires_at from leases')
			.filter((row) => row['holder'] !== null && Number(row['expires_at']) > at)
			.map((row) => text(row['name']));
		const damage = rows('pragma integrity_check(10)').map((row) => text(row['integrity_check']));
		return {
			tasks: new Map(tasks.map((task) => [task.id, task])),
			runs,
			leases,
			damage: damage.filter((line) => line !== 'ok'),
			events: Number(rows('select count(*) as number from events')[0]?.['number']),
		};
	} finally {
		database.close();
	}
}
