// Owns how the budget of the day is shown as one figure: of its limits the one that is used most. Pure.

import type { BudgetSettings } from '../budget/budget.ts';
import { dayStates, isNearlySpent, isSpent } from '../budget/budget.ts';
import type { BudgetKind } from '../budget/budgetLimits.ts';
import type { Usage } from '../budget/usage.ts';

export interface DayBudget {
	readonly kind: BudgetKind;
	readonly used: number;
	readonly limit: number;
	/** Of money. */
	readonly currency: string;
	readonly level: 'free' | 'warned' | 'spent';
}

/** null where the day has no limit. */
export function dayBudget(settings: BudgetSettings, today: Usage): DayBudget | null {
	const share = ({ used, limit }: { readonly used: number; readonly limit: number }) =>
		limit === 0 ? Number.POSITIVE_INFINITY : used / limit;
	const [most] = dayStates(settings, () => today).toSorted((left, right) => share(right) - share(left));
	if (most === undefined) {
		return null;
	}
	const { kind, used, limit } = most;
	const level = isSpent(most) ? 'spent' : isNearlySpent(most) ? 'warned' : 'free';
	return { kind, used, limit, currency: settings['budgets.currency'], level };
}
