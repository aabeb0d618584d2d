// Owns which keys an agent is given: those its preset knows and those its entry names, by the names of variables. Values are never
// part of an entry; they come from the environment, or from where an editor keeps secrets.

import type { Agent } from './agent.ts';
import { presetOf } from './agentPresets.ts';

/** Values by the names of variables. */
export type AgentKeys = Readonly<Record<string, string>>;

/** Names of the variables in which an agent looks for its key. */
export function keyNames(agent: Pick<Agent, 'preset' | 'command' | 'keys'>): readonly string[] {
	return [...new Set([...(agent.keys ?? []), ...(presetOf(agent)?.keys ?? [])])];
}

const secretName = /(?:^|_)(?:API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)(?:_|$)/iu;
/** Shorter values are words like `none` or `true`. */
const shortest = 8;

/** Whether a variable holds a secret, by its name: one that looks like that, or one of the names known to. */
export const isSecret = (name: string, value: string, known: readonly string[] = []): boolean =>
	value.length >= shortest && (secretName.test(name) || known.includes(name));

/** Those of the keys that are for this agent, and no others. */
export function keysFor(agent: Pick<Agent, 'preset' | 'command' | 'keys'>, keys: AgentKeys): AgentKeys {
	return Object.fromEntries(
		keyNames(agent).flatMap((name) => {
			const value = Object.hasOwn(keys, name) ? keys[name] : undefined;
			return value === undefined ? [] : [[name, value]];
		}),
	);
}
