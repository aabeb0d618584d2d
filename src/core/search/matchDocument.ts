// Owns whether a document answers a query, and the line that shows why. The index only finds candidates faster: what it finds is
// what this says.

import { displayLine } from '../../base/text.ts';
import type { SearchDocument, SearchField, SearchTier } from './searchDocument.ts';
import { passes } from './searchFilters.ts';
import type { SearchQuery, SearchTerm } from './searchQuery.ts';
import type { Word } from './searchWords.ts';
import { fold, isPlain, wordsOf } from './searchWords.ts';

/** The tier that holds every wanted word, or undefined when the document is no answer. */
export function matchDocument(document: SearchDocument, query: SearchQuery): SearchTier | undefined {
	if (!passes(document.facts, query.filters, query)) {
		return undefined;
	}
	const wanted = query.terms.filter(({ isExcluded }) => !isExcluded);
	const unwanted = query.terms.filter(({ isExcluded }) => isExcluded);
	if (unwanted.some((term) => tierOf(document, term) !== undefined)) {
		return undefined;
	}
	if (query.partOfId !== undefined && fold(document.task.task_id).includes(query.partOfId)) {
		return 0;
	}
	let lowest: SearchTier = 0;
	for (const term of wanted) {
		const tier = tierOf(document, term);
		if (tier === undefined) {
			return undefined;
		}
		lowest = tier > lowest ? tier : lowest;
	}
	return lowest;
}

// Fields come in the order of their tiers, so the first that holds the term is in the best one.
const tierOf = ({ fields }: SearchDocument, term: SearchTerm): SearchTier | undefined =>
	fields.find((field) => placeOf(field.text, term) !== undefined)?.tier;

interface Place {
	readonly start: number;
	readonly end: number;
}

function placeOf(text: string, { words, isPrefix }: SearchTerm): Place | undefined {
	const [first = ''] = words;
	// Most texts do not hold the word at all, and cutting one into words costs ten times this look.
	if (isPlain(text) && !text.toLowerCase().includes(first)) {
		return undefined;
	}
	const found = wordsOf(text);
	const index = found.findIndex((_word, at) => holdsAt(found, at, words, isPrefix));
	const [begin, end] = [found[index], found[index + words.length - 1]];
	return begin === undefined || end === undefined ? undefined : { start: begin.start, end: end.end };
}

function holdsAt(found: readonly Word[], at: number, words: readonly string[], isPrefix: boolean): boolean {
	return words.every((word, offset) => {
		const other = found[at + offset]?.folded;
		return other === word || (isPrefix && offset === words.length - 1 && other?.startsWith(word) === true);
	});
}

/** Where a document answers the query, as one harmless line without markup. */
export interface SearchReason {
	readonly where: string;
	readonly snippet: string;
	/** When it was said, for a line of history. */
	readonly at?: string;
}

const snippetLength = 160;
/** Characters shown before the word that was found. */
const leadLength = 50;

/** The field that holds most of the wanted words, and among equals the first. A query without words shows what the task is about. */
export function explainMatch({ task, fields }: SearchDocument, query: SearchQuery): SearchReason {
	const wanted = query.terms.filter(({ isExcluded }) => !isExcluded);
	let best: { readonly field: SearchField; readonly place: Place; readonly count: number } | undefined;
	for (const field of fields) {
		const places = wanted.map((term) => placeOf(field.text, term)).filter((place) => place !== undefined);
		const [place] = places.toSorted((left, right) => left.start - right.start);
		if (place !== undefined && places.length > (best?.count ?? 0)) {
			best = { field, place, count: places.length };
		}
	}
	if (best !== undefined) {
		const { field, place } = best;
		return {
			where: field.where,
			snippet: snippetOf(field.text, place),
			...(field.at === undefined ? {} : { at: field.at }),
		};
	}
	if (query.partOfId !== undefined) {
		return { where: 'id', snippet: displayLine(task.task_id, snippetLength) };
	}
	return task.description === ''
		? { where: 'name', snippet: displayLine(task.name, snippetLength) }
		: { where: 'description', snippet: displayLine(task.description, snippetLength) };
}

function snippetOf(text: string, { start, end }: Place): string {
	if (end <= snippetLength) {
		return displayLine(text, snippetLength);
	}
	// Begins with a whole word where there is one, so that no character is cut in two.
	const early = Math.max(0, start - leadLength);
	const gap = early === 0 ? -1 : text.slice(early, start).search(/\s/u);
	const begin = early === 0 ? 0 : gap === -1 ? start : early + gap;
	const lead = begin === 0 ? '' : '…';
	return displayLine(`${lead}${text.slice(begin).trimStart()}`, snippetLength);
}
