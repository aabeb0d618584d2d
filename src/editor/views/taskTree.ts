// Owns the Tasks view's data: groups and their rows, from the snapshot and an arrangement of it. Tells the editor only of what
// changed, and hands out long groups in pages.

import type { Event, TreeDataProvider } from 'vscode';
import {
	EventEmitter,
	MarkdownString,
	ThemeColor,
	ThemeIcon,
	TreeItem,
	TreeItemCheckboxState,
	TreeItemCollapsibleState,
	l10n,
} from 'vscode';
import type { SwarmSnapshot } from '../../core/swarm/swarmSnapshot.ts';
import { countAll, emptySnapshot } from '../../core/swarm/swarmSnapshot.ts';
import type { BoardName, TaskStatus } from '../../core/task/taskStatus.ts';
import { countOfTasks } from '../counts.ts';
import { taskHover } from '../language/taskHover.ts';
import type { CommandId } from '../manifest.ts';
import { sharedNote } from './sharedOf.ts';
import type { RowIcon } from './taskRows.ts';
import { taskRow } from './taskRows.ts';
import type { Arrangement, TaskGroup } from './taskArrangement.ts';
import { arrangeTasks, usualArrangement } from './taskArrangement.ts';

export interface GroupNode {
	readonly kind: 'group';
	/** The key of its TaskGroup. */
	readonly key: string;
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
	private readonly groupNodes = new Map<string, GroupNode>();
	private readonly limits = new Map<string, number>();
	private readonly ticked = new Set<string>();
	private nodes = new Map<string, TaskNode>();
	private snapshot: SwarmSnapshot = emptySnapshot;
	private filter: ReadonlySet<string> | undefined;
	private arrangement = usualArrangement;
	private groups: ReadonlyMap<string, TaskGroup> = new Map();
	private hasBoxes = false;

	readonly onDidChangeTreeData: Event<TaskTreeNode[] | undefined> = this.changed.event;

	/** Takes the newest picture, and the keys a filter leaves of it; the editor asks for what differs. */
	update(next: SwarmSnapshot, filter?: ReadonlySet<string>): void {
		const previous = this.snapshot;
		const before = this.groups;
		const isTold = (this.filter === undefined) !== (filter === undefined);
		this.snapshot = next;
		this.filter = filter;
		const boards = filter === undefined ? next.boards : filterBoards(next.boards, filter);
		this.groups = new Map(arrangeTasks(next, boards, this.arrangement).map((group) => [group.key, group]));
		if (
			previous.workspace !== next.workspace ||
			(countAll(previous) === 0) !== (countAll(next) === 0) ||
			[...before.keys()].join('\n') !== [...this.groups.keys()].join('\n')
		) {
			this.redraw();
			return;
		}
		const changes = [...this.groups.values()].flatMap((group) =>
			// A group says whether it is filtered.
			isTold ? [this.groupNode(group.key)] : this.changesOf(group, before.get(group.key), previous),
		);
		if (changes.length > 0) {
			this.changed.fire(changes);
		}
	}

	/** Groups and sorts anew. */
	arrange(arrangement: Arrangement): void {
		this.arrangement = arrangement;
		this.groups = new Map();
		this.update(this.snapshot, this.filter);
	}

	/** Shows a box before each task, or takes them away; those that were ticked are forgotten. */
	showBoxes(hasBoxes: boolean): void {
		this.hasBoxes = hasBoxes;
		this.ticked.clear();
		this.redraw();
	}

	/** Notes which boxes a person ticked. */
	tick(nodes: Iterable<readonly [TaskTreeNode, TreeItemCheckboxState]>): void {
		for (const [node, state] of nodes) {
			if (node.kind === 'task' && state === TreeItemCheckboxState.Checked) {
				this.ticked.add(node.taskId);
			} else if (node.kind === 'task') {
				this.ticked.delete(node.taskId);
			}
		}
	}

	/** Ids of the ticked tasks that still are there. */
	get tickedTasks(): string[] {
		return [...this.ticked].filter((id) => this.snapshot.tasks.has(id));
	}

	/** The group of a row and what its tasks have in common. */
	groupOf(node: TaskTreeNode): { readonly grouping: Arrangement['grouping']; readonly value: string } {
		const key = node.kind === 'group' ? node.key : node.group.key;
		return { grouping: this.arrangement.grouping, value: this.groups.get(key)?.value ?? '' };
	}

	/** Shows another page of a group. Returns how many tasks of the archives have to be fetched for it. */
	showMore(key: string): number {
		this.limits.set(key, this.limitOf(key) + pageSize);
		this.changed.fire([this.groupNode(key)]);
		const onBoard = this.groups.get(key)?.tasks.length ?? 0;
		return Math.min(this.archivedOf(key), Math.max(0, this.limitOf(key) - onBoard));
	}

	/** The row of a task, on a page that is shown; undefined when there is no such task or a filter hides it. */
	nodeOf(taskId: string): TaskNode | undefined {
		const board = this.snapshot.tasks.get(taskId)?.board ?? '';
		const named = this.groups.get(board);
		const places = [...(named === undefined ? this.groups.values() : [named])].map((group) => ({
			key: group.key,
			index: group.tasks.indexOf(taskId),
		}));
		const place = places.find(({ index }) => index !== -1);
		if (place === undefined) {
			return undefined;
		}
		if (place.index >= this.limitOf(place.key)) {
			this.limits.set(place.key, Math.ceil((place.index + 1) / pageSize) * pageSize);
			this.changed.fire([this.groupNode(place.key)]);
		}
		return this.taskNode(taskId, place.key);
	}

	/** The first row with this status, else the group such tasks are in; undefined where there is no such group. */
	nodeOfStatus(status: TaskStatus, board: BoardName): TaskTreeNode | undefined {
		const has = (id: string) => this.snapshot.tasks.get(id)?.task.status === status;
		const id = [...this.groups.values()].flatMap(({ tasks }) => tasks.find(has) ?? [])[0];
		const node = id === undefined ? undefined : this.nodeOf(id);
		return node ?? (this.groups.has(board) ? this.groupNode(board) : undefined);
	}

	getChildren(node?: TaskTreeNode): TaskTreeNode[] {
		if (node === undefined) {
			return countAll(this.snapshot) === 0 ? [] : [...this.groups.keys()].map((key) => this.groupNode(key));
		}
		if (node.kind !== 'group') {
			return [];
		}
		const { key } = node;
		const ids = this.groups.get(key)?.tasks ?? [];
		const limit = this.limitOf(key);
		const rows: TaskTreeNode[] = ids.slice(0, limit).map((id) => this.taskNode(id, key));
		return ids.length > limit || this.archivedOf(key) > 0 ? [...rows, { kind: 'more', group: node }] : rows;
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
			item.tooltip = new MarkdownString(taskHover(this.snapshot, shown, Date.now()));
		}
		return item;
	}

	dispose(): void {
		this.changed.dispose();
	}

	private redraw(): void {
		this.nodes = new Map();
		this.changed.fire(undefined);
	}

	private groupItem({ key }: GroupNode): TreeItem {
		const group = this.groups.get(key);
		if (group === undefined) {
			return new TreeItem('');
		}
		const { title, tasks, isClosed } = group;
		const count = tasks.length + this.archivedOf(key);
		const state = isClosed ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.Expanded;
		const item = new TreeItem(title, state);
		item.id = `group:${key}`;
		item.description = this.describeGroup(group, count);
		item.contextValue = `group.${key}`;
		item.accessibilityInformation = { label: `${title}, ${countOfTasks(count)}` };
		return item;
	}

	/** How many there are; of a board how many a filter leaves, of anything else how many are done. */
	private describeGroup({ key, tasks }: TaskGroup, count: number): string {
		const { grouping } = this.arrangement;
		if (grouping !== 'board') {
			const done = tasks.filter((id) => this.snapshot.tasks.get(id)?.task.status === 'COMPLETED').length;
			return done === 0 ? String(count) : l10n.t('{0}, {1} done', count, done);
		}
		if (this.filter === undefined) {
			return String(count);
		}
		const onBoard = this.snapshot.boards[key as BoardName].length;
		return l10n.t('{0} of {1}', count, onBoard + (key === 'completed_tasks' ? this.snapshot.archived : 0));
	}

	private moreItem({ group: { key } }: MoreNode): TreeItem {
		const rest = Math.max(0, (this.groups.get(key)?.tasks.length ?? 0) - this.limitOf(key)) + this.archivedOf(key);
		const item = new TreeItem(l10n.t('Show more…'));
		item.id = `more:${key}:${this.limitOf(key)}`;
		item.description = l10n.t('{0} not shown', rest);
		item.iconPath = new ThemeIcon('ellipsis');
		item.command = { command: showMore, title: l10n.t('Show More'), arguments: [{ group: key }] };
		return item;
	}

	private taskItem({ taskId, group }: TaskNode): TreeItem {
		const shown = this.snapshot.tasks.get(taskId);
		if (shown === undefined) {
			return new TreeItem('');
		}
		const row = taskRow(this.snapshot, shown);
		const item = new TreeItem(row.label);
		// With several tags it stands in several groups.
		item.id = this.arrangement.grouping === 'board' ? `task:${taskId}` : `task:${taskId}:${group.key}`;
		item.description = row.description;
		item.iconPath = toIcon(row.icon);
		item.contextValue = row.contextValue;
		item.accessibilityInformation = { label: row.accessibleLabel };
		if (this.hasBoxes) {
			item.checkboxState = this.ticked.has(taskId)
				? TreeItemCheckboxState.Checked
				: TreeItemCheckboxState.Unchecked;
		}
		return item;
	}

	private groupNode(key: string): GroupNode {
		const known = this.groupNodes.get(key);
		const node: GroupNode = known ?? { kind: 'group', key };
		this.groupNodes.set(key, node);
		return node;
	}

	/** Finished tasks that are counted, and shown only when somebody asks for more. */
	private archivedOf(key: string): number {
		return key === 'completed_tasks' && this.filter === undefined ? this.snapshot.archived : 0;
	}

	private limitOf(key: string): number {
		return this.limits.get(key) ?? pageSize;
	}

	private taskNode(taskId: string, key: string): TaskNode {
		const id = this.arrangement.grouping === 'board' ? taskId : `${key}\n${taskId}`;
		const known = this.nodes.get(id);
		if (known !== undefined && known.group.key === key) {
			return known;
		}
		const node: TaskNode = { kind: 'task', taskId, group: this.groupNode(key) };
		this.nodes.set(id, node);
		return node;
	}

	/** The group when tasks came, went or moved in it; else its rows that say something else now. */
	private changesOf(group: TaskGroup, before: TaskGroup | undefined, previous: SwarmSnapshot): TaskTreeNode[] {
		const { key, tasks } = group;
		const isRest = key === 'completed_tasks' && previous.archived !== this.snapshot.archived;
		const isSame = before?.tasks === tasks || isEqualList(before?.tasks ?? [], tasks);
		const isBoard = this.arrangement.grouping === 'board';
		const isCounted =
			isBoard &&
			this.filter !== undefined &&
			previous.boards[key as BoardName].length !== this.snapshot.boards[key as BoardName].length;
		if (isRest || isCounted || !isSame || before?.title !== group.title) {
			return [this.groupNode(key)];
		}
		const asked = changedAsking(previous, this.snapshot);
		const rows = tasks
			.slice(0, this.limitOf(key))
			.filter(
				(id) =>
					asked.has(id) ||
					this.snapshot.tasks.get(id) !== previous.tasks.get(id) ||
					sharedNoteOf(this.snapshot, id) !== sharedNoteOf(previous, id),
			)
			.map((id) => this.taskNode(id, key));
		// A group that is no board says how many are done.
		return isBoard || rows.length === 0 ? rows : [this.groupNode(key)];
	}
}

const isEqualList = (left: readonly string[], right: readonly string[]): boolean =>
	left.length === right.length && left.every((each, index) => each === right[index]);

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
