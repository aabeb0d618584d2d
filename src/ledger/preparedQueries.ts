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

/** Builds a query in which `value('x')` stands for the property `x` of the values of each run. */
export type QueryDefinition<Values extends object, Row> = (
	database: Kysely<LedgerTables>,
	value: <Name extends keyof Values>(name: Name) => Values[Name],
) => Compilable<Row>;

interface BuiltQuery {
	readonly sql: string;
	/** Names of values, and constants of the query, in the order the statement wants them. */
	readonly parameters: readonly unknown[];
}

/** Gives a definition its types; the query itself is built at its first run on a ledger. */
export function defineQuery<Values extends object, Row = unknown>(
	definition: QueryDefinition<Values, Row>,
): QueryDefinition<Values, Row> {
	return definition;
}

export class PreparedQueries {
	private readonly built = new Map<unknown, BuiltQuery>();
	private readonly database: Kysely<LedgerTables>;
	private readonly connection: SqliteConnection;

	constructor(database: Kysely<LedgerTables>, connection: SqliteConnection) {
		this.database = database;
		this.connection = connection;
	}

	/** Rows of a query. Async only in form, as a server's ledger will be. */
	async all<Values extends object, Row>(definition: QueryDefinition<Values, Row>, values: Values): Promise<Row[]> {
		const { sql, parameters } = this.build(definition);
		return this.connection.all<Row>(sql, bind(parameters, values));
	}

	/** Runs a statement without rows; tells how many it changed and the last number it gave. */
	async run<Values extends object, Row>(
		definition: QueryDefinition<Values, Row>,
		values: Values,
	): Promise<{ readonly changes: number; readonly lastId: number }> {
		const { sql, parameters } = this.build(definition);
		return this.connection.run(sql, bind(parameters, values));
	}

	private build<Values extends object, Row>(definition: QueryDefinition<Values, Row>): BuiltQuery {
		const known = this.built.get(definition);
		if (known !== undefined) {
			return known;
		}
		// The placeholder poses as the value's type: Kysely passes values through untouched.
		const value = <Name extends keyof Values>(name: Name) => new Placeholder(name) as unknown as Values[Name];
		const { sql, parameters } = definition(this.database, value).compile();
		const built = { sql, parameters };
		this.built.set(definition, built);
		return built;
	}
}

function bind<Values extends object>(parameters: readonly unknown[], values: Values): unknown[] {
	return parameters.map((parameter) =>
		parameter instanceof Placeholder ? (values as Record<PropertyKey, unknown>)[parameter.name] : parameter,
	);
}
