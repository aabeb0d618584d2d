// Owns the Tasks view: its tree, its message, its badge, and bringing a row into sight.

import type { Disposable, Memento, TreeView } from 'vscode';
import { commands, window, l10n } from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import type { Event } from '../../base/event.ts';
import type { TaskStatus } from '../../core/task/taskStatus.ts';
import { boardOfStatus } from '../../core/task/taskStatus.ts';
import type { CommandHandlers } from '../commands/commandRegistry.ts';
import { countOfTasks } from '../counts.ts';
import { viewIds } from '../manifest.ts';
import { throttle, treeMilliseconds } from '../throttle.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import { askText, pickOne } from '../commands/pickers.ts';
import type { Notifier } from '../notify.ts';
import type { Performer } from '../performer.ts';
import type { Arrangement, Grouping, Order } from './taskArrangement.ts';
import { groupings, orders, usualArrangement } from './taskArrangement.ts';
import { TaskDrops } from './taskDrops.ts';
import { filterMessage, TaskFilter } from './taskFilter.ts';
import { workingStatuses } from './taskRows.ts';
import type { TaskTreeNode } from './taskTree.ts';
import { TaskTree } from './taskTree.ts';
import { viewFacts } from './viewFacts.ts';
import { viewMessage } from './viewState.ts';

const arrangementKey = 'dreamos.tasks.arrangement';

const groupingTitles: Readonly<Record<Grouping, string>> = {
	board: l10n.t('Board'),
	epic: l10n.t('Epic'),
	agent: l10n.t('Agent'),
	tag: l10n.t('Tag'),
	type: l10n.t('Kind of work'),
};
const orderTitles: Readonly<Record<Order, string>> = {
	place: l10n.t('Place on the board'),
	priority: l10n.t('Priority'),
	name: l10n.t('Name'),
	changed: l10n.t('Last change'),
	due: l10n.t('Due time'),
};

export interface TaskViewParts {
	readonly performer: Performer;
	readonly notifier: Notifier;
	/** Where the arrangement is kept. */
	readonly memory: Memento;
}

export class TaskView implements Disposable {
	readonly tree = new TaskTree();
	private readonly session: WorkspaceSession;
	private readonly view: TreeView<TaskTreeNode>;
	private readonly subscriptions = new DisposableStore();
	private readonly filter: TaskFilter;
	private readonly memory: Memento;
	private arrangement: Arrangement;
	private hasBoxes = false;

	constructor(session: WorkspaceSession, { performer, notifier, memory }: TaskViewParts) {
		this.session = session;
		this.memory = memory;
		this.arrangement = readArrangement(memory.get(arrangementKey));
		this.tree.arrange(this.arrangement);
		this.subscriptions.add(this.tree);
		this.filter = this.subscriptions.add(new TaskFilter(session));
		this.view = this.subscriptions.add(
			window.createTreeView(viewIds.tasks, {
				treeDataProvider: this.tree,
				showCollapseAll: true,
				canSelectMany: true,
				manageCheckboxStateManually: true,
				dragAndDropController: new TaskDrops(this.tree, {
					performer,
					notifier,
					snapshot: () => session.snapshot,
				}),
			}),
		);
		this.subscriptions.add(this.view.onDidChangeCheckboxState(({ items }) => this.tree.tick(items)));
		const refresh = this.subscriptions.add(throttle(treeMilliseconds, () => this.refresh()));
		this.subscriptions.add(session.onDidChangeSnapshot(() => refresh.trigger()));
		this.subscriptions.add(session.onDidChangeSnapshot(() => this.filter.refresh()));
		this.subscriptions.add(this.filter.onDidChange(() => refresh.trigger()));
		this.subscriptions.add(session.onDidChange(() => refresh.trigger()));
	}

	/** Fires when a filter was set, cleared, or leaves other tasks. */
	readonly onDidChangeFilter: Event<void> = (listener) => this.filter.onDidChange(listener);

	get isFiltered(): boolean {
		return this.filter.current !== undefined;
	}

	readonly commands: CommandHandlers = {
		'dreamos.tasks.filter': () => this.askFilter(),
		'dreamos.tasks.clearFilter': () => this.filter.set(''),
		'dreamos.tasks.groupBy': () => this.askArrangement('grouping', groupings, groupingTitles),
		'dreamos.tasks.sortBy': () => this.askArrangement('order', orders, orderTitles),
		'dreamos.tasks.tick': () => {
			this.hasBoxes = !this.hasBoxes;
			this.tree.showBoxes(this.hasBoxes);
		},
		'dreamos.tasks.showMore': (argument) => {
			const group: unknown =
				typeof argument === 'object' && argument !== null ? Reflect.get(argument, 'group') : undefined;
			if (typeof group === 'string') {
				this.session.workspace?.model.showArchived(this.tree.showMore(group));
			}
		},
	};

	/** Ids of the ticked tasks; of the selected ones when none is ticked. */
	get chosenTasks(): string[] {
		const ticked = this.tree.tickedTasks;
		return ticked.length > 0 ? ticked : this.selectedTasks;
	}

	/** Ids of the selected rows that are tasks, from top to bottom as they were chosen. */
	get selectedTasks(): string[] {
		return this.view.selection.flatMap((node) => (node.kind === 'task' ? [node.taskId] : []));
	}

	/** Selects a task if the view is on the screen; nothing is brought up that the person did not open. */
	async revealIfVisible(taskId: string): Promise<void> {
		await this.session.workspace?.model.settled();
		if (this.view.visible) {
			this.refresh();
			const node = this.tree.nodeOf(taskId);
			if (node !== undefined) {
				await this.view.reveal(node, { select: true, focus: false });
			}
		}
	}

	/** Opens the view at the first task with a status. */
	async revealStatus(status: TaskStatus): Promise<void> {
		this.refresh();
		const node = this.tree.nodeOfStatus(status, boardOfStatus[status]);
		if (node !== undefined) {
			await this.view.reveal(node, { select: true, focus: true, expand: true });
		}
	}

	/** Opens the view at a task; false when it is not there. */
	async revealTask(taskId: string): Promise<boolean> {
		if (this.filter.current?.keys.has(taskId) === false) {
			this.filter.set('');
		}
		this.refresh();
		const node = this.tree.nodeOf(taskId) ?? (await this.archivedNodeOf(taskId));
		if (node !== undefined) {
			await this.view.reveal(node, { select: true, focus: true });
		}
		return node !== undefined;
	}

	/** Opens the view with exactly these tasks; `text` says what they are. */
	async showTasks(text: string, ids: readonly string[]): Promise<void> {
		await commands.executeCommand(`${viewIds.tasks}.focus`);
		this.filter.setTasks(text, ids);
	}

	dispose(): void {
		this.subscriptions.dispose();
	}

	/** An archived task is no row before somebody looks for it. */
	private async archivedNodeOf(taskId: string): Promise<TaskTreeNode | undefined> {
		const model = this.session.workspace?.model;
		model?.showNamed([taskId]);
		await model?.settled();
		this.refresh();
		return this.tree.nodeOf(taskId);
	}

	private async askArrangement<Key extends keyof Arrangement>(
		key: Key,
		values: readonly Arrangement[Key][],
		titles: Readonly<Record<Arrangement[Key], string>>,
	): Promise<void> {
		const now = this.arrangement[key];
		// The one that is chosen first, so that Enter changes nothing.
		const options = [now, ...values.filter((value) => value !== now)].map((value) => ({
			value,
			label: titles[value],
			...(value === now ? { description: 'now' } : {}),
		}));
		const title = key === 'grouping' ? l10n.t('Group Tasks by') : l10n.t('Sort Tasks by');
		const value = await pickOne(options, {
			title,
			placeHolder: l10n.t('Each person and folder has an arrangement of its own'),
		});
		if (value !== undefined) {
			this.arrangement = { ...this.arrangement, [key]: value };
			await this.memory.update(arrangementKey, this.arrangement);
			this.tree.arrange(this.arrangement);
		}
	}

	private async askFilter(): Promise<void> {
		this.session.require();
		const text = await askText({
			title: l10n.t('Filter Tasks'),
			prompt: l10n.t('Shows only tasks that answer it. Leave it empty to show all.'),
			placeHolder: l10n.t('Words, "a phrase", -excluded, status:blocked, tag:…, agent:…, since:7d'),
			value: this.filter.current?.isGiven === true ? '' : (this.filter.current?.text ?? ''),
			longest: 1000,
		});
		if (text !== undefined) {
			await commands.executeCommand(`${viewIds.tasks}.focus`);
			this.filter.set(text);
		}
	}

	private refresh(): void {
		const { current, snapshot } = this.session;
		const filtered = this.filter.current;
		this.tree.update(snapshot, filtered?.keys);
		const parts = [
			filtered === undefined ? '' : filterMessage(filtered),
			viewMessage(viewFacts(this.session)) ?? '',
		];
		const message = parts.filter(Boolean).join(' ') || undefined;
		// The editor counts a message that is set, even to what it was, as a change of the rows.
		if (this.view.message !== message) {
			this.view.message = message;
		}
		this.view.description = current.kind === 'open' && current.isOneOfSeveral ? current.folder.name : undefined;
		const working = workingStatuses.reduce((sum, status) => sum + snapshot.counts[status], 0);
		this.view.badge =
			snapshot.workspace !== 'ours' || working === 0
				? undefined
				: { value: working, tooltip: l10n.t('{0} in work', countOfTasks(working)) };
	}
}

/** What was kept, as far as it still means something. */
function readArrangement(kept: unknown): Arrangement {
	const field = (name: keyof Arrangement): unknown =>
		typeof kept === 'object' && kept !== null ? Reflect.get(kept, name) : undefined;
	return {
		grouping: groupings.find((each) => each === field('grouping')) ?? usualArrangement.grouping,
		order: orders.find((each) => each === field('order')) ?? usualArrangement.order,
	};
}
