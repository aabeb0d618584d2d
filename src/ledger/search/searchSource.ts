// Owns what the search reads of the ledger: which tasks changed in a stretch of its events, and all that can be found of a task.

import { isJsonObject, parseJsonOrUndefined } from '../../base/json.ts';
import type { HistoryLine, SearchDocument } from '../../core/search/searchDocument.ts';
import { documentOf, longestHistory } from '../../core/search/searchDocument.ts';
import { defineQuery } from '../preparedQueries.ts';
import type { StoredTaskRow } from '../taskRows.ts';
import { storedTaskColumns, toStoredTask } from '../taskRows.ts';
import { SqliteReader } from '../sqliteReader.ts';
import { textList } from '../taskQueries.ts';

/** A document with the place of its task in the order in which tasks came into the ledger. */
export interface SourceDocument {
	readonly document: SearchDocument;
	readonly ordinal: number;
}

const history = defineQuery<{ task_id: string }, HistoryRow>((database, value) =>
	database
		.selectFrom('events')
		.select(['at', 'message', 'data'])
		.where('task_id', '=', value('task_id'))
		.orderBy('sequence', 'desc')
		.limit(longestHistory),
);

const eventAt = defineQuery<{ sequence: number }, { at: string; actor: string; message: string }>((database, value) =>
	database.selectFrom('events').select(['at', 'actor', 'message']).where('sequence', '=', value('sequence')),
);

interface HistoryRow {
	readonly at: string;
	readonly message: string;
	readonly data: string | null;
}

/** Most events carry no words of a person beside their message, and need not be parsed; a change carries both its sides. */
function toHistoryLine({ at, message, data }: HistoryRow): HistoryLine {
	const carried = data?.includes('"from":{') === true ? parseJsonOrUndefined(data) : undefined;
	return { at, message, ...(isJsonObject(carried) ? { data: carried } : {}) };
}

export class SearchSource extends SqliteReader {
	/** What tells this ledger from another one that has come as far; empty for its beginning. */
	async mark(sequence: number): Promise<string> {
		const [event] = await this.prepared.all(eventAt, { sequence });
		return event === undefined ? '' : `${event.at} ${event.actor} ${event.message.slice(0, 200)}`;
	}

	/** Ids of tasks that events of the stretch name, that changed silently in it, or that were removed in it. */
	async changedBetween(after: number, until: number): Promise<string[]> {
		const inStretch = (table: 'events' | 'silent_changes' | 'removed_tasks') =>
			this.database
				.selectFrom(table)
				.select('task_id')
				.where('sequence', '>', after)
				.where('sequence', '<=', until)
				.where('task_id', 'is not', null);
		const rows = await inStretch('events')
			.union(inStretch('silent_changes'))
			.union(inStretch('removed_tasks'))
			.execute();
		return rows.map(({ task_id }) => task_id).filter((id) => id !== null);
	}

	/** Documents of the tasks that are there. */
	async documents(ids: readonly string[]): Promise<SourceDocument[]> {
		return this.toDocuments(await this.rows().where('task_id', 'in', textList(ids)).execute());
	}

	/** The next documents after a place; none at the end. */
	async page(after: number, limit: number): Promise<SourceDocument[]> {
		return this.toDocuments(
			await this.rows().where('ordinal', '>', after).orderBy('ordinal').limit(limit).execute(),
		);
	}

	private rows() {
		return this.database.selectFrom('tasks').select(['ordinal', ...storedTaskColumns]);
	}

	private toDocuments(rows: readonly (StoredTaskRow & { readonly ordinal: number })[]): Promise<SourceDocument[]> {
		return Promise.all(
			rows.map(async (row) => ({
				document: documentOf(
					toStoredTask(row, this.source.report),
					(await this.prepared.all(history, { task_id: row.task_id })).map(toHistoryLine),
				),
				ordinal: row.ordinal,
			})),
		);
	}
}
