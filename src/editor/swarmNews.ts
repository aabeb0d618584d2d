// Owns which events become notifications: what waits for the person, what went wrong, and (only with the setting `all`) what is
// done. Several at once become one.

import type { Disposable } from 'vscode';
import { commands } from 'vscode';
import { DisposableStore } from '../base/disposable.ts';
import { countOf } from '../base/words.ts';
import type { LedgerEvent } from '../core/events.ts';
import type { SwarmSnapshot } from '../core/swarm/swarmSnapshot.ts';
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
				return this.say(kind, `"${name}" waits for your review.`, [
					{ title: 'Review Change', run: run('dreamos.run.review') },
				]);
			case 'returned':
				return this.say(
					kind,
					`The change of "${name}" does not fit what is open now; its agent does it again.`,
					[{ title: 'Show Run Log', run: run('dreamos.run.log') }],
				);
			case 'stopped':
				return this.say(kind, `"${name}": ${message}`, [
					{ title: 'Show Run Log', run: run('dreamos.run.log') },
				]);
			case 'done':
				return this.say(kind, `"${name}" is done.`, []);
			case 'branch':
				return this.say(kind, `The change of "${name}" is on a branch of its own.`, [
					{ title: 'Open Pull Request…', run: run('dreamos.task.pullRequest') },
				]);
			case 'rebuilt':
				return this.say(kind, rebuiltWords, [{ title: 'Show Logs', run: run('dreamos.logs.show') }]);
			case 'budget':
				return this.say(kind, `${message.charAt(0).toUpperCase()}${message.slice(1)}.`, [
					{ title: 'Show Budget', run: () => commands.executeCommand('dreamos.budget.show') },
				]);
			case 'hook':
				return this.say(kind, `${message.charAt(0).toUpperCase()}${message.slice(1)}`, [
					{ title: 'Show Logs', run: run('dreamos.logs.show') },
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

const dashboard: Choice = { title: 'Open Dashboard', run: () => commands.executeCommand('dreamos.dashboard.open') };
