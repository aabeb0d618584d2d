// Owns how a check reads in one line. Apart from its schema, so that views need not carry a validator.

import type { AgentCheck } from './agentCheck.ts';

/** One line a person reads of a whole check. */
export function describeCheck(check: AgentCheck): string {
	const failed = check.steps.find(({ verdict }) => verdict === 'failed');
	const odd = check.steps.filter(({ verdict }) => verdict === 'odd').map(({ step }) => step);
	const what =
		failed !== undefined
			? `${failed.step} failed: ${failed.text}`
			: odd.length === 0
				? 'all in order'
				: `works; look at ${odd.join(', ')}`;
	return [check.agent, what].filter(Boolean).join(': ');
}
