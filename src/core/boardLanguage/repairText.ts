// Owns what the text of a board that is not JSON plainly means: comments, commas too many and commas too few are put right, and
// every repair is told. What stays unreadable is left to the person. It changes no file: what comes of it is shown first.

import type { JsonValue } from '../../base/json.ts';
import { tokensOf } from '../jsonc.ts';

export interface RepairedText {
	/** Strict JSON that says the same. */
	readonly text: string;
	/** What was done, in words, with the line it was done on. */
	readonly repairs: readonly string[];
}

/** Undefined when the text is JSON already, or cannot be read with these repairs either. */
export function repairText(text: string): RepairedText | undefined {
	const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
	const repairs: string[] = [];
	let result = '';
	let line = 1;
	/** The last token that is kept, and where the text of it ends. */
	let last = '';
	let lastEnd = 0;
	const isValueEnd = () => last !== '' && !'{[,:'.includes(last);
	for (const { kind, text: token } of tokensOf(source)) {
		if (kind === 'comment') {
			repairs.push(`line ${line}: a comment was taken out`);
		} else if (kind === 'space') {
			result += token;
		} else {
			const isClosing = token === '}' || token === ']';
			if (isClosing && last === ',') {
				result = result.slice(0, lastEnd - 1) + result.slice(lastEnd);
				repairs.push(`line ${line}: a comma before ${token} was taken out`);
			} else if (!isClosing && token !== ',' && token !== ':' && isValueEnd()) {
				result = `${result.slice(0, lastEnd)},${result.slice(lastEnd)}`;
				repairs.push(`line ${line}: a comma before ${token.slice(0, 20)} was put in`);
			}
			result += token;
			last = token;
			lastEnd = result.length;
		}
		line += token.split('\n').length - 1;
	}
	return repairs.length > 0 && isJson(result) ? { text: result, repairs } : undefined;
}

function isJson(text: string): boolean {
	try {
		return (JSON.parse(text) as JsonValue) !== undefined;
	} catch {
		return false;
	}
}
