// Owns the sums a program keeps of what was used: by task, agent, run, and of the last days turn by turn. Rows only grow, so bringing
// it up to date costs what is new.

import type { LedgerReader } from '../ledger.ts';
import { longestWindowHours } from './longestWindow.ts';
import type { StoredTurnUsage, Usage } from './usage.ts';
import { addTurn, noUsage } from './usage.ts';

const keptMilliseconds = (longestWindowHours + 48) * 3_600_000;

export interface RunUsage {
	readonly run_id: string;
	readonly task_id: string;
	readonly agent_id: string;
	readonly usage: Usage;
}

export class LiveUsage {
	private newest = 0;
	private total = noUsage;
	private readonly byTask = new Map<string, Usage>();
	private readonly byAgent = new Map<string, Usage>();
	private readonly byRun = new Map<string, RunUsage>();
	/** With the time each ended: budgets look at them every second. */
	private recent: { readonly turn: StoredTurnUsage; readonly ended: number }[] = [];

	/** Brings the sums up to the reader's snapshot. */
	async refresh(reader: LedgerReader): Promise<void> {
		for (const turn of await reader.usage({ after: this.newest })) {
			// Two who refresh at the same time read the same rows.
			if (turn.ordinal > this.newest) {
				this.add(turn);
			}
		}
	}

	/** Changes whenever the sums do. */
	get version(): number {
		return this.newest;
	}

	get all(): Usage {
		return this.total;
	}

	get runs(): readonly RunUsage[] {
		return [...this.byRun.values()];
	}

	ofTask(id: string): Usage {
		return this.byTask.get(id) ?? noUsage;
	}

	ofAgent(id: string): Usage {
		return this.byAgent.get(id) ?? noUsage;
	}

	ofRun(id: string): Usage {
		return this.byRun.get(id)?.usage ?? noUsage;
	}

	/** Turns that ended after `since`, wall time in milliseconds; of one agent where it is named. */
	since(since: number, agentId?: string): readonly StoredTurnUsage[] {
		return this.recent.flatMap(({ turn, ended }) =>
			ended > since && (agentId === undefined || turn.agent_id === agentId) ? [turn] : [],
		);
	}

	private add(turn: StoredTurnUsage): void {
		const { run_id, task_id, agent_id } = turn;
		this.newest = turn.ordinal;
		this.total = addTurn(this.total, turn);
		this.byTask.set(task_id, addTurn(this.ofTask(task_id), turn));
		this.byAgent.set(agent_id, addTurn(this.ofAgent(agent_id), turn));
		this.byRun.set(run_id, { run_id, task_id, agent_id, usage: addTurn(this.ofRun(run_id), turn) });
		const ended = Date.parse(turn.at);
		this.recent.push({ turn, ended });
		const [oldest] = this.recent;
		if (oldest !== undefined && ended - oldest.ended > 2 * keptMilliseconds) {
			this.recent = this.recent.filter((each) => each.ended > ended - keptMilliseconds);
		}
	}
}
