// Owns what this machine can contain agents with, as the host found it, and how that reads beside an agent. Kept as a fact of the
// ledger, so that a window and a terminal say the same as the host that starts the agents.

import type { Agent } from '../agent/agent.ts';
import { isJsonObject, jsonEquals } from '../../base/json.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import { DreamError } from '../../base/errors.ts';

export type MachineContainment =
	| { readonly tool: 'bubblewrap' | 'sandbox-exec' }
	/** `reason` is a phrase such as "bwrap is not installed"; `advice` a sentence, or empty where nothing can be done. */
	| { readonly tool: 'none'; readonly reason: string; readonly advice: string };

const factKey = 'agents.containment';

/** undefined until a host or a check has looked. */
export async function readMachineContainment(reader: LedgerReader): Promise<MachineContainment | undefined> {
	const fact = await reader.fact(factKey);
	if (!isJsonObject(fact)) {
		return undefined;
	}
	const { tool, reason, advice } = fact;
	if (tool === 'bubblewrap' || tool === 'sandbox-exec') {
		return { tool };
	}
	return tool === 'none' && typeof reason === 'string' && typeof advice === 'string'
		? { tool, reason, advice }
		: undefined;
}

/** Writes it down where it is another than before. */
export async function keepMachineContainment(transaction: LedgerTransaction, found: MachineContainment): Promise<void> {
	if (!jsonEquals((await transaction.fact(factKey)) ?? null, { ...found })) {
		await transaction.setFact(factKey, { ...found });
	}
}

/** One line beside an agent: whether it is contained, and why not. */
export function describeContainment(
	{ containment = 'auto', driver, network }: Pick<Agent, 'containment' | 'driver' | 'network'>,
	found: MachineContainment | undefined,
): string {
	if (driver === 'human') {
		return '';
	}
	if (containment === 'off') {
		return 'not contained: turned off in its entry';
	}
	if (found === undefined) {
		return 'contained where the system can; no host has looked yet';
	}
	if (found.tool !== 'none') {
		return `contained by ${found.tool}${network === false ? ', without network' : ''}`;
	}
	const why = `${found.reason}${found.advice === '' ? '' : ` (${found.advice})`}`;
	return containment === 'required' ? `does not start: ${why}` : `not contained: ${why}`;
}

/** Why an agent that must be contained cannot be started here. */
export function uncontainedError(agentId: string, { reason, advice }: { reason: string; advice: string }): DreamError {
	return new DreamError(
		'agent.uncontained',
		`${agentId} is to run contained only ("containment": "required"), and that is not possible here: ${reason}.`,
		{
			details: { agent_id: agentId },
			advice:
				advice === ''
					? 'Set "containment" beside it in runtime/agents.json to "auto".'
					: `To contain it: ${advice}.`,
		},
	);
}
