// Owns the Tasks view's data: four groups and their rows, from the snapshot alone. Tells the editor only of what changed, and
// hands out long groups in pages.

import type { Event, TreeDataProvider } from 'vscode';
import { EventEmitter, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { countOf } from '../../base/words.ts';
import type { SwarmSnapshot } from '../../core/swarm/swarmSnapshot.ts';
import { countAll, emptySnapshot } from '../../core/swarm/swarmSnapshot.ts';
import type { BoardName, TaskStatus } from '../../core/task/taskStatus.ts';
import { boardNames } from '../../core/task/taskStatus.ts';
import type { CommandId } from '../manifest.ts';
import { sharedNote } from './sharedOf.ts';
import type { RowIcon } from './taskRows.ts';
import { boardTitles, taskRow, taskTooltip } from './taskRows.ts';

export interface GroupNode {
	readonly kind: 'group';
	readonly board: BoardName;
}
export interface TaskNode {
	readonly kind: 'task';
	readonly taskId: string;
	readonly group: GroupNode;
}
export interface MoreNode {
	readonly kind: 'more';
	readonly group: GroupNode;
}
export type TaskTreeNode = GroupNode | TaskNode | MoreNode;

const pageSize = 500;
const showMore: CommandId = 'dreamos.tasks.showMore';

export const toIcon = ({ id, color }: RowIcon): ThemeIcon =>
	color === undefined ? new ThemeIcon(id) : new ThemeIcon(id, new ThemeColor(color));

export class TaskTree implements TreeDataProvider<TaskTreeNode> {
	private readonly changed = new EventEmitter<TaskTreeNode[] | undefined>();
	private readonly groups = new Map<BoardName, GroupNode>(
		boardNames.map((board) => [board, { kind: 'group', board }]),
	);
	private readonly limits = new Map<BoardName, number>();
	private nodes = new Map<string, TaskNode>();
	private snapshot: SwarmSnapshot = emptySnapshot;
	private filter: ReadonlySet<string> | undefined;
	/** Keys of the rows by board, as `filter` leaves them. */
	private shown = emptySnapshot.boards;

	readonly onDidChangeTreeData: Event<TaskTreeNode[] | undefined> = this.changed.event;

	/** Takes the newest picture, and the keys a filter leaves of it; the editor asks for what differs. */
	update(next: SwarmSnapshot, filter?: ReadonlySet<string>): void {
		const previous = this.snapshot;
		const shownBefore = this.shown;
		const wasFiltered = this.filter !== undefined;
		this.snapshot = next;
		this.filter = filter;
		this.shown = filter === undefined ? next.boards : filterBoards(next.boards, filter);
		if (previous.workspace !== next.workspace || (countAll(previous) === 0) !== (countAll(next) === 0)) {
			this.nodes = new Map();
			this.changed.fire(undefined);
			return;
		}
		const isTold = wasFiltered !== (filter !== undefined);
		const changes = [...this.groups.values()].flatMap((group) =>
			// A group says whether it is filtered.
			isTold ? [group] : this.changesOf(group, previous, shownBefore),
		);
		if (changes.length > 0) {
			this.changed.fire(changes);
		}
	}

	/** Shows another page of a group. Returns how many tasks of the archives have to be fetched for it. */
	showMore(board: BoardName): number {
		this.limits.set(board, this.limitOf(board) + pageSize);
		this.changed.fire([this.groupOf(board)]);
		return Math.min(this.archivedOf(board), Math.max(0, this.limitOf(board) - this.snapshot.boards[board].length));
	}

	/** The row of a task, on a page that is shown; undefined when there is no such task or a filter hides it. */
	nodeOf(taskId: string): TaskNode | undefined {
		const board = this.snapshot.tasks.get(taskId)?.board;
		if (board === undefined) {
			return undefined;
		}
		const index = this.idsOf(board).indexOf(taskId);
		if (index === -1) {
			return undefined;
		}
		if (index >= this.limitOf(board)) {
			this.limits.set(board, Math.ceil((index + 1) / pageSize) * pageSize);
			this.changed.fire([this.groupOf(board)]);
		}
		return this.taskNode(taskId, board);
	}

	/** The first row with this status, else the group such tasks are in. */
	nodeOfStatus(status: TaskStatus, board: BoardName): TaskTreeNode {
		const id = this.idsOf(board).find((each) => this.snapshot.tasks.get(each)?.task.status === status);
		return (id === undefined ? undefined : this.nodeOf(id)) ?? this.groupOf(board);
	}

	getChildren(node?: TaskTreeNode): TaskTreeNode[] {
		if (node === undefined) {
			return countAll(this.snapshot) === 0 ? [] : [...this.groups.values()];
		}
		if (node.kind !== 'group') {
			return [];
		}
		const ids = this.idsOf(node.board);
		const limit = this.limitOf(node.board);
		const rows: TaskTreeNode[] = ids.slice(0, limit).map((id) => this.taskNode(id, node.board));
		return ids.length > limit || this.archivedOf(node.board) > 0 ? [...rows, { kind: 'more', group: node }] : rows;
	}

	getParent(node: TaskTreeNode): TaskTreeNode | undefined {
		return node.kind === 'group' ? undefined : node.group;
	}

	getTreeItem(node: TaskTreeNode): TreeItem {
		switch (node.kind) {
			case 'group':
				return this.groupItem(node);
			case 'more':
				return this.moreItem(node);
			case 'task':
				return this.taskItem(node);
		}
	}

	resolveTreeItem(item: TreeItem, node: TaskTreeNode): TreeItem {
		const shown = node.kind === 'task' ? this.snapshot.tasks.get(node.taskId) : undefined;
		if (shown !== undefined) {
			// A string, not Markdown: nothing in it can be a link or a command.
			item.tooltip = taskTooltip(this.snapshot, shown);
		}
		return item;
	}

	dispose(): void {
		this.changed.dispose();
	}

	private groupItem(group: GroupNode): TreeItem {
		const count = this.shown[group.board].length + this.archivedOf(group.board);
		const all =
			this.snapshot.boards[group.board].length + (group.board === 'completed_tasks' ? this.snapshot.archived : 0);
		const isClosed = group.board === 'completed_tasks';
		const state = isClosed ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.Expanded;
		const item = new TreeItem(boardTitles[group.board], state);
		item.id = `group:${group.board}`;
		item.description = this.filter === undefined ? String(count) : `${count} of ${all}`;
		item.contextValue = `group.${group.board}`;
		item.accessibilityInformation = { label: `${boardTitles[group.board]}, ${countOf(count, 'task')}` };
		return item;
	}

	private moreItem({ group }: MoreNode): TreeItem {
		const rest =
			Math.max(0, this.idsOf(group.board).length - this.limitOf(group.board)) + this.archivedOf(group.board);
		const item = new TreeItem('Show more…');
		item.id = `more:${group.board}:${this.limitOf(group.board)}`;
		item.description = `${rest} not shown`;
		item.iconPath = new ThemeIcon('ellipsis');
		item.command = { command: showMore, title: 'Show More', arguments: [{ board: group.board }] };
		return item;
	}

	private taskItem({ taskId }: TaskNode): TreeItem {
		const shown = this.snapshot.tasks.get(taskId);
		if (shown === undefined) {
			return new TreeItem('');
		}
		const row = taskRow(this.snapshot, shown);
		const item = new TreeItem(row.label);
		item.id = `task:${taskId}`;
		item.description = row.description;
		item.iconPath = toIcon(row.icon);
		item.contextValue = row.contextValue;
		item.accessibilityInformation = { label: row.accessibleLabel };
		return item;
	}

	private groupOf(board: BoardName): GroupNode {
		return this.groups.get(board) ?? { kind: 'group', board };
	}

	/** Finished tasks that are counted, and shown only when somebody asks for more. */
	private archivedOf(board: BoardName): number {
		return board === 'completed_tasks' && this.filter === undefined ? this.snapshot.archived : 0;
	}

	private limitOf(board: BoardName): number {
		return this.limits.get(board) ?? pageSize;
	}

	/** In board order; what is finished with the newest first, for the first page is what people look at. */
	private idsOf(board: BoardName): readonly string[] {
		const ids = this.shown[board];
		return board === 'completed_tasks' ? ids.toReversed() : ids;
	}

	private taskNode(taskId: string, board: BoardName): TaskNode {
		const known = this.nodes.get(taskId);
		if (known !== undefined && known.group.board === board) {
			return known;
		}
		const node: TaskNode = { kind: 'task', taskId, group: this.groupOf(board) };
		this.nodes.set(taskId, node);
		return node;
	}

	/** The group when tasks came, went or moved in it; else its rows that say something else now. */
	private changesOf(group: GroupNode, previous: SwarmSnapshot, shownBefore: SwarmSnapshot['boards']): TaskTreeNode[] {
		const before = shownBefore[group.board];
		const now = this.shown[group.board];
		const isRest = group.board === 'completed_tasks' && previous.archived !== this.snapshot.archived;
		const isCounted =
			this.filter !== undefined &&
			previous.boards[group.board].length !== this.snapshot.boards[group.board].length;
		if (isRest || isCounted || before.length !== now.length || before.some((id, index) => id !== now[index])) {
			return [group];
		}
		const asked = changedAsking(previous, this.snapshot);
		return this.idsOf(group.board)
			.slice(0, this.limitOf(group.board))
			.filter(
				(id) =>
					asked.has(id) ||
					this.snapshot.tasks.get(id) !== previous.tasks.get(id) ||
					sharedNoteOf(this.snapshot, id) !== sharedNoteOf(previous, id),
			)
			.map((id) => this.taskNode(id, group.board));
	}
}

/** Tasks whose agent began or ceased to wait for an answer. */
function changedAsking(before: SwarmSnapshot, now: SwarmSnapshot): ReadonlySet<string> {
	const idsOf = ({ questions }: SwarmSnapshot) => questions.map(({ task_id }) => task_id);
	const [old, current] = [idsOf(before), idsOf(now)];
	return new Set([...old.filter((id) => !current.includes(id)), ...current.filter((id) => !old.includes(id))]);
}

/** What the row of a task says about files that another agent changes too. */
function sharedNoteOf(snapshot: SwarmSnapshot, taskId: string): string {
	const runId = snapshot.tasks.get(taskId)?.run_id ?? null;
	return runId === null ? '' : sharedNote(snapshot, runId);
}

function filterBoards(boards: SwarmSnapshot['boards'], keys: ReadonlySet<string>): SwarmSnapshot['boards'] {
	const keep = (board: BoardName) => boards[board].filter((key) => keys.has(key));
	return {
		task_backlog: keep('task_backlog'),
		task_ready_queue: keep('task_ready_queue'),
		working_tasks: keep('working_tasks'),
		completed_tasks: keep('completed_tasks'),
	};
}
