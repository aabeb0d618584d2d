// Owns how a query becomes SQL for the index. Only words of letters and digits, in quotes, reach FTS5: nothing a person types is
// read as its syntax.

import type { SearchTier } from '../../core/search/searchDocument.ts';
import type { FilterKey, SearchFilter } from '../../core/search/searchFilters.ts';
import type { SearchQuery, SearchTerm } from '../../core/search/searchQuery.ts';

/** A statement with its values. */
export interface Statement {
	readonly sql: string;
	readonly parameters: readonly (string | number)[];
}

const phrase = ({ words, isPrefix }: SearchTerm): string => `"${words.join(' ')}"${isPrefix ? ' *' : ''}`;

const columns: Readonly<Record<SearchTier, string>> = { 0: 'title', 1: 'title body', 2: 'title body history' };

/** FTS5 expression for documents that hold every wanted word in the columns of a tier; undefined when none is wanted. */
function wantedExpression({ terms }: SearchQuery, tier: SearchTier): string | undefined {
	const wanted = terms.filter(({ isExcluded }) => !isExcluded).map(phrase);
	return wanted.length === 0 ? undefined : `{${columns[tier]}} : (${wanted.join(' AND ')})`;
}

function unwantedExpression({ terms }: SearchQuery): string | undefined {
	const unwanted = terms.filter(({ isExcluded }) => isExcluded).map(phrase);
	return unwanted.length === 0 ? undefined : unwanted.join(' OR ');
}

/** Numbers of the documents that hold every wanted word in a tier; filters and excluded words are not asked here. */
export function tierStatement(query: SearchQuery, tier: SearchTier): Statement | undefined {
	const wanted = wantedExpression(query, tier);
	return wanted === undefined
		? undefined
		: { sql: 'select rowid as number from texts where texts match ?', parameters: [wanted] };
}

/** Numbers of the documents whose id holds the query; undefined when it is none that could be part of an id. */
export function idStatement({ partOfId }: SearchQuery): Statement | undefined {
	return partOfId === undefined
		? undefined
		: { sql: 'select number from documents where instr(folded_id, ?) > 0', parameters: [partOfId] };
}

/** Every document that answers the query, with its task and its place in the order of changes. */
export function answerStatement(query: SearchQuery): Statement {
	const conditions: string[] = [];
	const parameters: (string | number)[] = [];
	const wanted = wantedExpression(query, 2);
	const part = idStatement(query);
	// One pass over the index that looks each document up; a subquery would first collect them all.
	const from =
		wanted === undefined || part !== undefined
			? 'documents'
			: 'texts cross join documents on documents.number = texts.rowid';
	if (wanted !== undefined) {
		conditions.push(
			part === undefined
				? 'texts match ?'
				: `number in (select rowid from texts where texts match ? union all ${part.sql})`,
		);
		parameters.push(wanted, ...(part?.parameters ?? []));
	}
	const unwanted = unwantedExpression(query);
	if (unwanted !== undefined) {
		conditions.push('number not in (select rowid from texts where texts match ?)');
		parameters.push(unwanted);
	}
	for (const filter of query.filters) {
		conditions.push(`${filter.isExcluded ? 'not ' : ''}${filterConditions[filter.key]}`);
		parameters.push(valuesOf(filter));
	}
	if (query.since !== undefined) {
		conditions.push('changed_at >= ?');
		parameters.push(query.since);
	}
	if (query.until !== undefined) {
		conditions.push('changed_at <= ?');
		parameters.push(query.until);
	}
	const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
	return { sql: `select number, task_id, sequence from ${from}${where}`, parameters };
}

const valuesOf = ({ values }: SearchFilter): string => JSON.stringify(values);

const oneOf = (column: string): string => `(${column} in (select value from json_each(?)))`;
/** The column holds a JSON list. */
const anyOf = (column: string): string =>
	`(exists (select 1 from json_each(${column}) as own where own.value in (select value from json_each(?))))`;

const filterConditions: Readonly<Record<FilterKey, string>> = {
	status: oneOf('status'),
	board: oneOf('board'),
	priority: oneOf('priority'),
	type: oneOf('type'),
	agent: anyOf('agent'),
	tag: anyOf('tag'),
};
