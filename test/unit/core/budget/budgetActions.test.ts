// Checks what a person is told of budgets, through the one door for actions: what was used, what is left, what a task may take.

import assert from 'node:assert/strict';
import type { BudgetAnswer, EstimateAnswer } from '../../../../src/core/budget/budgetReport.ts';
import { budgetLines, estimateLines } from '../../../../src/core/budget/budgetReport.ts';
import { createTask } from '../../../../src/core/task/createTask.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { ann, openTemporaryLedger } from '../../../support/temporaryLedger.ts';

describe('budget actions', () => {
	const folders = useTemporaryFolders();

	it('show what was used today and in all, and say so where no budget is set', async () => {
		const { ledger, dream } = await openTemporaryLedger(folders.make());
		await ledger.write(ann, async (transaction) => {
			for (const [index, id] of ['A', 'B', 'C', 'D'].entries()) {
				await createTask(transaction, { name: id, task_id: id, task_type: 'fix' });
				if (id !== 'D') {
					await transaction.insertUsage({
						run_id: `run-${index}`,
						task_id: id,
						agent_id: 'Agent-1',
						input_tokens: 1000 * (index + 1),
						output_tokens: 0,
						cached_tokens: 0,
						cost: 0.5,
						currency: 'USD',
						milliseconds: 1000,
						is_estimated: false,
					});
				}
			}
		});
		const shown = (await dream.perform('budget.show', {}, ann)) as BudgetAnswer;
		assert.deepEqual(budgetLines(shown).slice(1), [
			'in all: 3 turns, 6,000 tokens, 1.5 USD, 3 s',
			'No budget is set. Set one with dreamos.budgets.day and its like (docs/budgets.md).',
		]);
		const guess = (await dream.perform('budget.estimate', { task_id: 'D' }, ann)) as EstimateAnswer;
		assert.deepEqual(estimateLines(guess), [
			'so far: nothing yet',
			'one run: about 2,000 tokens, 0.5 USD, 1 s (median of 3 runs: tasks of type "fix")',
		]);
		ledger.dispose();
	});
});
