// Owns the words of news: what a message says of one event, and of many. Pure, so that it is tested without an editor.

import { l10n } from 'vscode';
import type { LedgerEvent } from '../core/events.ts';
import type { NotificationKind } from '../core/settings.ts';
import { countOfTasks } from './counts.ts';
import type { NewsMessage } from './heldNews.ts';
import type { NewsKind } from './newsKind.ts';

/** What a person calls the kinds, where they choose which to mute. */
export const notificationTitles: Readonly<Record<NotificationKind, string>> = {
	question: l10n.t('Questions of agents'),
	review: l10n.t('Changes that wait for your review'),
	returned: l10n.t('Changes that did not fit and went back to their agents'),
	stopped: l10n.t('Tasks that failed or are blocked'),
	branch: l10n.t('Changes on branches of their own'),
	done: l10n.t('Finished tasks'),
	budget: l10n.t('Budgets that are used, or nearly so'),
	hook: l10n.t('Hooks that failed'),
	rebuilt: l10n.t('A ledger that was rebuilt'),
	host: l10n.t("Failures of the swarm's own program"),
	settings: l10n.t('Settings that cannot be used'),
};

const rebuiltWords = l10n.t(
	'The ledger was gone or damaged. It was rebuilt from the boards; runs and history from before are not in it.',
);

const digests: Readonly<Record<NewsKind, (count: number) => string>> = {
	review: (count) =>
		count === 1 ? l10n.t('1 change waits for your review.') : l10n.t('{0} changes wait for your review.', count),
	returned: (count) =>
		count === 1
			? l10n.t('1 change did not fit what is open now and went back to its agent.')
			: l10n.t('{0} changes did not fit what is open now and went back to their agents.', count),
	stopped: (count) => l10n.t('{0} could not be finished.', countOfTasks(count)),
	done: (count) => (count === 1 ? l10n.t('1 task is done.') : l10n.t('{0} tasks are done.', count)),
	branch: (count) =>
		count === 1
			? l10n.t('1 change is on a branch of its own.')
			: l10n.t('{0} changes are on branches of their own.', count),
	hook: (count) =>
		count === 1
			? l10n.t('1 hook failed; nothing waits for it.')
			: l10n.t('{0} hooks failed; nothing waits for them.', count),
	budget: (count) =>
		count === 1 ? l10n.t('1 budget is used, or nearly so.') : l10n.t('{0} budgets are used, or nearly so.', count),
	rebuilt: () => rebuiltWords,
};

/** Says how many of each kind. */
export function digestOf(message: NewsMessage): string {
	return [...message].map(([kind, events]) => digests[kind](new Set(events.map(subjectOf)).size)).join(' ');
}

/** What an event counts as: a task that stopped twice is one task. */
const subjectOf = ({ task_id: taskId, sequence }: LedgerEvent): string | number => taskId ?? sequence;

/** Says what one event means. */
export function wordsOf(kind: NewsKind, name: string, { message, data }: LedgerEvent): string {
	const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
	const reason = data?.['reason'];
	switch (kind) {
		case 'review':
			return l10n.t('"{0}" waits for your review.', name);
		case 'returned':
			return l10n.t('The change of "{0}" does not fit what is open now; its agent does it again.', name);
		case 'stopped':
			return stoppedWords(name, data?.['to'] === 'FAILED', typeof reason === 'string' ? reason : '');
		case 'done':
			return l10n.t('"{0}" is done.', name);
		case 'branch':
			return l10n.t('The change of "{0}" is on a branch of its own.', name);
		case 'rebuilt':
			return rebuiltWords;
		case 'budget':
			return `${sentence}.`;
		case 'hook':
			return sentence;
	}
}

function stoppedWords(name: string, hasFailed: boolean, reason: string): string {
	if (reason === '') {
		return hasFailed ? l10n.t('"{0}" failed.', name) : l10n.t('"{0}" is blocked.', name);
	}
	return hasFailed ? l10n.t('"{0}" failed: {1}', name, reason) : l10n.t('"{0}" is blocked: {1}', name, reason);
}
