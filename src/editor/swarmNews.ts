// Owns which events become notifications: what waits for the person, what went wrong, and (only with the setting `all`) what is
// done. Several at once become one.

import type { Disposable } from 'vscode';
import { commands, l10n } from 'vscode';
import { DisposableStore } from '../base/disposable.ts';
import type { LedgerEvent } from '../core/events.ts';
import type { SwarmSnapshot } from '../core/swarm/swarmSnapshot.ts';
import { countOfTasks } from './counts.ts';
import { HeldNews, seenMilliseconds } from './heldNews.ts';
import type { NewsKind } from './newsKind.ts';
import { newsKindOf } from './newsKind.ts';
import { NewsReader } from './newsReader.ts';
import type { Choice, Notifier } from './notify.ts';
import { throttle } from './throttle.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

/** Events within this time are told together. */
const digestMilliseconds = 2000;
/** From this many on only their number is told. */
const singlesAtMost = 1;

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

export class SwarmNews implements Disposable {
	private readonly notifier: Notifier;
	private readonly subscriptions = new DisposableStore();
	private readonly held = new HeldNews();
	private later: ReturnType<typeof setTimeout> | undefined;
	private readonly session: WorkspaceSession;
	private readonly reader = new NewsReader(Date.now());

	constructor(session: WorkspaceSession, notifier: Notifier) {
		this.notifier = notifier;
		this.session = session;
		const look = this.subscriptions.add(throttle(digestMilliseconds, () => this.tell(session.snapshot)));
		this.subscriptions.add(
			session.onDidChangeSnapshot((snapshot) => {
				this.reader.see(snapshot);
				look.trigger();
			}),
		);
	}

	dispose(): void {
		clearTimeout(this.later);
		this.subscriptions.dispose();
	}

	private tell(snapshot: SwarmSnapshot): void {
		const fresh = this.reader.take(snapshot);
		for (const kind of ['review', 'returned', 'stopped', 'done', 'branch', 'hook', 'budget', 'rebuilt'] as const) {
			const events = this.held.take(
				kind,
				fresh.filter((event) => newsKindOf(event) === kind),
				performance.now(),
			);
			if (events.length > singlesAtMost) {
				this.say(kind, digests[kind](events.length), [dashboard]);
			} else {
				events.forEach((event) => this.sayOne(kind, event, snapshot));
			}
		}
		this.lookLater();
	}

	/** What waits is told together once the message on the screen has had its time, or is closed. */
	private lookLater(): void {
		if (this.held.isHolding && this.later === undefined) {
			this.later = setTimeout(() => {
				this.later = undefined;
				this.tell(this.session.snapshot);
			}, seenMilliseconds / 10);
		}
	}

	private sayOne(kind: NewsKind, { task_id: taskId = '', message }: LedgerEvent, snapshot: SwarmSnapshot): void {
		const name = snapshot.tasks.get(taskId)?.task.name || taskId;
		const run = (command: string) => () => commands.executeCommand(command, { taskId });
		switch (kind) {
			case 'review':
				return this.say(kind, l10n.t('"{0}" waits for your review.', name), [
					{ title: l10n.t('Review Change'), run: run('dreamos.run.review') },
				]);
			case 'returned':
				return this.say(
					kind,
					l10n.t('The change of "{0}" does not fit what is open now; its agent does it again.', name),
					[{ title: l10n.t('Show Run Log'), run: run('dreamos.run.log') }],
				);
			case 'stopped':
				return this.say(kind, `"${name}": ${message}`, [
					{ title: l10n.t('Show Run Log'), run: run('dreamos.run.log') },
				]);
			case 'done':
				return this.say(kind, l10n.t('"{0}" is done.', name), []);
			case 'branch':
				return this.say(kind, l10n.t('The change of "{0}" is on a branch of its own.', name), [
					{ title: l10n.t('Open Pull Request…'), run: run('dreamos.task.pullRequest') },
				]);
			case 'rebuilt':
				return this.say(kind, rebuiltWords, [{ title: l10n.t('Show Logs'), run: run('dreamos.logs.show') }]);
			case 'budget':
				return this.say(kind, `${message.charAt(0).toUpperCase()}${message.slice(1)}.`, [
					{ title: l10n.t('Show Budget'), run: () => commands.executeCommand('dreamos.budget.show') },
				]);
			case 'hook':
				return this.say(kind, `${message.charAt(0).toUpperCase()}${message.slice(1)}`, [
					{ title: l10n.t('Show Logs'), run: run('dreamos.logs.show') },
				]);
		}
	}

	private say(kind: NewsKind, message: string, choices: readonly Choice[]): void {
		void this.show(kind, message, choices).finally(() => this.held.close(kind));
	}

	private show(kind: NewsKind, message: string, choices: readonly Choice[]): Promise<void> {
		switch (kind) {
			case 'review':
			case 'branch':
				return this.notifier.request(message, choices);
			case 'returned':
			case 'stopped':
			case 'hook':
			case 'budget':
			case 'rebuilt':
				return this.notifier.problem(message, choices);
			case 'done':
				return this.notifier.news(message, choices);
		}
	}
}

const dashboard: Choice = {
	title: l10n.t('Open Dashboard'),
	run: () => commands.executeCommand('dreamos.dashboard.open'),
};
