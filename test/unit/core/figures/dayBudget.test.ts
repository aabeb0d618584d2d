// Checks the one figure the budget of the day is shown as.

import assert from 'node:assert/strict';
import { noUsage } from '../../../../src/core/budget/usage.ts';
import { dayBudget } from '../../../../src/core/figures/dayBudget.ts';
import { defaultSettings } from '../../../../src/core/settings.ts';

const used = { ...noUsage, turns: 8, input_tokens: 700, costs: { USD: 4 } };
const of = (day: { money?: number; tokens?: number; turns?: number }) =>
	dayBudget({ ...defaultSettings, 'budgets.day': day }, used);

describe('the budget of the day', () => {
	it('is nothing where none is set', () => assert.equal(of({}), null));

	it('is that of its limits which is used most, with how far that is', () => {
		assert.deepEqual(of({ money: 20, tokens: 1000, turns: 100 }), {
			kind: 'tokens',
			used: 700,
			limit: 1000,
			currency: 'USD',
			level: 'free',
		});
		assert.deepEqual([of({ turns: 10 })?.level, of({ turns: 8 })?.level], ['warned', 'spent']);
		assert.deepEqual([of({ money: 0, tokens: 701 })?.kind, of({ money: 0 })?.level], ['money', 'spent']);
	});
});
