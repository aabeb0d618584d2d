// Builds what the dashboard's model is made of, for tests that need no editor.

import type { SwarmSnapshot } from '../../src/core/swarm/swarmSnapshot.ts';
import type { DashboardFacts } from '../../src/protocol/viewModels.ts';

/** Facts of a workspace somebody trusts, in which nothing was done today. */
export function buildDashboardFacts(snapshot: SwarmSnapshot, fields: Partial<DashboardFacts> = {}): DashboardFacts {
	return {
		workspace: snapshot.workspace,
		reason: '',
		folder: 'demo',
		isTrusted: true,
		snapshot,
		today: { completed: 0, failed: 0, tokens: null, cost: null },
		budget: null,
		signs: new Map(),
		driven: new Set(),
		...fields,
	};
}
