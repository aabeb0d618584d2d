// Owns which agents get no task for now, and why: their program is not there, they are not logged in, the disk is full. One such
// failure must not cost every task an attempt. An agent is let go when its entry or a setting changes, or the swarm starts again.

import { isJsonObject } from '../../base/json.ts';
import type { Agent } from '../agent/agent.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import type { Settings } from '../settings.ts';

const factKey = 'agents.held';

/** Agents that get nothing, with the reason, as the host last said. */
export async function readHeldAgents(reader: LedgerReader): Promise<ReadonlyMap<string, string>> {
	const fact = await reader.fact(factKey);
	return new Map(
		Object.entries(isJsonObject(fact) ? fact : {}).flatMap(([id, reason]) =>
			typeof reason === 'string' ? [[id, reason]] : [],
		),
	);
}

type Write = <T>(work: (transaction: LedgerTransaction) => Promise<T>) => Promise<T>;

export class HeldAgents {
	private readonly entries = new Map<string, { readonly reason: string; readonly print: string }>();

	get reasons(): ReadonlyMap<string, string> {
		return new Map([...this.entries].map(([id, { reason }]) => [id, reason]));
	}

	hold(agent: Agent, settings: Settings, reason: string): void {
		this.entries.set(agent.id, { reason, print: fingerprint(agent, settings) });
	}

	/** Lets go of agents whose entry, or a setting, changed since they were held. True when one was let go. */
	review(agents: readonly Agent[], settings: Settings): boolean {
		let hasChanged = false;
		for (const [id, { print }] of this.entries) {
			const agent = agents.find((each) => each.id === id);
			if (agent === undefined || fingerprint(agent, settings) !== print) {
				this.entries.delete(id);
				hasChanged = true;
			}
		}
		return hasChanged;
	}

	/** Tells the other programs. */
	async publish(write: Write): Promise<void> {
		await write((transaction) => transaction.setFact(factKey, Object.fromEntries(this.reasons)));
	}
}

const fingerprint = (agent: Agent, settings: Settings): string => JSON.stringify([agent, settings]);
