// Owns reading the tokens of a turn from the answer to its prompt. Agents name them differently, and some tell them elsewhere than
// the protocol says; what they call them is kept in the text.

import { displayLine } from '../../base/text.ts';
import type { Foreign } from './acpRead.ts';
import { numberAt, objectAt } from './acpRead.ts';

export interface TurnTokens {
	/** The agent's own names and figures. */
	readonly text: string;
	readonly tokens: {
		readonly input_tokens: number;
		readonly output_tokens: number;
		readonly cached_tokens: number;
	};
}

/** Undefined where the agent tells none. */
export function readTurnTokens(response: Foreign): TurnTokens | undefined {
	const quota = objectAt(objectAt(response, '_meta'), 'quota');
	const told = objectAt(response, 'usage') ?? objectAt(quota, 'token_count') ?? quota;
	const counts = Object.entries(told ?? {}).filter(
		(entry): entry is [string, number] => typeof entry[1] === 'number' && Number.isFinite(entry[1]),
	);
	if (told === undefined || counts.length === 0) {
		return undefined;
	}
	return {
		text: `Used in this turn: ${counts.map(([name, count]) => `${displayLine(name, 40)} ${count}`).join(', ')}`,
		tokens: tokensOf(told),
	};
}

function tokensOf(told: Foreign): TurnTokens['tokens'] {
	const at = (...names: readonly string[]): number => {
		const found = names.map((name) => numberAt(told, name)).find((count) => count !== undefined);
		return Math.max(0, Math.round(found ?? 0));
	};
	const [input, output] = [at('inputTokens', 'input_tokens'), at('outputTokens', 'output_tokens')];
	const [thought, cached] = [at('thoughtTokens'), at('cachedReadTokens')];
	const written = at('cachedWriteTokens');
	const total = at('totalTokens', 'total_tokens', 'tokens');
	if (input === 0 && output === 0) {
		// Only a sum was told; what of it was written is not known.
		return { input_tokens: Math.max(0, total - cached), output_tokens: 0, cached_tokens: cached };
	}
	// Some count thoughts as a part of the output. The sum tells which.
	const isApart = total === 0 || total >= input + output + thought + cached + written;
	return { input_tokens: input + written, output_tokens: output + (isApart ? thought : 0), cached_tokens: cached };
}
