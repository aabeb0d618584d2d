// Owns what is shown of what agents used: today in all and by agent, the tasks behind it, and of each run. Rows only grow, so a picture
// costs what is new.

import { LiveUsage } from '../budget/liveUsage.ts';
import type { Usage } from '../budget/usage.ts';
import { addTurn, noUsage, startOfDay } from '../budget/usage.ts';
import type { LedgerReader } from '../ledger.ts';

/** What was used since midnight. */
export interface DayUsage {
	readonly total: Usage;
	readonly byAgent: ReadonlyMap<string, Usage>;
	readonly taskIds: readonly string[];
}

export const noDayUsage: DayUsage = { total: noUsage, byAgent: new Map(), taskIds: [] };

export class ShownUsage {
	private readonly live = new LiveUsage();
	private summed = { version: -1, day: 0, usage: noDayUsage };

	refresh(reader: LedgerReader): Promise<void> {
		return this.live.refresh(reader);
	}

	/** `now` in wall milliseconds. */
	today(now: number): DayUsage {
		const day = startOfDay(now);
		const { version } = this.live;
		if (this.summed.version !== version || this.summed.day !== day) {
			const turns = this.live.since(day);
			const byAgent = new Map<string, Usage>();
			for (const turn of turns) {
				byAgent.set(turn.agent_id, addTurn(byAgent.get(turn.agent_id) ?? noUsage, turn));
			}
			const taskIds = [...new Set(turns.map(({ task_id: id }) => id))];
			this.summed = { version, day, usage: { total: turns.reduce(addTurn, noUsage), byAgent, taskIds } };
		}
		return this.summed.usage;
	}

	ofRun(id: string): Usage {
		return this.live.ofRun(id);
	}
}
