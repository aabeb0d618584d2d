// Owns the search's index: one SQLite file beside the ledger, or one in memory. It holds nothing that is not in the ledger, so it
// may be deleted, broken or older at any time. It never reads the ledger itself: documents are handed in.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FoundTask } from '../../core/ledger.ts';
import type { SearchTier } from '../../core/search/searchDocument.ts';
import type { SearchQuery } from '../../core/search/searchQuery.ts';
import { fold, isPlain, wordsOf } from '../../core/search/searchWords.ts';
import type { SqliteConnection } from '../sqliteConnection.ts';
import type { Statement } from './fullTextQuery.ts';
import { answerStatement, idStatement, tierStatement } from './fullTextQuery.ts';
import type { SourceDocument } from './searchSource.ts';

/** Goes up whenever tables or what is put into them change: an index of another version is made anew. */
const indexVersion = 1;

// `ascii` cuts at what is neither letter nor digit, and takes everything beyond ASCII for letters: our own words reach it as they
// are. Contentless: texts are in the ledger, and what is shown comes from there.
const tables = `
DROP TABLE IF EXISTS state;
DROP TABLE IF EXISTS documents;
DROP TABLE IF EXISTS texts;
CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL, mark TEXT NOT NULL) STRICT;
INSERT INTO state VALUES (1, 0, '');
CREATE TABLE documents (
	number INTEGER PRIMARY KEY,
	task_id TEXT NOT NULL UNIQUE,
	folded_id TEXT NOT NULL,
	seen INTEGER NOT NULL,
	sequence INTEGER NOT NULL,
	status TEXT NOT NULL,
	board TEXT NOT NULL,
	priority TEXT NOT NULL,
	type TEXT NOT NULL,
	agent TEXT NOT NULL,
	tag TEXT NOT NULL,
	changed_at REAL
) STRICT;
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
		this.change(() => {
			for (const id of ids) {
				const [known] = this.connection.all<{ number: number; seen: number }>(
					'select number, seen from documents where task_id = ?',
					[id],
				);
				if (known !== undefined && known.seen > seen) {
					// Another process has read a newer ledger meanwhile.
					continue;
				}
				if (known !== undefined) {
					this.connection.run('delete from texts where rowid = ?', [known.number]);
					this.connection.run('delete from documents where number = ?', [known.number]);
				}
				const row = rows.get(id);
				if (row !== undefined) {
					this.insert(known?.number ?? null, row, seen, texts.get(id) ?? []);
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

	/** Tasks that answer, best first. Rejects with the signal's reason when it aborts. */
	async find(query: SearchQuery, signal: AbortSignal | undefined): Promise<FoundTask[]> {
		const title = await this.numbers([tierStatement(query, 0), idStatement(query)], signal);
		const own = await this.numbers([tierStatement(query, 1)], signal);
		const hasWords = query.terms.some(({ isExcluded }) => !isExcluded);
		const found: (FoundTask & { readonly sequence: number })[] = [];
		await this.each<{ number: number; task_id: string; sequence: number }>(
			answerStatement(query),
			signal,
			(row) => {
				const tier: SearchTier = !hasWords || title.has(row.number) ? 0 : own.has(row.number) ? 1 : 2;
				found.push({ task_id: row.task_id, sequence: row.sequence, tier });
			},
		);
		return sortFound(found);
	}

	close(): void {
		this.connection.close();
	}

	private insert(
		number: number | null,
		{ document: { task, facts }, sequence }: SourceDocument,
		seen: number,
		texts: readonly string[],
	): void {
		const { lastId } = this.connection.run('insert into documents values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
			number,
			task.task_id,
			fold(task.task_id),
			seen,
			sequence,
			facts.status,
			facts.board,
			facts.priority,
			facts.type,
			JSON.stringify(facts.agent),
			JSON.stringify(facts.tag),
			facts.changed_at,
		]);
		this.connection.run('insert into texts (rowid, title, body, history) values (?, ?, ?, ?)', [lastId, ...texts]);
	}

	private async numbers(
		statements: readonly (Statement | undefined)[],
		signal: AbortSignal | undefined,
	): Promise<Set<number>> {
		const numbers = new Set<number>();
		for (const statement of statements) {
			if (statement !== undefined) {
				await this.each<{ number: number }>(statement, signal, ({ number }) => numbers.add(number));
			}
		}
		return numbers;
	}

	private async each<Row>(
		{ sql, parameters }: Statement,
		signal: AbortSignal | undefined,
		visit: (row: Row) => void,
	): Promise<void> {
		let begun = performance.now();
		for (const row of this.connection.iterate<Row>(sql, parameters)) {
			visit(row);
			if (performance.now() - begun > sliceMilliseconds) {
				await nextTurn();
				signal?.throwIfAborted();
				begun = performance.now();
			}
		}
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
	return ([0, 1, 2] as const).map((tier) =>
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

/** By tier, then what changed last; ids make the order one. */
export function sortFound(found: readonly (FoundTask & { readonly sequence: number })[]): FoundTask[] {
	return found
		.toSorted(
			(left, right) =>
				left.tier - right.tier || right.sequence - left.sequence || (left.task_id < right.task_id ? -1 : 1),
		)
		.map(({ task_id, tier }) => ({ task_id, tier }));
}
