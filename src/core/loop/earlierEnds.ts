// Owns what a host knows of how agents did before it began: the ends of their last runs, since the swarm was last told to work. A host
// that was killed must not make an agent that fails again and again a fresh one.

import type { LedgerReader } from '../ledger.ts';
import { failureRule } from '../recovery/failureRule.ts';
import type { AgentFailure } from './runEnding.ts';

export interface EarlierEnd {
	readonly agentId: string;
	/** Wall milliseconds. */
	readonly at: number;
	/** How it failed by its own fault; left out where it did something. */
	readonly failure?: AgentFailure;
}

/** More than an agent needs to be broken, for as many agents as anybody has. */
const looked = 300;

/** Ends of runs that say how their agent did, oldest first. A lost run says nothing, and so does one that was stopped. */
export async function readEarlierEnds(reader: LedgerReader): Promise<EarlierEnd[]> {
	const events = await reader.events({
		types: ['run.closed', 'swarm.started', 'agent.changed', 'agent.checked'],
		newestFirst: true,
		limit: looked,
	});
	const begun = events.findIndex(({ type }) => type === 'swarm.started');
	const ends: EarlierEnd[] = [];
	/** Agents whose entry was changed, or that were checked: what was before says nothing more. */
	const fresh = new Set<string>();
	for (const { type, at, data, run_id: id, agent_id: agentId } of events.slice(
		0,
		begun === -1 ? events.length : begun,
	)) {
		if (type !== 'run.closed' && agentId !== undefined) {
			fresh.add(agentId);
		}
		const code = data?.['code'];
		const run = id === undefined ? undefined : await reader.run(id);
		if (
			run === undefined ||
			run.host_id === null ||
			fresh.has(run.worker) ||
			(typeof code !== 'string' && run.state !== 'completed')
		) {
			continue;
		}
		const rule = typeof code === 'string' ? failureRule({ code, isTransient: true }) : undefined;
		const end = { agentId: run.worker, at: Date.parse(at) };
		if (rule === undefined || rule.fault === 'task') {
			ends.push(end);
		} else if (rule.fault === 'agent' && typeof code === 'string') {
			ends.push({ ...end, failure: { rule, code, reason: run.reason ?? '' } });
		}
	}
	return ends.toReversed();
}
