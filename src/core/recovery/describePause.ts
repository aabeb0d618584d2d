// Owns the sentence that says why an agent gets nothing for a while, and until when.

import { displayLine } from '../../base/text.ts';
import type { Agent } from '../agent/agent.ts';
import type { AgentPause } from './agentBreakers.ts';
import type { DriverPause } from './driverBreakers.ts';
import type { FailureRule } from './failureRule.ts';

/** `until` in wall milliseconds; `isSaid` where its service said so itself. */
export function describePause(
	{ id }: Agent,
	{ rule, reason }: { readonly rule: FailureRule; readonly reason: string },
	{ failures, until, isSaid }: Pick<AgentPause, 'failures'> & { readonly until: number; readonly isSaid: boolean },
): string {
	const often = failures === 1 ? '' : `, ${failures} times in a row`;
	const time = `${new Date(until).toISOString()}${isSaid ? ', when its service said it answers again' : ''}`;
	return `${id} is left alone until ${time}: ${rule.title}${often}. ${displayLine(reason, 300)}`;
}

/** The same for all agents of a driver. */
export function describeDriverPause(
	{ driver }: Agent,
	{ rule, reason }: { readonly rule: FailureRule; readonly reason: string },
	{ milliseconds, agents }: DriverPause,
	now: number,
): string {
	const until = new Date(now + milliseconds).toISOString();
	return `all agents of the driver ${driver} are left alone until ${until}, because ${agents.join(', ')} failed one after the other in the same way (${rule.title}). ${displayLine(reason, 300)}`;
}
