// Owns the search's index: one SQLite file beside the ledger, or one in memory. It holds nothing that is not in the ledger, so it
// may be deleted, broken or older at any time. It never reads the ledger itself: documents are handed in.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FoundTask, FoundTasks } from '../../core/ledger.ts';
import { searchTiers } from '../../core/search/searchDocument.ts';
import type { PageRequest, SearchQuery } from '../../core/search/searchQuery.ts';
import { fold, isPlain, wordsOf } from '../../core/search/searchWords.ts';
import type { SqliteConnection } from '../sqliteConnection.ts';
import type { Statement, Stretch } from './fullTextQuery.ts';
import { countStatement, pageStatement, stretchLength } from './fullTextQuery.ts';
import type { SourceDocument } from './searchSource.ts';

/** Goes up whenever tables or what is put into them change: an index of another version is made anew. */
const indexVersion = 2;

// `ascii` cuts at what is neither letter nor digit, and takes everything beyond ASCII for letters: our own words reach it as they
// are. Contentless: texts are in the ledger, and what is shown comes from there.
const tables = `
DROP TABLE IF EXISTS state;
DROP TABLE IF EXISTS documents;
DROP TABLE IF EXISTS ids;
DROP TABLE IF EXISTS texts;
CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL, mark TEXT NOT NULL) STRICT;
INSERT INTO state VALUES (1, 0, '');
CREATE TABLE documents (
	number INTEGER PRIMARY KEY,
	task_id TEXT NOT NULL UNIQUE,
	seen INTEGER NOT NULL,
	status TEXT NOT NULL,
	board TEXT NOT NULL,
	priority TEXT NOT NULL,
	type TEXT NOT NULL,
	agent TEXT NOT NULL,
	tag TEXT NOT NULL,
	changed_at REAL
) STRICT;
-- Apart, because every one of them is looked at for a part of an id.
CREATE TABLE ids (number INTEGER PRIMARY KEY, folded_id TEXT NOT NULL) STRICT;
CREATE VIRTUAL TABLE texts USING fts5 (
	title, body, history, content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '1 2 3'
);
PRAGMA user_version = ${indexVersion};
`;

/** How far the index shows the ledger. */
export interface IndexState {
	readonly sequence: number;
	/** What the ledger's event of that sequence says; another ledger says something else there. */
	readonly mark: string;
}

/** Between fields and between lines of history: a word that nobody can ask for, so that no phrase goes across. */
const border = ' ¦ ';
/** How long a search may hold the thread before the event loop gets its turn. */
const sliceMilliseconds = 4;

export class SearchIndex {
	private readonly connection: SqliteConnection;
	private sliceBegun = 0;

	constructor(connection: SqliteConnection) {
		this.connection = connection;
	}

	/** Makes the tables unless they are there. */
	prepare(): void {
		if (this.connection.value('pragma user_version') !== indexVersion) {
			this.change(() => {
				// Another process may have been faster while we waited for the lock.
				if (this.connection.value('pragma user_version') !== indexVersion) {
					this.connection.execute(tables);
				}
			});
		}
	}

	state(): IndexState {
		const [state] = this.connection.all<IndexState>('select sequence, mark from state');
		return state ?? { sequence: 0, mark: '' };
	}

	/** Forgets everything: it was the index of another ledger. */
	clear(): void {
		this.change(() => this.connection.execute(tables));
	}

	/** Those of the ids whose documents were not read from a ledger that had come as far as the sequence. */
	behind(ids: readonly string[], sequence: number): string[] {
		const rows = this.connection.all<{ task_id: string }>(
			'select value as task_id from json_each(?) where value not in (select task_id from documents where task_id = value and seen >= ?)',
			[JSON.stringify(ids), sequence],
		);
		return rows.map(({ task_id }) => task_id);
	}

	/** Replaces the documents of some tasks by what a ledger that had come as far as `seen` says of them; those it lacks are gone. */
	put(ids: readonly string[], documents: readonly SourceDocument[], seen: number): void {
		const rows = new Map(documents.map((each) => [each.document.task.task_id, each]));
		const texts = new Map([...rows].map(([id, { document }]) => [id, textsOf(document)]));
		const ordinals = [...rows.values()].map(({ ordinal }) => ordinal);
		this.change(() => {
			// A number may stand for a task that was removed: the ledger gives it to the next one.
			const known = this.connection.all<{ number: number; task_id: string; seen: number }>(
				'select number, task_id, seen from documents where task_id in (select value from json_each(?)) or number in (select value from json_each(?))',
				[JSON.stringify(ids), JSON.stringify(ordinals)],
			);
			// Another process may have read a newer ledger meanwhile: what it put in stays.
			const newer = known.filter((each) => each.seen > seen);
			const isNewer = new Set<string | number>(newer.flatMap(({ number, task_id }) => [number, task_id]));
			for (const { number, task_id } of known) {
				if (!isNewer.has(task_id)) {
					this.remove(number);
				}
			}
			for (const [id, row] of rows) {
				if (!isNewer.has(id) && !isNewer.has(row.ordinal)) {
					this.insert(row, seen, texts.get(id) ?? []);
				}
			}
		});
	}

	/** Notes how far everything is in the index; never goes back. */
	advance({ sequence, mark }: IndexState): void {
		this.change(() =>
			this.connection.run('update state set sequence = ?, mark = ? where sequence < ?', [
				sequence,
				mark,
				sequence,
			]),
		);
	}

	/** A page of the tasks that answer, and how many do. Rejects with the signal's reason when it aborts. */
	async find(
		query: SearchQuery,
		{ limit, offset }: PageRequest,
		signal: AbortSignal | undefined,
	): Promise<FoundTasks> {
		const stretches = this.stretches(stretchLength(query));
		let total = 0;
		for (const stretch of stretches) {
			const [row] = await this.run<{ count: number }>(countStatement(query, stretch), signal);
			total += row?.count ?? 0;
		}
		const wanted = Math.min(total, offset + limit);
		const tasks: FoundTask[] = [];
		for (const tier of query.terms.some(({ isExcluded }) => !isExcluded) ? searchTiers : ([0] as const)) {
			for (const stretch of stretches) {
				if (tasks.length < wanted) {
					const statement = pageStatement(query, tier, stretch, wanted - tasks.length);
					const rows = await this.run<{ task_id: string }>(statement, signal);
					tasks.push(...rows.map(({ task_id }) => ({ task_id, tier })));
				}
			}
		}
		return { total, tasks: tasks.slice(offset) };
	}

	close(): void {
		this.connection.close();
	}

	private remove(number: number): void {
		this.connection.run('delete from texts where rowid = ?', [number]);
		this.connection.run('delete from ids where number = ?', [number]);
		this.connection.run('delete from documents where number = ?', [number]);
	}

	private insert(
		{ document: { task, facts }, ordinal }: SourceDocument,
		seen: number,
		texts: readonly string[],
	): void {
		this.connection.run('insert into documents values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
			ordinal,
			task.task_id,
			seen,
			facts.status,
			facts.board,
			facts.priority,
			facts.type,
			JSON.stringify(facts.agent),
			JSON.stringify(facts.tag),
			facts.changed_at,
		]);
		this.connection.run('insert into ids values (?, ?)', [ordinal, fold(task.task_id)]);
		this.connection.run('insert into texts (rowid, title, body, history) values (?, ?, ?, ?)', [ordinal, ...texts]);
	}

	/** All numbers, in pieces that can be looked at without holding the thread for long, the last ones first. */
	private stretches(length: number): Stretch[] {
		const last = Number(this.connection.value('select max(number) from documents') ?? 0);
		const stretches: Stretch[] = [];
		for (let end = last; end > 0; end -= length) {
			stretches.push({ first: Math.max(1, end - length + 1), last: end });
		}
		return stretches;
	}

	private async run<Row>({ sql, parameters }: Statement, signal: AbortSignal | undefined): Promise<Row[]> {
		if (performance.now() - this.sliceBegun > sliceMilliseconds) {
			await nextTurn();
			signal?.throwIfAborted();
			this.sliceBegun = performance.now();
		}
		return this.connection.all<Row>(sql, parameters);
	}

	private change(work: () => void): void {
		this.connection.begin('immediate');
		try {
			work();
			this.connection.commit();
		} catch (error) {
			this.connection.rollback();
			throw error;
		}
	}
}

/** Texts of the three columns, one a tier. */
function textsOf({ fields }: SourceDocument['document']): string[] {
	return searchTiers.map((tier) =>
		fields
			.filter((field) => field.tier === tier)
			.map(({ text }) =>
				isPlain(text)
					? text
					: wordsOf(text)
							.map(({ folded }) => folded)
							.join(' '),
			)
			.join(border),
	);
}
