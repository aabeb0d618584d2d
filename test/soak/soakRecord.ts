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
	/** From the beginning of work to its end; undefined where one of them is not told. */
	readonly tookSeconds: number | undefined;
}

interface StoredFields {
	readonly block_reason?: RecordedTask['blocked'];
	readonly claimed_at?: string | null;
	readonly started_at?: string | null;
	readonly completed_at?: string | null;
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
	/** The earlier run whose work it went on with. */
	readonly continues: string | undefined;
	/** Wall milliseconds of the events of its beginning and end; both the same where one is not there. */
	readonly openedAt: number;
	readonly closedAt: number;
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
	/** Events by type. */
	readonly counts: ReadonlyMap<string, number>;
	/** Tasks that ever waited for a review. */
	readonly reviewed: ReadonlySet<string>;
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
		const closed = new Map<string, number>();
		for (const row of rows("select run_id, at, data from events where type = 'run.closed' order by sequence")) {
			closed.set(text(row['run_id']), Date.parse(text(row['at'])));
			const code = parse<{ code?: string } | null>(row['data'] ?? 'null')?.code;
			if (code !== undefined) {
				codes.set(text(row['run_id']), code);
			}
		}
		const opened = new Map(
			rows("select run_id, at from events where type = 'run.opened'").map((row) => [
				text(row['run_id']),
				Date.parse(text(row['at'])),
			]),
		);
		const reasons = new Map<string, string>();
		const reviewed = new Set<string>();
		const continued = new Map<string, string>();
		for (const row of rows(
			`select task_id, run_id, message, json_extract(data, '$.to') as entered, json_extract(data, '$.continues') as continues
			from events where type = 'task.moved' order by sequence`,
		)) {
			reasons.set(text(row['task_id']), text(row['message']));
			if (row['entered'] === 'REVIEW') {
				reviewed.add(text(row['task_id']));
			}
			if (row['continues'] !== null) {
				continued.set(text(row['run_id']), text(row['continues']));
			}
		}
		const tasks = rows('select task_id, status, run_id, attempts, task from tasks').map((row): RecordedTask => {
			const task = parse<StoredFields>(row['task']);
			const took = Date.parse(task.completed_at ?? '') - Date.parse(task.started_at ?? task.claimed_at ?? '');
			return {
				id: text(row['task_id']),
				status: text(row['status']),
				runId: textOrNull(row['run_id']),
				attempts: Number(row['attempts']),
				blocked: task.block_reason ?? null,
				reason: reasons.get(text(row['task_id'])) ?? '',
				tookSeconds: Number.isNaN(took) ? undefined : took / 1000,
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
			continues: continued.get(text(row['run_id'])),
			openedAt: opened.get(text(row['run_id'])) ?? 0,
			closedAt: closed.get(text(row['run_id'])) ?? opened.get(text(row['run_id'])) ?? 0,
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
			counts: new Map(
				rows('select type, count(*) as number from events group by type').map((row) => [
					text(row['type']),
					Number(row['number']),
				]),
			),
			reviewed,
		};
	} finally {
		database.close();
	}
}
