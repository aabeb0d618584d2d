// Owns the words of news: what a message says of one event, and of many. Pure, so that it is tested without an editor.

import { countOf } from '../base/words.ts';
import type { LedgerEvent } from '../core/events.ts';
import type { NotificationKind } from '../core/settings.ts';
import type { NewsMessage } from './heldNews.ts';
import type { NewsKind } from './newsKind.ts';

/** What a person calls the kinds, where they choose which to mute. */
export const notificationTitles: Readonly<Record<NotificationKind, string>> = {
	question: 'Questions of agents',
	review: 'Changes that wait for your review',
	returned: 'Changes that did not fit and went back to their agents',
	stopped: 'Tasks that failed or are blocked',
	branch: 'Changes on branches of their own',
	done: 'Finished tasks',
	budget: 'Budgets that are used, or nearly so',
	hook: 'Hooks that failed',
	rebuilt: 'A ledger that was rebuilt',
	host: "Failures of the swarm's own program",
	settings: 'Settings that cannot be used',
};

const rebuiltWords =
	'The ledger was gone or damaged. It was rebuilt from the boards; runs and history from before are not in it.';

const digests: Readonly<Record<NewsKind, (count: number) => string>> = {
	review: (count) => `${countOf(count, 'change waits', 'changes wait')} for your review.`,
	returned: (count) =>
		`${countOf(count, 'change')} did not fit what is open now and went back to ${count === 1 ? 'its agent' : 'their agents'}.`,
	stopped: (count) => `${countOf(count, 'task')} could not be finished.`,
	done: (count) => `${countOf(count, 'task is', 'tasks are')} done.`,
	branch: (count) =>
		`${count === 1 ? '1 change is on a branch of its own' : `${count} changes are on branches of their own`}.`,
	hook: (count) => `${countOf(count, 'hook')} failed; nothing waits for ${count === 1 ? 'it' : 'them'}.`,
	budget: (count) => `${countOf(count, 'budget is', 'budgets are')} used, or nearly so.`,
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
			return `"${name}" waits for your review.`;
		case 'returned':
			return `The change of "${name}" does not fit what is open now; its agent does it again.`;
		case 'stopped':
			return `"${name}" ${data?.['to'] === 'FAILED' ? 'failed' : 'is blocked'}${typeof reason === 'string' ? `: ${reason}` : '.'}`;
		case 'done':
			return `"${name}" is done.`;
		case 'branch':
			return `The change of "${name}" is on a branch of its own.`;
		case 'rebuilt':
			return rebuiltWords;
		case 'budget':
			return `${sentence}.`;
		case 'hook':
			return sentence;
	}
}
