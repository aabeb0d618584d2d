// Owns queries that are built once and run often: Kysely writes them at their first use, then only the values change.

import type { Compilable, Kysely } from 'kysely';
import type { LedgerTables } from './schema.ts';
import type { SqliteConnection } from './sqliteConnection.ts';

/** Stands in a query for a value that is given with each run. */
class Placeholder {
	readonly name: PropertyKey;

	constructor(name: PropertyKey) {
		this.name = name;
	}
}

interface BuiltQuery {
	readonly sql: string;
	/** Names of values, and constants of the query, in the order the statement wants them. */
	readonly parameters: readonly unknown[];
}

export interface BuildableQuery {
	readonly build: (database: Kysely<LedgerTables>) => BuiltQuery;
}

export interface Query<Values extends object, Row> extends BuildableQuery {
	/** Never there: it only tells the compiler which values go in and which rows come out. */
	readonly types?: (values: Values) => Row;
}

/** A query in which `value('x')` stands for the property `x` of the values of each run. Built at its first run on a ledger. */
export function defineQuery<Values extends object, Row = unknown>(
	definition: (
		database: Kysely<LedgerTables>,
		value: <Name extends keyof Values>(name: Name) => Values[Name],
	) => Compilable<Row>,
): Query<Values, Row> {
	// The placeholder poses as the value's type: Kysely passes values through untouched.
	const value = <Name extends keyof Values>(name: Name) => new Placeholder(name) as unknown as Values[Name];
	return { build: (database) => definition(database, value).compile() };
}

export class PreparedQueries {
	private readonly built = new Map<BuildableQuery, BuiltQuery>();
	private readonly database: Kysely<LedgerTables>;
	private readonly connection: SqliteConnection;

	constructor(database: Kysely<LedgerTables>, connection: SqliteConnection) {
		this.database = database;
		this.connection = connection;
	}

	/** Builds and prepares queries before a lock is taken: the first time it takes milliseconds, and others would wait for them. */
	warm(queries: readonly BuildableQuery[]): void {
		try {
			for (const query of queries) {
				if (!this.built.has(query)) {
					this.connection.prepare(this.build(query).sql);
				}
			}
		} catch {
			// Whatever is wrong with the file, the run itself will say it, with its code.
		}
	}

	/** Rows of a query. Async only in form, as a server's ledger will be. */
	async all<Values extends object, Row>(query: Query<Values, Row>, values: Values): Promise<Row[]> {
		const { sql, parameters } = this.build(query);
		return this.connection.all<Row>(sql, bind(parameters, values));
	}

	/** Hands each row of a query on as it is read, so that a hundred thousand of them are never there at once. */
	each<Row>({ sql, parameters }: BuiltQuery, use: (row: Row) => void): void {
		this.connection.each(sql, parameters, use);
	}

	/** Runs a statement without rows; tells how many it changed and the last number it gave. */
	async run<Values extends object, Row>(
		query: Query<Values, Row>,
		values: Values,
	): Promise<{ readonly changes: number; readonly lastId: number }> {
		const { sql, parameters } = this.build(query);
		return this.connection.run(sql, bind(parameters, values));
	}

	private build(query: BuildableQuery): BuiltQuery {
		const known = this.built.get(query);
		if (known !== undefined) {
			return known;
		}
		const { sql, parameters } = query.build(this.database);
		const built = { sql, parameters };
		this.built.set(query, built);
		return built;
	}
}

function bind<Values extends object>(parameters: readonly unknown[], values: Values): unknown[] {
	return parameters.map((parameter) =>
		parameter instanceof Placeholder ? (values as Record<PropertyKey, unknown>)[parameter.name] : parameter,
	);
}
