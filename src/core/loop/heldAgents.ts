// Owns which agents get no task for now, and why: their program is not there, they are not logged in, the disk is full. One such
// failure must not cost every task an attempt. An agent is let go when its entry or a setting changes, when it passes a check, or
// when the swarm starts again.

import { isJsonObject } from '../../base/json.ts';
import type { Agent } from '../agent/agent.ts';
import type { AgentCheck } from '../agent/agentCheck.ts';
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

interface Held {
	readonly reason: string;
	readonly print: string;
	readonly since: number;
}

export class HeldAgents {
	private readonly entries = new Map<string, Held>();

	get reasons(): ReadonlyMap<string, string> {
		return new Map([...this.entries].map(([id, { reason }]) => [id, reason]));
	}

	/** `now` in wall milliseconds. */
	hold(agent: Agent, settings: Settings, reason: string, now: number): void {
		this.entries.set(agent.id, { reason, print: fingerprint(agent, settings), since: now });
	}

	/** Lets go of agents whose entry, or a setting, changed since they were held, or that passed a check. True when one was let go. */
	review(agents: readonly Agent[], settings: Settings, checks: ReadonlyMap<string, AgentCheck>): boolean {
		let hasChanged = false;
		for (const [id, { print, since }] of this.entries) {
			const agent = agents.find((each) => each.id === id);
			const check = checks.get(id);
			const hasPassed = check?.is_usable === true && Date.parse(check.at) >= since;
			if (agent === undefined || hasPassed || fingerprint(agent, settings) !== print) {
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
