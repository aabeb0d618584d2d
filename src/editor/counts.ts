// Owns counts of things as the editor says them: each whole, one and many, because languages form their plurals differently.

import { l10n } from 'vscode';

/** `1 task`, `3 tasks`. */
export function countOfTasks(count: number): string {
	return count === 1 ? l10n.t('1 task') : l10n.t('{0} tasks', count);
}

/** `1 problem`, `3 problems`. */
export function countOfProblems(count: number): string {
	return count === 1 ? l10n.t('1 problem') : l10n.t('{0} problems', count);
}

/** `1 file`, `3 files`. */
export function countOfFiles(count: number): string {
	return count === 1 ? l10n.t('1 file') : l10n.t('{0} files', count);
}

/** `1 line`, `3 lines`. */
export function countOfLines(count: number): string {
	return count === 1 ? l10n.t('1 line') : l10n.t('{0} lines', count);
}

/** `1 question`, `3 questions`. */
export function countOfQuestions(count: number): string {
	return count === 1 ? l10n.t('1 question') : l10n.t('{0} questions', count);
}
