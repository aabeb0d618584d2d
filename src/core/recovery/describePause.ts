// Owns the sentence that says why an agent gets nothing for a while, and until when.

import { displayLine } from '../../base/text.ts';
import type { Agent } from '../agent/agent.ts';
import type { AgentPause } from './agentBreakers.ts';
import type { FailureRule } from './failureRule.ts';

/** `now` in wall milliseconds. */
export function describePause(
	{ id }: Agent,
	{ rule, reason }: { readonly rule: FailureRule; readonly reason: string },
	{ milliseconds, failures }: AgentPause,
	now: number,
): string {
	const often = failures === 1 ? '' : `, ${failures} times in a row`;
	const until = new Date(now + milliseconds).toISOString();
	return `${id} is left alone until ${until}: ${rule.title}${often}. ${displayLine(reason, 300)}`;
}
