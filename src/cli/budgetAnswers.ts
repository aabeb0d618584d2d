// Owns how answers about budgets read for a person.

import type { BudgetAnswer, EstimateAnswer } from '../core/budget/budgetReport.ts';
import { budgetLines, estimateLines } from '../core/budget/budgetReport.ts';
import type { Output } from './output.ts';

export const budgetShow = (answer: BudgetAnswer, output: Output): void => budgetLines(answer).forEach(output.say);

export const budgetEstimate = (answer: EstimateAnswer, output: Output): void =>
	estimateLines(answer).forEach(output.say);
