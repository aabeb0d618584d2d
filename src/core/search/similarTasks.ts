// Owns what is asked of the search to find tasks like one that is about to be made. The search itself is searchTasks'.

import { wordsOf } from './searchWords.ts';

const shortestTelling = 4;
const mostWords = 6;

/** Queries whose answers are like a name, the closest first; none when the name says too little. */
export function similarQueries(name: string): string[] {
	const telling = [...new Set(wordsOf(name).map(({ folded }) => folded))]
		.filter((word) => word.length >= shortestTelling)
		.sort((left, right) => right.length - left.length)
		.slice(0, mostWords);
	const pair = telling.slice(0, 2);
	// One word in common says nothing.
	return telling.length < 2 ? [] : [...new Set([telling.join(' '), pair.join(' ')])];
}
