// Owns what a budget is: limits on what a task, an agent, the swarm, a day or the window of a subscription may take, how far each is
// used, and which one holds something back. Pure; the loop, the palette and the dashboard ask the same function.

import * as z from 'zod';
import { formatDuration } from '../../base/words.ts';
import type { TurnUsage, Usage } from './usage.ts';
import { addTurn, formatCount, formatMoney, startOfDay, sumTurns, tokensOf } from './usage.ts';

/** No window of a budget is longer, a week: what is older is kept in sums only. */
export const longestWindowHours = 24 * 7;

const amount = z.number().min(0).max(1e12).optional();
const limits = {
	tokens: amount.describe('Tokens read anew and written'),
	money: amount.describe('Cost in dreamos.budgets.currency, as agents report it'),
	minutes: amount.describe('Minutes in which an agent had a turn'),
	turns: amount.describe('Turns of agents'),
};
/** What is not limited is left out. */
export const budgetSchema = z.strictObject(limits).default({});
export const windowBudgetSchema = z
	.strictObject({ hours: z.number().min(0.1).max(longestWindowHours).default(5), ...limits })
	.default({ hours: 5 });

export type Budget = z.infer<typeof budgetSchema>;
type BudgetKind = keyof typeof limits;
export type BudgetScope = 'task' | 'agent' | 'swarm' | 'day' | 'window';

export interface BudgetSettings {
	readonly 'budgets.task': Budget;
	readonly 'budgets.agent': Budget;
	readonly 'budgets.swarm': Budget;
	readonly 'budgets.day': Budget;
	readonly 'budgets.window': z.infer<typeof windowBudgetSchema>;
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
		...statesOf(settings, 'swarm', null, () => running.reduce(addTurn, used.all)),
		...statesOf(settings, 'day', null, () => sumTurns([...used.since(startOfDay(now)), ...running])),
	];
}

export function taskStates({ settings, used, running = [] }: BudgetFacts, id: string): BudgetState[] {
	const mine = running.filter(({ task_id: taskId }) => taskId === id);
	return statesOf(settings, 'task', id, () => mine.reduce(addTurn, used.ofTask(id)));
}

export function agentStates({ settings, used, running = [], now }: BudgetFacts, id: string): BudgetState[] {
	const mine = running.filter(({ agent_id: agentId }) => agentId === id);
	const window = () => [...used.since(now - windowOf(settings), id), ...mine];
	return [
		...statesOf(settings, 'agent', id, () => mine.reduce(addTurn, used.ofAgent(id))),
		...statesOf(settings, 'window', id, () => sumTurns(window())).map((state) =>
			isSpent(state) ? { ...state, ...freeAgain(settings, state, window()) } : state,
		),
	];
}

/** How every limit stands that holds for an agent at a task. What needs a person longest comes first. */
export const budgetStates = (facts: BudgetFacts, taskId: string, agentId: string): BudgetState[] => [
	...taskStates(facts, taskId),
	...sharedStates(facts),
	...agentStates(facts, agentId),
];

/** Why an agent may not begin a task, as a phrase; undefined when it may. Asked of many, it looks at each once. */
export function createBudgetCheck(facts: BudgetFacts): (taskId: string, agentId: string) => string | undefined {
	const shared = budgetRefusal(sharedStates(facts));
	const agents = new Map<string, string | undefined>();
	const ofAgent = (id: string) => {
		if (!agents.has(id)) {
			agents.set(id, budgetRefusal(agentStates(facts, id)));
		}
		return agents.get(id);
	};
	return (taskId, agentId) => budgetRefusal(taskStates(facts, taskId)) ?? shared ?? ofAgent(agentId);
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

const windowOf = (settings: BudgetSettings): number => settings['budgets.window'].hours * 3_600_000;

function statesOf(settings: BudgetSettings, scope: BudgetScope, id: string | null, sum: () => Usage): BudgetState[] {
	const budget: Budget = settings[`budgets.${scope}`];
	const kinds = (Object.keys(limits) as BudgetKind[]).filter((kind) => budget[kind] !== undefined);
	if (kinds.length === 0) {
		return [];
	}
	const usage = sum();
	return kinds.flatMap((kind) => {
		const limit = budget[kind];
		if (limit === undefined) {
			return [];
		}
		const used = amountOf(kind, usage, settings['budgets.currency']);
		const state = { scope, id, kind, used, limit, is_estimated: kind === 'tokens' && usage.is_estimated };
		return [{ ...state, text: describeState(settings, state) }];
	});
}

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
	{ scope, id, kind, used, limit, is_estimated }: Omit<BudgetState, 'text'>,
): string {
	const who = {
		task: `task ${id ?? ''} has used`,
		agent: `${id ?? ''} has used`,
		swarm: 'the swarm has used',
		day: 'the swarm has used today',
		window: `${id ?? ''} has used in ${formatDuration(windowOf(settings))}`,
	}[scope];
	const figure = (value: number) =>
		kind === 'money'
			? formatMoney(value, '')
			: kind === 'minutes'
				? String(Number(value.toFixed(1)))
				: formatCount(value);
	const unit = kind === 'money' ? settings['budgets.currency'] : kind;
	const mark = is_estimated ? ', some of it estimated' : '';
	return `${who} ${figure(used)} of ${figure(limit)} ${unit} (dreamos.budgets.${scope}${mark})`;
}

/** When enough of the oldest turns has left the window. */
function freeAgain(
	settings: BudgetSettings,
	{ kind, limit, text }: BudgetState,
	turns: readonly TurnUsage[],
): Pick<BudgetState, 'text' | 'free_at'> {
	const currency = settings['budgets.currency'];
	const left = [...turns];
	while (left.length > 0 && amountOf(kind, sumTurns(left), currency) >= limit) {
		const oldest = left.shift();
		if (oldest !== undefined && amountOf(kind, sumTurns(left), currency) < limit) {
			const free = Date.parse(oldest.at) + windowOf(settings);
			return { free_at: free, text: `${text}; there is room again at ${new Date(free).toISOString()}` };
		}
	}
	return { text };
}
