// Owns how answers about budgets read for a person.

import type { BudgetState } from '../core/budget/budget.ts';
import type { Usage } from '../core/budget/usage.ts';
import { describeUsage } from '../core/budget/usage.ts';
import type { Output } from './output.ts';

const levels = { free: 'ok', warned: 'nearly used', spent: 'USED UP' } as const;

export function budgetShow(
	answer: {
		readonly today: Usage;
		readonly total: Usage;
		readonly budgets: readonly (BudgetState & { readonly level: keyof typeof levels })[];
	},
	output: Output,
): void {
	output.say(`today: ${describeUsage(answer.today)}`);
	output.say(`in all: ${describeUsage(answer.total)}`);
	if (answer.budgets.length === 0) {
		output.say('No budget is set. Set one with dreamos.budgets.day and its like (docs/budgets.md).');
	}
	for (const { level, text } of answer.budgets) {
		output.say(`${levels[level]}: ${text}`);
	}
}

export function budgetEstimate(answer: { readonly usage: Usage; readonly text: string }, output: Output): void {
	output.say(`so far: ${describeUsage(answer.usage)}`);
	output.say(`one run: ${answer.text}`);
}
