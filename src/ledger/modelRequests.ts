// Owns the reads of questions to language models. What is open is looked at often, so its text is left out there.

import type { Kysely } from 'kysely';
import type { ModelRequest, ModelRequestHead } from '../core/models/modelRequest.ts';
import type { ReportDamage } from './rows.ts';
import { modelRequestHeadColumns, toModelRequest, toModelRequestHead } from './rows.ts';
import type { LedgerTables } from './schema.ts';

type Database = Kysely<LedgerTables>;

export async function findOpenModelRequests(database: Database): Promise<ModelRequestHead[]> {
	const rows = await database
		.selectFrom('model_requests')
		.select(modelRequestHeadColumns)
		.where('state', 'in', ['asked', 'taken'])
		.orderBy('ordinal')
		.execute();
	return rows.map((row) => toModelRequestHead(row));
}

export async function findModelRequest(
	database: Database,
	id: string,
	report: ReportDamage,
): Promise<ModelRequest | undefined> {
	const row = await database.selectFrom('model_requests').selectAll().where('request_id', '=', id).executeTakeFirst();
	return row === undefined ? undefined : toModelRequest(row, report);
}

export async function findConversation(database: Database, id: string, report: ReportDamage): Promise<ModelRequest[]> {
	const rows = await database
		.selectFrom('model_requests')
		.selectAll()
		.where('conversation_id', '=', id)
		.orderBy('sequence')
		.orderBy('ordinal')
		.execute();
	return rows.map((row) => toModelRequest(row, report));
}
