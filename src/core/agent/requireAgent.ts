// Owns finding an agent somebody named, and what is said when there is none.

import { DreamError } from '../../base/errors.ts';
import type { LedgerReader } from '../ledger.ts';
import type { Agent } from './agent.ts';

/** Fails with `agent.unknown`, which names those that could take a task. */
export async function requireAgent(reader: Pick<LedgerReader, 'agent' | 'agents'>, id: string): Promise<Agent> {
	const agent = await reader.agent(id);
	if (agent === undefined) {
		const known = (await reader.agents()).filter(({ enabled }) => enabled).map((each) => each.id);
		throw new DreamError('agent.unknown', `There is no agent ${id}.`, {
			details: { agent_id: id, known },
			advice: `Agents here: ${known.join(', ') || 'none'}.`,
		});
	}
	return agent;
}
