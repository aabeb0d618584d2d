// Owns that a key which an agent gets in its environment does not come back into logs, the ledger or a board: wherever a worker
// says it aloud, its value is replaced. It knows keys by the names of their variables.

import { mapTexts } from '../base/json.ts';
import type { Agent } from '../core/agent/agent.ts';
import type { AgentKeys } from '../core/agent/agentKeys.ts';
import { isSecret, keyNames } from '../core/agent/agentKeys.ts';
import type { DriverListener, DriverOutcome } from '../core/driver/driver.ts';

const shown = '[secret]';

export type SecretFilter = (text: string) => string;

/** Replaces the values of all variables that are named like secrets, or are `known` to hold one. */
export function createSecretFilter(
	environments: readonly Readonly<Record<string, string | undefined>>[],
	known: readonly string[] = [],
): SecretFilter {
	const values = environments
		.flatMap((environment) => Object.entries(environment))
		.flatMap(([name, value]) => (value !== undefined && isSecret(name, value, known) ? [value] : []))
		// A longer one may contain a shorter one.
		.toSorted((left, right) => right.length - left.length);
	return (text) => values.reduce((rest, value) => rest.replaceAll(value, shown), text);
}

/** Replaces the secrets that the agent of a job can know. */
export const jobSecretFilter = (
	{ agent }: { readonly agent: Pick<Agent, 'env' | 'keys' | 'preset' | 'command'> },
	keys: AgentKeys = {},
): SecretFilter => createSecretFilter([process.env, agent.env ?? {}, keys], keyNames(agent));

/** A listener that is told no secret. */
export function withoutSecrets(listener: DriverListener, hide: SecretFilter): DriverListener {
	return {
		...listener,
		onProcess: (process) => listener.onProcess(process),
		onSession: (session) => listener.onSession(session),
		onUncontained: async () => listener.onUncontained?.(),
		onOutside: (path) => listener.onOutside?.(path),
		onUpdate(update) {
			const { data } = update;
			listener.onUpdate({
				...update,
				text: hide(update.text),
				...(data === undefined ? {} : { data: mapTexts(data, hide) as typeof data }),
			});
		},
	};
}

export function hideInOutcome(outcome: DriverOutcome, hide: SecretFilter): DriverOutcome {
	switch (outcome.kind) {
		case 'finished':
			return { ...outcome, summary: hide(outcome.summary) };
		case 'failed':
			return { ...outcome, reason: hide(outcome.reason) };
		case 'cancelled':
			return outcome;
	}
}
