// Owns the one connection to the file and its prepared statements. It knows no table and begins no transaction by itself.

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import { toError } from '../base/errors.ts';

interface CachedStatement {
	readonly statement: StatementSync;
	readonly returnsRows: boolean;
}

/** More texts than this means that somebody puts values into them; the oldest are then prepared anew. */
const cacheLimit = 300;

const rowsPattern = /^\s*(?:select|with|values|pragma|explain)\b|\breturning\b/iu;

export class SqliteConnection implements DatabaseConnection {
	private readonly statements = new Map<string, CachedStatement>();
	private readonly database: DatabaseSync;
	private isInTransaction = false;
	private changes = 0;
	/**
	 * The first error of the transaction. SQLite may have rolled back by itself then, and whatever came after it would be
	 * committed alone; so nothing comes after it.
	 */
	private failure: unknown;

	constructor(database: DatabaseSync) {
		this.database = database;
	}

	begin(kind: 'deferred' | 'immediate'): void {
		this.cached(`begin ${kind}`).statement.run();
		this.isInTransaction = true;
		this.changes = 0;
	}

	/** How many rows were written since `begin`. */
	get changedRows(): number {
		return this.changes;
	}

	/** Throws what failed since `begin`, also when somebody has caught it meanwhile. */
	commit(): void {
		this.assertSound();
		this.cached('commit').statement.run();
		this.isInTransaction = false;
	}

	/** Ends the transaction if there still is one. */
	rollback(): void {
		this.isInTransaction = false;
		this.failure = undefined;
		try {
			this.cached('rollback').statement.run();
		} catch {
			// SQLite has already rolled back by itself.
		}
	}

	/** Makes a statement ready without running it. */
	prepare(sql: string): void {
		this.cached(sql);
	}

	/** Rows of a statement that has some. */
	all<Row>(sql: string, parameters: readonly unknown[] = []): Row[] {
		return this.guarded(() => this.cached(sql).statement.all(...storable(parameters)) as Row[]);
	}

	/** Hands on each row of a statement as it is read. */
	each<Row>(sql: string, parameters: readonly unknown[], use: (row: Row) => void): void {
		this.guarded(() => {
			for (const row of this.cached(sql).statement.iterate(...storable(parameters))) {
				use(row as Row);
			}
		});
	}

	/** Runs a statement without rows; tells how many it changed and the last number it gave. */
	run(sql: string, parameters: readonly unknown[] = []): { readonly changes: number; readonly lastId: number } {
		return this.guarded(() => {
			const { changes, lastInsertRowid } = this.cached(sql).statement.run(...storable(parameters));
			this.changes += Number(changes);
			return { changes: Number(changes), lastId: Number(lastInsertRowid) };
		});
	}

	/** Runs a text of several statements. */
	execute(script: string): void {
		this.guarded(() => this.database.exec(script));
	}

	/** Value of the first column of the first row: for pragmas. */
	value(sql: string): unknown {
		const row = this.all<Record<string, unknown>>(sql)[0];
		return row === undefined ? undefined : Object.values(row)[0];
	}

	// Async only in form: Kysely asks for it, and a server's ledger will be.
	executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
		try {
			if (this.cached(sql).returnsRows) {
				return Promise.resolve({ rows: this.all<Row>(sql, parameters) });
			}
			const { changes, lastId } = this.run(sql, parameters);
			return Promise.resolve({ rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastId) });
		} catch (error) {
			return Promise.reject(toError(error));
		}
	}

	async *streamQuery<Row>({ sql, parameters }: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
		for (const row of this.cached(sql).statement.iterate(...storable(parameters))) {
			yield { rows: [row as Row] };
		}
	}

	close(): void {
		this.statements.clear();
		this.database.close();
	}

	private assertSound(): void {
		if (this.failure !== undefined) {
			throw toError(this.failure);
		}
	}

	private guarded<Result>(statement: () => Result): Result {
		this.assertSound();
		try {
			return statement();
		} catch (error) {
			if (this.isInTransaction) {
				this.failure = error;
			}
			throw error;
		}
	}

	private cached(sql: string): CachedStatement {
		const known = this.statements.get(sql);
		if (known !== undefined) {
			return known;
		}
		if (this.statements.size >= cacheLimit) {
			const oldest = this.statements.keys().next();
			if (oldest.done !== true) {
				this.statements.delete(oldest.value);
			}
		}
		const added = { statement: this.database.prepare(sql), returnsRows: rowsPattern.test(sql) };
		this.statements.set(sql, added);
		return added;
	}
}

/**
 * Text with U+0000 would be cut there when it is read (by Node 22), and a server would not take it at all; so it becomes U+FFFD.
 * JSON text escapes it and keeps it.
 */
function storable(parameters: readonly unknown[]): SQLInputValue[] {
	const isUnsafe = parameters.some((value) => typeof value === 'string' && value.includes('\0'));
	const safe = isUnsafe
		? parameters.map((value) => (typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value))
		: parameters;
	return safe as SQLInputValue[];
}
