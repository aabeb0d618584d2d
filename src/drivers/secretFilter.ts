// Owns that a key which an agent gets in its environment does not come back into logs, the ledger or a board: wherever a worker
// says it aloud, its value is replaced. It knows keys by the names of their variables.

import { mapTexts } from '../base/json.ts';
import type { Agent } from '../core/agent/agent.ts';
import type { AgentKeys } from '../core/agent/agentKeys.ts';
import { isSecret, keyNames } from '../core/agent/agentKeys.ts';
import type { DriverListener, DriverOutcome } from '../core/driver/driver.ts';

const shown = '[secret]';

export type SecretFilter = (text: string) => string;

/** Lines of a key that has several are secrets of their own; shorter ones are its frame or its padding. */
const shortestLine = 16;

/** How a secret stands in a text: as it is, by lines, and as JSON writes it, also inside of JSON that is told as a text. */
function guisesOf(value: string): string[] {
	const lines = value.includes('\n') ? value.split(/\r?\n/u).filter((line) => line.length >= shortestLine) : [];
	const escaped = (text: string) => JSON.stringify(text).slice(1, -1);
	return [value, ...lines].flatMap((text) => [text, escaped(text), escaped(escaped(text))]);
}

/** Values of all variables that are named like secrets, or are `known` to hold one, in all their guises; the longest first. */
function secretValues(
	environments: readonly Readonly<Record<string, string | undefined>>[],
	known: readonly string[],
): readonly string[] {
	const values = environments
		.flatMap((environment) => Object.entries(environment))
		.flatMap(([name, value]) => (value !== undefined && isSecret(name, value, known) ? guisesOf(value) : []));
	// A longer one may contain a shorter one.
	return [...new Set(values)].toSorted((left, right) => right.length - left.length);
}

/** Replaces secrets. */
export const hideValues =
	(values: readonly string[]): SecretFilter =>
	(text) =>
		values.reduce((rest, value) => rest.replaceAll(value, shown), text);

/** Replaces the values of all variables that are named like secrets, or are `known` to hold one. */
export const createSecretFilter = (
	environments: readonly Readonly<Record<string, string | undefined>>[],
	known: readonly string[] = [],
): SecretFilter => hideValues(secretValues(environments, known));

type Secretive = { readonly agent: Pick<Agent, 'env' | 'keys' | 'preset' | 'command'> };

/** The secrets that the agent of a job can know, as `hideValues` takes them. */
export const jobSecrets = ({ agent }: Secretive, keys: AgentKeys = {}): readonly string[] =>
	secretValues([process.env, agent.env ?? {}, keys], keyNames(agent));

/** Replaces the secrets that the agent of a job can know. */
export const jobSecretFilter = (job: Secretive, keys: AgentKeys = {}): SecretFilter =>
	hideValues(jobSecrets(job, keys));

/** A listener that is told no secret; what passes by in a protocol is protocolFilter.ts's. */
export function withoutSecrets(listener: DriverListener, hide: SecretFilter): DriverListener {
	return {
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
