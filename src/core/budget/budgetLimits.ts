// Owns how a limit is written: in a setting, in a task on its board, in the entry of an agent. What it means is for budget.ts to say.

import * as z from 'zod';
import { longestWindowHours } from './longestWindow.ts';

const amount = z.number().min(0).max(1e12).optional();
const amounts = {
	tokens: amount.describe('Tokens read anew and written'),
	money: amount.describe('Cost in dreamos.budgets.currency, as agents report it'),
	minutes: amount.describe('Minutes in which an agent had a turn'),
	turns: amount.describe('Turns of agents'),
};
export type BudgetKind = keyof typeof amounts;
export const budgetKinds = Object.keys(amounts) as readonly BudgetKind[];

const windowHours = z.number().min(0.1).max(longestWindowHours);

/** What is not limited is left out. */
export const limitsSchema = z.strictObject(amounts);
export type Budget = z.infer<typeof limitsSchema>;

export const budgetSchema = limitsSchema.default({});
export const windowBudgetSchema = z.strictObject({ hours: windowHours.default(5), ...amounts }).default({ hours: 5 });
export type WindowBudget = z.infer<typeof windowBudgetSchema>;

/** The limits of one agent in its entry. */
export const agentBudgetSchema = z.strictObject({
	...amounts,
	window: z
		.strictObject({
			hours: windowHours.optional().describe('Length of the window; that of dreamos.budgets.window unless said'),
			...amounts,
		})
		.optional()
		.describe('What it may take in any so many hours, as its subscription counts them'),
});
export type AgentBudget = z.infer<typeof agentBudgetSchema>;

/** What each of so many parts may take, so that together they take no more than the whole. */
export const shareBudget = (budget: Budget, parts: number): Budget =>
	Object.fromEntries(
		budgetKinds.flatMap((kind) => {
			const limit = budget[kind];
			return limit === undefined ? [] : [[kind, kind === 'money' ? limit / parts : Math.floor(limit / parts)]];
		}),
	);

/** `20 turns, 5 money`, as a person reads limits; empty where there are none. */
export const describeLimits = (budget: Budget): string =>
	budgetKinds.flatMap((kind) => (budget[kind] === undefined ? [] : [`${budget[kind]} ${kind}`])).join(', ');
