// Owns the way between the table of turns and what the core reads.

import type { Kysely } from 'kysely';
import type { StoredTurnUsage, TurnUsage } from '../core/budget/usage.ts';
import type { UsageFilter } from '../core/ledger.ts';
import type { LedgerTables } from './schema.ts';

type Database = Kysely<LedgerTables>;

/** In the order they ended. */
export async function findUsage(database: Database, filter: UsageFilter): Promise<StoredTurnUsage[]> {
	let query = database.selectFrom('usage').selectAll().orderBy('ordinal');
	if (filter.after !== undefined) {
		query = query.where('ordinal', '>', filter.after);
	}
	if (filter.run_id !== undefined) {
		query = query.where('run_id', '=', filter.run_id);
	}
	if (filter.task_id !== undefined) {
		query = query.where('task_id', '=', filter.task_id);
	}
	return (await query.execute()).map(({ is_estimated, ...row }) => ({ ...row, is_estimated: is_estimated === 1 }));
}

export async function insertUsage(database: Database, { is_estimated, ...turn }: TurnUsage): Promise<void> {
	await database
		.insertInto('usage')
		.values({ ...turn, is_estimated: is_estimated ? 1 : 0 })
		.execute();
}
