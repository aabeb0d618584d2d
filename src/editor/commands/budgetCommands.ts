// Owns the command that shows what agents used and what is left of budgets.

import { l10n } from 'vscode';
import type { BudgetAnswer } from '../../core/budget/budgetReport.ts';
import { budgetLines } from '../../core/budget/budgetReport.ts';
import type { ReportDocuments } from '../documents/reportDocuments.ts';
import type { Performer } from '../performer.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { CommandHandlers } from './commandRegistry.ts';

export interface BudgetCommandParts {
	readonly session: WorkspaceSession;
	readonly performer: Performer;
	readonly reports: ReportDocuments;
}

export function createBudgetCommands({ session, performer, reports }: BudgetCommandParts): CommandHandlers {
	return {
		'dreamos.budget.show': async () => {
			session.require();
			await reports.open(l10n.t('Budget'), budgetLines(await performer.perform<BudgetAnswer>('budget.show')));
		},
	};
}
