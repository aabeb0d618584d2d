// Owns the language of searches: words, "phrases", -excluded ones, and filters such as `status:blocked`. Every text is a query:
// what cannot be read as a filter is searched for as it stands, and nothing typed is ever an error.

import { taskPriorities } from '../task/taskPriority.ts';
import { boardNames, taskStatuses } from '../task/taskStatus.ts';
import type { FilterKey, SearchFilter, SearchPeriod } from './searchFilters.ts';
import { filterKeys, readFilterValues, readTime } from './searchFilters.ts';
import { fold, wordsOf } from './searchWords.ts';

/** One word, or several that must stand beside each other. */
export interface SearchTerm {
	/** Folded, at least one. */
	readonly words: readonly string[];
	/** The last word may go on. */
	readonly isPrefix: boolean;
	readonly isExcluded: boolean;
}

export interface SearchQuery extends SearchPeriod {
	readonly terms: readonly SearchTerm[];
	readonly filters: readonly SearchFilter[];
	/** Folded, when the query is one word and nothing else to look for: an id that contains it is found too. */
	readonly partOfId?: string;
	/** What looks like a filter and is none, said for a person; it is searched for as it stands. */
	readonly notes: readonly string[];
}

/** Which of the answers are wanted. */
export interface PageRequest {
	readonly limit: number;
	readonly offset: number;
}

/** Longer queries are cut: nobody types them, and each word costs. */
const longestQuery = 1000;
const shortestPartOfId = 3;

// A minus, a key, then a quoted or a plain value; a quote that is not closed reaches to the end.
const piecePattern = /(-?)(?:([a-z]+):)?(?:"([^"]*)("?)|([^\s"]*))/giu;

interface Piece {
	readonly isExcluded: boolean;
	readonly key: string;
	readonly value: string;
	/** A phrase whose end has been typed: its last word does not go on. */
	readonly isClosed: boolean;
	readonly isQuoted: boolean;
}

function piecesOf(text: string): Piece[] {
	return [...text.slice(0, longestQuery).matchAll(piecePattern)]
		.filter(([whole]) => whole !== '')
		.map(([, minus = '', key = '', quoted, closing = '', plain = '']) => ({
			isExcluded: minus !== '',
			key: key.toLowerCase(),
			value: quoted ?? plain,
			isClosed: closing !== '',
			isQuoted: quoted !== undefined,
		}));
}

const isFilterKey = (key: string): key is FilterKey => (filterKeys as readonly string[]).includes(key);

const choices: Readonly<Partial<Record<FilterKey, readonly string[]>>> = {
	status: taskStatuses,
	priority: taskPriorities,
	board: boardNames,
};
const choicesOf = (key: FilterKey): string => (choices[key] === undefined ? '' : ` One of ${choices[key].join(', ')}.`);

/** Reads a query. `now` in wall milliseconds, for times such as `7d`. Never throws. */
export function parseSearch(text: string, now: number): SearchQuery {
	const terms: SearchTerm[] = [];
	const filters: SearchFilter[] = [];
	const notes: string[] = [];
	const period: { since?: number; until?: number } = {};
	const pieces = piecesOf(text);
	let partOfId: string | undefined;
	for (const { isExcluded, key, value, isClosed, isQuoted } of pieces) {
		if (value === '' && (isFilterKey(key) || key === 'since' || key === 'until')) {
			// A filter that is only begun.
			continue;
		}
		if (isFilterKey(key)) {
			const values = readFilterValues(key, value);
			if (values !== undefined) {
				filters.push({ key, values, isExcluded });
				continue;
			}
			notes.push(`"${value}" is no ${key}; "${key}:${value}" is searched for as it stands.${choicesOf(key)}`);
		}
		if (key === 'since' || key === 'until') {
			const time = readTime(value, now, key);
			if (time !== undefined && !isExcluded) {
				period[key] = time;
				continue;
			}
			notes.push(
				`"${value}" is no time; "${key}:${value}" is searched for as it stands. Times are 2026-01-31, 2026-01-31T12:00, 7d, 2h, 30m.`,
			);
		}
		const asTyped = key === '' ? value : `${key}:${value}`;
		const words = wordsOf(asTyped).map(({ folded }) => folded);
		if (words.length > 0) {
			terms.push({ words, isExcluded, isPrefix: asTyped.endsWith('*') && !isClosed });
			partOfId = isQuoted ? undefined : fold(asTyped.replace(/\*$/u, ''));
		}
	}
	const last = terms.at(-1);
	const isTypedOn = pieces.at(-1)?.isClosed === false && !/\s$/u.test(text);
	if (last !== undefined && isTypedOn && !last.isExcluded) {
		terms[terms.length - 1] = { ...last, isPrefix: true };
	}
	const isOneWord = terms.length === 1 && last?.isExcluded === false && (partOfId?.length ?? 0) >= shortestPartOfId;
	return { terms, filters, notes, ...period, ...(isOneWord && partOfId !== undefined ? { partOfId } : {}) };
}
