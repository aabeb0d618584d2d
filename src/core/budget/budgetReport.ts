// Owns what a person is told who asks how budgets stand, line by line; terminal and editor show the same.

import type { BudgetState } from './budget.ts';
import type { Usage } from './usage.ts';
import { describeUsage } from './usage.ts';

const levels = { free: 'ok', warned: 'nearly used', spent: 'USED UP' } as const;

export interface BudgetAnswer {
	readonly today: Usage;
	readonly total: Usage;
	readonly budgets: readonly (BudgetState & { readonly level: keyof typeof levels })[];
}

export function budgetLines({ today, total, budgets }: BudgetAnswer): string[] {
	return [
		`today: ${describeUsage(today)}`,
		`in all: ${describeUsage(total)}`,
		...(budgets.length === 0
			? ['No budget is set. Set one with dreamos.budgets.day and its like (docs/budgets.md).']
			: budgets.map(({ level, text }) => `${levels[level]}: ${text}`)),
	];
}

export interface EstimateAnswer {
	readonly task_id: string;
	readonly usage: Usage;
	readonly text: string;
}

export const estimateLines = ({ usage, text }: EstimateAnswer): string[] => [
	`so far: ${describeUsage(usage)}`,
	`one run: ${text}`,
];
