// Owns where a board file names a task: as a dependency or as the parent of another. Looks for the text of the id first and asks
// what the place is about only there, so that a file of ten thousand records is quick.

import type { TextRange } from '../jsonc.ts';
import { spotAt } from './boardSpot.ts';
import type { BoardSyntax } from './boardSyntax.ts';

/** The ways JSON writes a text: as it is, and as programs do that keep to ASCII. */
function spellings(id: string): string[] {
	const plain = JSON.stringify(id);
	const ascii = plain.replace(/[^ -~]/gu, (character) =>
		character
			.split('')
			.map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
			.join(''),
	);
	return [...new Set([plain, ascii])];
}

/** Ranges of the values that name the task, quotes included, in the order of the text. */
export function findMentions(syntax: BoardSyntax, id: string): TextRange[] {
	const found: TextRange[] = [];
	for (const spelling of spellings(id)) {
		for (let at = syntax.text.indexOf(spelling); at >= 0; at = syntax.text.indexOf(spelling, at + 1)) {
			const spot = spotAt(syntax, at + 1);
			if (spot?.kind === 'task' && !spot.isKey && spot.token?.start === at) {
				found.push(spot.token);
			}
		}
	}
	return found.sort((left, right) => left.start - right.start);
}
