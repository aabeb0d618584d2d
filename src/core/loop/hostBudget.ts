// Owns what a host knows of budgets: what was used, what turns under way are using, what that leaves. It warns once of each limit
// that is nearly used, and lets a task go on that waited for its budget when there is more. Neither asks a model anything.

import type { Disposable } from '../../base/event.ts';
import { isJsonObject } from '../../base/json.ts';
import type { Agent } from '../agent/agent.ts';
import type { BudgetedAgent, BudgetedTask, BudgetFacts, BudgetState } from '../budget/budget.ts';
import {
	agentStates,
	budgetRefusal,
	budgetStates,
	createBudgetCheck,
	isNearlySpent,
	isSpent,
	needsBudget,
	sharedStates,
	taskStates,
} from '../budget/budget.ts';
import { LiveUsage } from '../budget/liveUsage.ts';
import type { TurnUsage } from '../budget/usage.ts';
import type { LedgerReader } from '../ledger.ts';
import type { Clock } from '../ports.ts';
import type { Run } from '../run/run.ts';
import type { Settings } from '../settings.ts';
import { advanceTask } from '../task/advanceTask.ts';
import type { Task } from '../task/task.ts';
import type { HostLedger } from './hostLedger.ts';

/** Which limits were told of, as one fact, so that the next host does not tell them again. */
const factKey = 'budgets.told';

export interface HostBudgetParts {
	readonly ledger: HostLedger;
	readonly clock: Pick<Clock, 'now'>;
	readonly settings: () => Settings;
	/** As the newest picture has them: limits of their own may have been changed a moment ago. */
	readonly task: (id: string) => BudgetedTask | undefined;
	readonly agent: (id: string) => BudgetedAgent | undefined;
}

export class HostBudget {
	private readonly used = new LiveUsage();
	private readonly parts: HostBudgetParts;
	private readonly turns = new Set<() => TurnUsage | undefined>();
	private told: ReadonlySet<string> | undefined;

	constructor(parts: HostBudgetParts) {
		this.parts = parts;
	}

	/** A run whose turn under way counts. */
	watch(turn: () => TurnUsage | undefined): Disposable {
		this.turns.add(turn);
		return { dispose: () => void this.turns.delete(turn) };
	}

	facts(): BudgetFacts {
		const { settings, clock } = this.parts;
		const running = [...this.turns].flatMap((turn) => turn() ?? []);
		return { settings: settings(), used: this.used, running, now: clock.now() };
	}

	/** How every limit stands that holds for a run. */
	statesOf({ task_id, worker }: Pick<Run, 'task_id' | 'worker'>): BudgetState[] {
		const { task, agent } = this.parts;
		return budgetStates(this.facts(), task(task_id) ?? { task_id, budget: {} }, agent(worker) ?? { id: worker });
	}

	/** Reads what was used since; within the reader's snapshot, so that what is decided on both belongs together. */
	refresh(reader?: LedgerReader): Promise<void> {
		return reader === undefined
			? this.parts.ledger.read((own) => this.used.refresh(own))
			: this.used.refresh(reader);
	}

	/** For the choice of tasks. */
	check(): ReturnType<typeof createBudgetCheck> {
		return createBudgetCheck(this.facts());
	}

	/** What holds for all or for an agent and is used up, so that a change of it by time alone is seen, too. */
	held(agents: readonly Agent[]): string[] {
		const facts = this.facts();
		return [sharedStates(facts), ...agents.map((agent) => agentStates(facts, agent))].flatMap(
			(states) => budgetRefusal(states) ?? [],
		);
	}

	/** Warns of limits that are nearly used, and tells those that are used up, each once. */
	async tell(agents: readonly Agent[], openRuns: readonly Run[]): Promise<void> {
		const { ledger } = this.parts;
		const facts = this.facts();
		const tasks = new Set(openRuns.map(({ task_id: id }) => id));
		const states = [
			...sharedStates(facts),
			...agents.flatMap((agent) => agentStates(facts, agent)),
			...[...tasks].flatMap((id) => taskStates(facts, this.parts.task(id) ?? { task_id: id, budget: {} })),
		].filter((state) => isSpent(state) || isNearlySpent(state));
		const known = this.told ?? toldOf(await ledger.read((reader) => reader.fact(factKey)));
		const now = new Set(states.map((state) => keyOf(state)));
		const news = states.filter((state) => !known.has(keyOf(state)));
		// A task that no run works on now is not looked at; what was told of it stays told.
		const kept = [...known].filter((key) => now.has(key) || key.startsWith('task '));
		if (news.length > 0 || kept.length < known.size) {
			const told = new Set([...kept, ...now].slice(-mostTold));
			await ledger.write(async (transaction) => {
				for (const state of news) {
					const { scope, id, kind, used, limit } = state;
					await transaction.append({
						type: isSpent(state) ? 'budget.spent' : 'budget.warned',
						...(scope === 'task' && id !== null ? { task_id: id } : {}),
						...((scope === 'agent' || scope === 'window') && id !== null ? { agent_id: id } : {}),
						message: isSpent(state) ? needsBudget(state) : `most of a budget is used: ${state.text}`,
						data: { scope, id, kind, used, limit },
					});
				}
				await transaction.setFact(factKey, { told: [...told] });
			});
			this.told = told;
		} else {
			this.told = known;
		}
	}

	/** Tasks that were stopped because their own budget was used up, and may go on. */
	async letGoOn(unfunded: readonly Task[]): Promise<void> {
		const facts = this.facts();
		for (const task of unfunded) {
			if (!taskStates(facts, task).some(isSpent)) {
				await this.parts.ledger.write((transaction) =>
					advanceTask(transaction, {
						taskId: task.task_id,
						move: 'unblock',
						reason: 'its budget allows more now',
					}),
				);
			}
		}
	}
}

const mostTold = 1000;

const keyOf = (state: BudgetState): string =>
	`${state.scope} ${state.id ?? ''} ${state.kind} ${state.limit} ${isSpent(state) ? 'spent' : 'warned'}`;

function toldOf(fact: unknown): ReadonlySet<string> {
	const told: unknown = isJsonObject(fact) ? fact['told'] : undefined;
	return new Set(Array.isArray(told) ? told.filter((key) => typeof key === 'string') : []);
}
