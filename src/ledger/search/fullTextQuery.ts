// Owns how a query becomes SQL for the index. Only words of letters and digits, in quotes, reach FTS5: nothing a person types is
// read as its syntax.

import type { SearchTier } from '../../core/search/searchDocument.ts';
import type { FilterKey } from '../../core/search/searchFilters.ts';
import type { SearchQuery, SearchTerm } from '../../core/search/searchQuery.ts';

/** A statement with its values. */
export interface Statement {
	readonly sql: string;
	readonly parameters: readonly (string | number)[];
}

/** Numbers of documents that are looked at in one statement, both included: so many that it takes some milliseconds. */
export interface Stretch {
	readonly first: number;
	readonly last: number;
}

/** Longer beginnings of words are not in the index of beginnings: FTS5 collects all their words anew in each statement. */
const longestBeginning = 3;

/** How many numbers are looked at in one statement: so few that it ends soon, unless a statement is dear however few it looks at. */
export function stretchLength({ terms }: SearchQuery): number {
	const isDear = terms.some(({ words, isPrefix }) => isPrefix && (words.at(-1)?.length ?? 0) > longestBeginning);
	return isDear ? 50_000 : 5000;
}

/** The words of a part of an answer: those of one tier and no better one, or `all`. */
export type Part = SearchTier | 'all';

/** The last tier has all columns, and FTS5 is quicker when it need not look where a word stands. */
const columns: Readonly<Record<SearchTier, string>> = { 0: '{title} : ', 1: '{title body} : ', 2: '' };

const phrase = ({ words, isPrefix }: SearchTerm): string => `"${words.join(' ')}"${isPrefix ? ' *' : ''}`;

/** FTS5 expression for a part of an answer; undefined when no word is wanted. */
function expression({ terms }: SearchQuery, part: Part): string | undefined {
	const wanted = terms.filter(({ isExcluded }) => !isExcluded).map(phrase);
	if (wanted.length === 0) {
		return undefined;
	}
	const inColumns = (tier: SearchTier) => `(${columns[tier]}(${wanted.join(' AND ')}))`;
	const better = part === 1 ? [inColumns(0)] : part === 2 ? [inColumns(1)] : [];
	const unwanted = [...better, ...terms.filter(({ isExcluded }) => isExcluded).map(phrase)];
	const own = inColumns(part === 'all' ? 2 : part);
	return unwanted.length === 0 ? own : `${own} NOT (${unwanted.join(' OR ')})`;
}

/** How many documents of the stretch answer the query; one row with `count`. */
export function countStatement(query: SearchQuery, stretch: Stretch): Statement {
	const { from, conditions, needsDocuments } = source(query, 'all', stretch);
	const text = needsDocuments ? from : from.replace(joinDocuments, '');
	return toStatement(`select count(*) as count from ${text}`, conditions, '');
}

/** The last documents of the stretch that answer in a tier and in no better one, the last one first. */
export function pageStatement(query: SearchQuery, tier: SearchTier, stretch: Stretch, limit: number): Statement {
	const { from, conditions } = source(query, tier, stretch);
	const order = from.startsWith('texts') ? 'texts.rowid' : 'number';
	return toStatement(`select task_id from ${from}`, conditions, ` order by ${order} desc limit ${limit}`);
}

interface Condition {
	readonly sql: string;
	readonly parameters: readonly (string | number)[];
}

/** The order of the join is ours: SQLite would else look up the texts of every document. */
const joinDocuments = ' cross join documents on documents.number = texts.rowid';

function source(
	query: SearchQuery,
	part: Part,
	{ first, last }: Stretch,
): { readonly from: string; readonly conditions: readonly Condition[]; readonly needsDocuments: boolean } {
	const wanted = expression(query, part);
	const filters = filterConditions(query);
	if (wanted === undefined) {
		const unwanted = query.terms.map(phrase).join(' OR ');
		const without: Condition = {
			sql: 'number not in (select rowid from texts where texts match ? and rowid between ? and ?)',
			parameters: [unwanted, first, last],
		};
		return {
			from: 'documents',
			conditions: [
				{ sql: 'number between ? and ?', parameters: [first, last] },
				...(unwanted === '' ? [] : [without]),
				...filters,
			],
			needsDocuments: true,
		};
	}
	const { partOfId } = query;
	if (partOfId !== undefined && (part === 0 || part === 'all')) {
		const either: Condition = {
			sql: 'number in (select rowid from texts where texts match ? and rowid between ? and ? union all select number from ids where number between ? and ? and instr(folded_id, ?) > 0)',
			parameters: [wanted, first, last, first, last, partOfId],
		};
		return { from: 'documents', conditions: [either, ...filters], needsDocuments: true };
	}
	const notById: Condition[] =
		partOfId === undefined
			? []
			: [
					{
						sql: 'not exists (select 1 from ids where ids.number = texts.rowid and instr(folded_id, ?) > 0)',
						parameters: [partOfId],
					},
				];
	return {
		from: `texts${joinDocuments}`,
		conditions: [
			{ sql: 'texts match ? and texts.rowid between ? and ?', parameters: [wanted, first, last] },
			...notById,
			...filters,
		],
		needsDocuments: filters.length > 0,
	};
}

function toStatement(select: string, conditions: readonly Condition[], end: string): Statement {
	return {
		sql: `${select} where ${conditions.map(({ sql }) => sql).join(' and ')}${end}`,
		parameters: conditions.flatMap(({ parameters }) => parameters),
	};
}

const oneOf = (column: string): string => `${column} in (select value from json_each(?))`;
/** The column holds a JSON list. */
const anyOf = (column: string): string =>
	`exists (select 1 from json_each(${column}) as own where own.value in (select value from json_each(?)))`;

const filterSql: Readonly<Record<FilterKey, string>> = {
	status: oneOf('status'),
	board: oneOf('board'),
	priority: oneOf('priority'),
	type: oneOf('type'),
	agent: anyOf('agent'),
	tag: anyOf('tag'),
};

function filterConditions({ filters, since, until }: SearchQuery): Condition[] {
	return [
		...filters.map(({ key, values, isExcluded }) => ({
			sql: `${isExcluded ? 'not ' : ''}(${filterSql[key]})`,
			parameters: [JSON.stringify(values)],
		})),
		...(since === undefined ? [] : [{ sql: 'changed_at >= ?', parameters: [since] }]),
		...(until === undefined ? [] : [{ sql: 'changed_at <= ?', parameters: [until] }]),
	];
}
