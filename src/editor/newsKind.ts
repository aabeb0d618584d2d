// Owns which events are news for the person. Pure, so that it is tested without an editor.

import type { LedgerEvent } from '../core/events.ts';
import type { NotificationKind } from '../core/settings.ts';

/** Kinds that events of the ledger bring, in the order in which they are told. */
export const newsKinds = ['rebuilt', 'review', 'stopped', 'budget', 'returned', 'branch', 'hook', 'done'] as const;
export type NewsKind = (typeof newsKinds)[number] & NotificationKind;

/** What an event means for the person; undefined when it is no news, or their own doing. */
export function newsKindOf({ type, actor, data }: LedgerEvent): NewsKind | undefined {
	if (type === 'workspace.rebuilt') {
		return 'rebuilt';
	}
	if (type === 'landing.returned') {
		// Also where the person accepted it: that is not what they expect to come of it.
		return 'returned';
	}
	if (actor.startsWith('human:') || actor.startsWith('cli:') || actor.startsWith('file:')) {
		return undefined;
	}
	if (type === 'run.changed' && data?.['state'] === 'review') {
		return 'review';
	}
	if (type === 'landing.finished' && typeof data?.['branch'] === 'string') {
		return 'branch';
	}
	if (type === 'hook.failed') {
		return 'hook';
	}
	if (type === 'budget.warned' || (type === 'budget.spent' && data?.['scope'] !== 'task')) {
		// A task that used its own is blocked, which is told already.
		return 'budget';
	}
	if (type === 'task.moved') {
		const to = data?.['to'];
		return to === 'FAILED' || to === 'BLOCKED' ? 'stopped' : to === 'COMPLETED' ? 'done' : undefined;
	}
	return undefined;
}
