// Owns how the id of a new task is made from the pattern of the settings, and what a pattern must hold. Ids carry random text and
// are never max + 1: two clones of a repository make tasks at the same time and must not meet on one id.

import { randomText } from '../../base/ids.ts';

export const defaultIdPattern = 'TASK-{random}';

/** Eight characters hold 40 bits; a person can still say them aloud. */
const randomLength = 8;
/** Fewer would meet: with 6 characters (30 bits) a thousand tasks made apart meet once in two thousand times. */
const fewestRandom = 6;
const longestId = 100;
const longestSlug = 40;

const placeholder = /\{([^{}]*)\}/gu;
const random = /^random(?::(\d{1,3}))?$/u;

/** Parts of a pattern that stand for something else than themselves. */
const others: Readonly<Record<string, (name: string, at: string) => string>> = {
	slug: (name) => slugOf(name),
	date: (_name, at) => at.slice(0, 10).replaceAll('-', ''),
};

/** What is wrong with a pattern and how it could be right, as a sentence; undefined when it can be used. */
export function idPatternProblem(pattern: string): string | undefined {
	let count = 0;
	let length = 0;
	for (const [whole, word = ''] of pattern.matchAll(placeholder)) {
		const characters = randomCharacters(word);
		if (characters === undefined && !Object.hasOwn(others, word)) {
			return `there is no ${whole}; use {random}, {random:12}, {slug} or {date}`;
		}
		count += characters ?? 0;
		length += characters ?? (word === 'slug' ? longestSlug : 8);
	}
	const literal = pattern.replaceAll(placeholder, '');
	if (!/^[A-Za-z0-9._-]*$/u.test(literal)) {
		return 'apart from {…} it may hold letters, digits, dots, dashes and underscores only';
	}
	if (count < fewestRandom) {
		return `it needs at least ${fewestRandom} random characters, as {random} has, or two clones could give two tasks one id`;
	}
	return length + literal.length > longestId ? `ids could get longer than ${longestId} characters` : undefined;
}

/**
 * A new id.
 * @param pattern one without a problem.
 * @param at ISO text of the moment, for {date}.
 */
export function newTaskId(pattern: string, name: string, at: string): string {
	const id = pattern.replaceAll(placeholder, (whole, word: string) => {
		const characters = randomCharacters(word);
		return characters === undefined ? (others[word]?.(name, at) ?? whole) : randomText(characters);
	});
	// A name without a single letter we know leaves an empty slug, and a separator with nothing to separate.
	return id.replaceAll(/[-_.]{2,}/gu, (run) => run.slice(0, 1)).replaceAll(/^[-_.]+|[-_.]+$/gu, '');
}

function randomCharacters(word: string): number | undefined {
	const found = random.exec(word);
	return found === null ? undefined : Number(found[1] ?? randomLength);
}

function slugOf(name: string): string {
	const plain = name
		.normalize('NFKD')
		.replaceAll(/\p{Mark}/gu, '')
		.toLowerCase();
	const words = plain.split(/[^a-z0-9]+/u).filter((word) => word !== '');
	let slug = '';
	for (const word of words) {
		const longer = slug === '' ? word.slice(0, longestSlug) : `${slug}-${word}`;
		if (longer.length > longestSlug) {
			break;
		}
		slug = longer;
	}
	return slug;
}
