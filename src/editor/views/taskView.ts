// Owns the Tasks view: its tree, its message, its badge, and bringing a row into sight.

import type { Disposable, TreeView } from 'vscode';
import { commands, window } from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import type { Event } from '../../base/event.ts';
import { countOf } from '../../base/words.ts';
import type { BoardName, TaskStatus } from '../../core/task/taskStatus.ts';
import { boardNames, boardOfStatus } from '../../core/task/taskStatus.ts';
import type { CommandHandlers } from '../commands/commandRegistry.ts';
import { viewIds } from '../manifest.ts';
import { throttle, treeMilliseconds } from '../throttle.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import { askText } from '../commands/pickers.ts';
import { filterMessage, TaskFilter } from './taskFilter.ts';
import { workingStatuses } from './taskRows.ts';
import type { TaskTreeNode } from './taskTree.ts';
import { TaskTree } from './taskTree.ts';
import { viewFacts } from './viewFacts.ts';
import { viewMessage } from './viewState.ts';

export class TaskView implements Disposable {
	readonly tree = new TaskTree();
	private readonly session: WorkspaceSession;
	private readonly view: TreeView<TaskTreeNode>;
	private readonly subscriptions = new DisposableStore();
	private readonly filter: TaskFilter;

	constructor(session: WorkspaceSession) {
		this.session = session;
		this.subscriptions.add(this.tree);
		this.filter = this.subscriptions.add(new TaskFilter(session));
		this.view = this.subscriptions.add(
			window.createTreeView(viewIds.tasks, {
				treeDataProvider: this.tree,
				showCollapseAll: true,
				canSelectMany: true,
			}),
		);
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
		'dreamos.tasks.showMore': (argument) => {
			const board: unknown =
				typeof argument === 'object' && argument !== null ? Reflect.get(argument, 'board') : undefined;
			const named: BoardName | undefined = boardNames.find((name) => name === board);
			if (named !== undefined) {
				this.session.workspace?.model.showArchived(this.tree.showMore(named));
			}
		},
	};

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
		await this.view.reveal(this.tree.nodeOfStatus(status, boardOfStatus[status]), {
			select: true,
			focus: true,
			expand: true,
		});
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

	private async askFilter(): Promise<void> {
		this.session.require();
		const text = await askText({
			title: 'Filter Tasks',
			prompt: 'Shows only tasks that answer it. Leave it empty to show all.',
			placeHolder: 'Words, "a phrase", -excluded, status:blocked, tag:…, agent:…, since:7d',
			value: this.filter.current?.text ?? '',
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
				: { value: working, tooltip: `${countOf(working, 'task')} in work` };
	}
}
