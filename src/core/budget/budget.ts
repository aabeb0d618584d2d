// Owns what a budget is: limits on what a task, an agent, the swarm, a day or the window of a subscription may take, how far each is
// used, and which one holds something back. Pure; the loop, the palette and the dashboard ask the same function.

import { formatDuration } from '../../base/words.ts';
import { runtimePaths } from '../paths.ts';
import type { AgentBudget, Budget, BudgetKind, WindowBudget } from './budgetLimits.ts';
import { budgetKinds } from './budgetLimits.ts';
import type { TurnUsage, Usage } from './usage.ts';
import { addTurn, formatCount, formatMoney, startOfDay, sumTurns, tokensOf } from './usage.ts';

export type BudgetScope = 'task' | 'agent' | 'swarm' | 'day' | 'window';

/** A task as far as budgets know it: limits of its own hold instead of those of the setting, kind by kind. */
export interface BudgetedTask {
	readonly task_id: string;
	readonly budget: Budget;
}

/** The same of an agent. */
export interface BudgetedAgent {
	readonly id: string;
	readonly budget?: AgentBudget | undefined;
}

export interface BudgetSettings {
	readonly 'budgets.task': Budget;
	readonly 'budgets.agent': Budget;
	readonly 'budgets.swarm': Budget;
	readonly 'budgets.day': Budget;
	readonly 'budgets.window': WindowBudget;
	readonly 'budgets.currency': string;
}

/** What was used, as LiveUsage keeps it. */
export interface UsedSums {
	readonly all: Usage;
	ofTask(id: string): Usage;
	ofAgent(id: string): Usage;
	since(since: number, agentId?: string): readonly TurnUsage[];
}

export interface BudgetFacts {
	readonly settings: BudgetSettings;
	readonly used: UsedSums;
	/** What turns under way have taken so far; they are in no sum yet. */
	readonly running?: readonly TurnUsage[];
	/** Wall time in milliseconds. */
	readonly now: number;
}

/** One limit and how far it is used. */
export interface BudgetState {
	readonly scope: BudgetScope;
	/** Of the task or the agent; null for what everybody shares. */
	readonly id: string | null;
	readonly kind: BudgetKind;
	readonly used: number;
	readonly limit: number;
	/** The setting or the field the limit stands in. */
	readonly place: string;
	/** Some of it was estimated. */
	readonly is_estimated: boolean;
	/** For a window: when so much of it is past that there is room again, wall milliseconds. */
	readonly free_at?: number;
	/** One line a person reads: who used how much of what. */
	readonly text: string;
}

/** The share of a limit from which its use is warned of. */
const warnedShare = 0.8;

export const isSpent = ({ used, limit }: BudgetState): boolean => used >= limit;
export const isNearlySpent = (state: BudgetState): boolean =>
	!isSpent(state) && state.used >= state.limit * warnedShare;

/** How the limits stand that hold for everybody. */
export function sharedStates({ settings, used, running = [], now }: BudgetFacts): BudgetState[] {
	return [
		...statesOf(settings, { scope: 'swarm', id: null }, () => running.reduce(addTurn, used.all)),
		...dayStates(settings, () => sumTurns([...used.since(startOfDay(now)), ...running])),
	];
}

/** How the limits of a day stand; `today` sums what was used since midnight. */
export const dayStates = (settings: BudgetSettings, today: () => Usage): BudgetState[] =>
	statesOf(settings, { scope: 'day', id: null }, today);

export function taskStates({ settings, used, running = [] }: BudgetFacts, task: BudgetedTask): BudgetState[] {
	const { task_id: id, budget } = task;
	const mine = running.filter(({ task_id: taskId }) => taskId === id);
	return statesOf(settings, { scope: 'task', id, own: budget }, () => mine.reduce(addTurn, used.ofTask(id)));
}

export function agentStates(
	{ settings, used, running = [], now }: BudgetFacts,
	{ id, budget = {} }: BudgetedAgent,
): BudgetState[] {
	const { window: ownWindow = {}, ...own } = budget;
	const hours = ownWindow.hours ?? settings['budgets.window'].hours;
	const mine = running.filter(({ agent_id: agentId }) => agentId === id);
	const window = () => [...used.since(now - hours * hourMilliseconds, id), ...mine];
	return [
		...statesOf(settings, { scope: 'agent', id, own }, () => mine.reduce(addTurn, used.ofAgent(id))),
		...statesOf(settings, { scope: 'window', id, own: ownWindow, hours }, () => sumTurns(window())).map((state) =>
			isSpent(state) ? { ...state, ...freeAgain(settings, state, window(), hours) } : state,
		),
	];
}

/** How every limit stands that holds for an agent at a task. What needs a person longest comes first. */
export const budgetStates = (facts: BudgetFacts, task: BudgetedTask, agent: BudgetedAgent): BudgetState[] => [
	...taskStates(facts, task),
	...sharedStates(facts),
	...agentStates(facts, agent),
];

/** Why an agent may not begin a task, as a phrase; undefined when it may. Asked of many, it looks at each once. */
export function createBudgetCheck(
	facts: BudgetFacts,
): (task: BudgetedTask, agent: BudgetedAgent) => string | undefined {
	const shared = budgetRefusal(sharedStates(facts));
	const agents = new Map<string, string | undefined>();
	const ofAgent = (agent: BudgetedAgent) => {
		if (!agents.has(agent.id)) {
			agents.set(agent.id, budgetRefusal(agentStates(facts, agent)));
		}
		return agents.get(agent.id);
	};
	return (task, agent) => budgetRefusal(taskStates(facts, task)) ?? shared ?? ofAgent(agent);
}

/** Why nothing may be begun or gone on with, as a phrase; undefined when every limit leaves room. */
export function budgetRefusal(states: readonly BudgetState[]): string | undefined {
	const spent = states.find(isSpent);
	return spent === undefined ? undefined : needsBudget(spent);
}

const needsWord = 'needs budget: ';
export const needsBudget = ({ text }: BudgetState): string => `${needsWord}${text}`;
/** Whether a reason is one that a budget gave. */
export const isNeedOfBudget = (reason: string | null | undefined): boolean => reason?.startsWith(needsWord) === true;

const hourMilliseconds = 3_600_000;

interface Measured {
	readonly scope: BudgetScope;
	readonly id: string | null;
	/** Limits of its own entry; they hold instead of those of the setting, kind by kind. */
	readonly own?: Budget;
	/** Of a window. */
	readonly hours?: number;
}

function statesOf(settings: BudgetSettings, measured: Measured, sum: () => Usage): BudgetState[] {
	const { scope, id, own = {} } = measured;
	const usual: Budget = settings[`budgets.${scope}`];
	const limited = budgetKinds.flatMap((kind) => {
		const limit = own[kind] ?? usual[kind];
		return limit === undefined ? [] : [{ kind, limit }];
	});
	if (limited.length === 0) {
		return [];
	}
	const usage = sum();
	return limited.map(({ kind, limit }) => {
		const used = amountOf(kind, usage, settings['budgets.currency']);
		const place = own[kind] === undefined ? `dreamos.budgets.${scope}` : ownPlace(measured, kind);
		const state = { scope, id, kind, used, limit, place, is_estimated: kind === 'tokens' && usage.is_estimated };
		return { ...state, text: describeState(settings, state, measured.hours) };
	});
}

/** Where a limit stands that is not of a setting, as a person finds it. */
const ownPlace = ({ scope, id }: Measured, kind: BudgetKind): string =>
	scope === 'task'
		? `budget.${kind} of the task`
		: `budget.${scope === 'window' ? 'window.' : ''}${kind} of ${id ?? ''} in ${runtimePaths.agents}`;

/** Money in another currency than the budget's is not counted: nobody here knows what it is worth. */
function amountOf(kind: BudgetKind, usage: Usage, currency: string): number {
	switch (kind) {
		case 'tokens':
			return tokensOf(usage);
		case 'money':
			return usage.costs[currency] ?? 0;
		case 'minutes':
			return usage.milliseconds / 60_000;
		case 'turns':
			return usage.turns;
	}
}

function describeState(
	settings: BudgetSettings,
	{ scope, id, kind, used, limit, place, is_estimated }: Omit<BudgetState, 'text'>,
	hours = 0,
): string {
	const who = {
		task: `task ${id ?? ''} has used`,
		agent: `${id ?? ''} has used`,
		swarm: 'the swarm has used',
		day: 'the swarm has used today',
		window: `${id ?? ''} has used in ${formatDuration(hours * hourMilliseconds)}`,
	}[scope];
	const figure = (value: number) =>
		kind === 'money'
			? formatMoney(value, '')
			: kind === 'minutes'
				? String(Number(value.toFixed(1)))
				: formatCount(value);
	const unit = kind === 'money' ? settings['budgets.currency'] : kind;
	const mark = is_estimated ? ', some of it estimated' : '';
	return `${who} ${figure(used)} of ${figure(limit)} ${unit} (${place}${mark})`;
}

/** When enough of the oldest turns has left the window. */
function freeAgain(
	settings: BudgetSettings,
	{ kind, limit, text }: BudgetState,
	turns: readonly TurnUsage[],
	hours: number,
): Pick<BudgetState, 'text' | 'free_at'> {
	const currency = settings['budgets.currency'];
	const left = [...turns];
	while (left.length > 0 && amountOf(kind, sumTurns(left), currency) >= limit) {
		const oldest = left.shift();
		if (oldest !== undefined && amountOf(kind, sumTurns(left), currency) < limit) {
			const free = Date.parse(oldest.at) + hours * hourMilliseconds;
			return { free_at: free, text: `${text}; there is room again at ${new Date(free).toISOString()}` };
		}
	}
	return { text };
}
