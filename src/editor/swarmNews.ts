// Owns which events become notifications: what waits for the person, what went wrong, and (only with the setting `all`) what is
// done. Several at once become one, which opens what it counts.

import type { Disposable } from 'vscode';
import { commands, l10n } from 'vscode';
import { DisposableStore } from '../base/disposable.ts';
import type { Logger } from '../base/log.ts';
import type { LedgerEvent } from '../core/events.ts';
import type { NewsMessage } from './heldNews.ts';
import { HeldNews, seenMilliseconds } from './heldNews.ts';
import type { NewsKind } from './newsKind.ts';
import { NewsReader } from './newsReader.ts';
import { digestOf, wordsOf } from './newsWords.ts';
import type { Choice, Notifier } from './notify.ts';
import { throttle } from './throttle.ts';
import type { TaskView } from './views/taskView.ts';
import type { WorkspaceSession } from './workspaceSession.ts';

/** Events within this time are told together. */
const digestMilliseconds = 2000;

export interface SwarmNewsParts {
	readonly session: WorkspaceSession;
	readonly notifier: Notifier;
	readonly tasks: Pick<TaskView, 'revealTask' | 'showTasks'>;
	readonly log: Logger;
}

export class SwarmNews implements Disposable {
	private readonly parts: SwarmNewsParts;
	private readonly subscriptions = new DisposableStore();
	private readonly held = new HeldNews();
	private later: ReturnType<typeof setTimeout> | undefined;
	private readonly reader = new NewsReader(Date.now());

	constructor(parts: SwarmNewsParts) {
		this.parts = parts;
		const look = this.subscriptions.add(throttle(digestMilliseconds, () => this.look()));
		this.subscriptions.add(
			parts.session.onDidChangeSnapshot((snapshot) => {
				this.reader.see(snapshot);
				look.trigger();
			}),
		);
	}

	dispose(): void {
		clearTimeout(this.later);
		this.subscriptions.dispose();
	}

	private look(): void {
		this.tell().catch((error: unknown) => this.parts.log.error('What the swarm did could not be told.', error));
	}

	private async tell(): Promise<void> {
		const { session, notifier } = this.parts;
		const fresh = await this.reader.take(
			session.snapshot,
			async (after) => (await session.workspace?.ledger()?.read((reader) => reader.events({ after }))) ?? [],
		);
		for (const message of this.held.take(fresh, performance.now(), (kind) => notifier.wants(kind))) {
			const [[kind, events] = [], ...others] = message;
			const [event, ...more] = events ?? [];
			const said =
				kind === undefined || event === undefined || others.length > 0 || more.length > 0
					? this.digest(message)
					: this.single(kind, event);
			void notifier.tell([...message.keys()], ...said).finally(() => this.held.close(message));
		}
		this.lookLater();
	}

	/** What waits is told together once the messages on the screen have had their time, or are closed. */
	private lookLater(): void {
		if (this.held.isHolding && this.later === undefined) {
			this.later = setTimeout(() => {
				this.later = undefined;
				this.look();
			}, seenMilliseconds / 10);
		}
	}

	private single(kind: NewsKind, event: LedgerEvent): readonly [text: string, choices: readonly Choice[]] {
		const { session, tasks } = this.parts;
		const taskId = event.task_id ?? '';
		const name = session.snapshot.tasks.get(taskId)?.task.name || taskId;
		const run = (title: string, command: string): Choice => ({
			title,
			run: () => commands.executeCommand(command, { taskId }),
		});
		const showTask: Choice = { title: l10n.t('Show Task'), run: () => tasks.revealTask(taskId) };
		const choices: Readonly<Record<NewsKind, Choice>> = {
			review: run(l10n.t('Review Change'), 'dreamos.run.review'),
			returned: run(l10n.t('Show Run Log'), 'dreamos.run.log'),
			stopped: wasQueued(event) ? showTask : run(l10n.t('Show Run Log'), 'dreamos.run.log'),
			branch: run(l10n.t('Open Pull Request…'), 'dreamos.task.pullRequest'),
			done: showTask,
			budget: run(l10n.t('Show Budget'), 'dreamos.budget.show'),
			hook: run(l10n.t('Show Logs'), 'dreamos.logs.show'),
			rebuilt: run(l10n.t('Show Logs'), 'dreamos.logs.show'),
		};
		return [wordsOf(kind, name, event), [choices[kind]]];
	}

	private digest(message: NewsMessage): readonly [text: string, choices: readonly Choice[]] {
		const text = digestOf(message);
		const ids = new Set([...message.values()].flat().flatMap(({ task_id: taskId }) => taskId ?? []));
		const show =
			ids.size === 0
				? () => commands.executeCommand(message.has('budget') ? 'dreamos.budget.show' : 'dreamos.logs.show')
				: () => this.parts.tasks.showTasks(text, [...ids]);
		return [text, [{ title: l10n.t('Show'), run: show }]];
	}
}

/** Nobody worked on it: there is no log. */
const wasQueued = ({ data }: LedgerEvent): boolean => data?.['from'] === 'PENDING' || data?.['from'] === 'READY';
