// Owns dragging tasks in the sidebar: onto a board it moves them, onto a task it puts them before it, onto an agent, an epic, a tag
// or a kind of work it gives them that. Every drop is an action of the catalogue; what may not be says why.

import type { DataTransfer, TreeDragAndDropController } from 'vscode';
import { DataTransferItem, l10n } from 'vscode';
import type { SwarmSnapshot } from '../../core/swarm/swarmSnapshot.ts';
import type { BoardName, TaskStatus } from '../../core/task/taskStatus.ts';
import { assertMovable, moveTasks } from '../commands/moveTasks.ts';
import type { Notifier } from '../notify.ts';
import type { Performer } from '../performer.ts';
import type { Grouping } from './taskArrangement.ts';
import type { TaskTree, TaskTreeNode } from './taskTree.ts';

/** What the dragged rows are: their ids, one a line. */
const draggedTasks = 'application/vnd.dreamos.tasks';

export interface TaskDropsParts {
	readonly performer: Performer;
	readonly notifier: Notifier;
	readonly snapshot: () => SwarmSnapshot;
}

/** Ids of the tasks that are dropped; empty when it is something else. */
async function readDraggedTasks(data: DataTransfer): Promise<string[]> {
	const text = await data.get(draggedTasks)?.asString();
	return text === undefined || text === '' ? [] : text.split('\n');
}

/** Where a drop on a board puts a task. */
const statusOfBoard: Readonly<Record<BoardName, TaskStatus>> = {
	task_backlog: 'PENDING',
	task_ready_queue: 'READY',
	working_tasks: 'IN_PROGRESS',
	completed_tasks: 'COMPLETED',
};

/** Makes the tasks have what a group stands for. */
export async function giveTasks(
	{ performer, snapshot }: Omit<TaskDropsParts, 'notifier'>,
	taskIds: readonly string[],
	grouping: Grouping,
	value: string,
): Promise<void> {
	performer.assertReady();
	if (grouping === 'board') {
		const status = statusOfBoard[value as BoardName];
		assertMovable(snapshot(), taskIds, status);
		await moveTasks(snapshot(), taskIds, status);
		return;
	}
	for (const task_id of taskIds) {
		const tags = snapshot().tasks.get(task_id)?.task.tags ?? [];
		const fields = {
			epic: { parent: value === task_id ? '' : value },
			agent: { assigned_agent: value },
			tag: { tags: value === '' ? [] : [...new Set([...tags, value])] },
			type: { task_type: value },
		}[grouping];
		await performer.perform('task.edit', { task_id, ...fields });
	}
}

export class TaskDrops implements TreeDragAndDropController<TaskTreeNode> {
	readonly dragMimeTypes = [draggedTasks];
	readonly dropMimeTypes = [draggedTasks];
	private readonly tree: TaskTree;
	private readonly parts: TaskDropsParts;

	constructor(tree: TaskTree, parts: TaskDropsParts) {
		this.tree = tree;
		this.parts = parts;
	}

	handleDrag(source: readonly TaskTreeNode[], data: DataTransfer): void {
		const ids = source.flatMap((node) => (node.kind === 'task' ? [node.taskId] : []));
		data.set(draggedTasks, new DataTransferItem(ids.join('\n')));
	}

	async handleDrop(target: TaskTreeNode | undefined, data: DataTransfer): Promise<void> {
		const ids = await readDraggedTasks(data);
		if (target === undefined || ids.length === 0) {
			return;
		}
		try {
			await this.drop(target, ids);
		} catch (error) {
			this.parts.notifier.refuse(l10n.t('Drop'), error);
		}
	}

	private async drop(target: TaskTreeNode, ids: readonly string[]): Promise<void> {
		const { performer, snapshot } = this.parts;
		const { grouping, value } = this.tree.groupOf(target);
		const boardOf = (id: string) => snapshot().tasks.get(id)?.board;
		const isPlacing =
			grouping === 'board' && target.kind === 'task' && ids.every((id) => boardOf(id) === boardOf(target.taskId));
		if (!isPlacing) {
			await giveTasks(this.parts, ids, grouping, value);
			return;
		}
		performer.assertReady();
		for (const task_id of ids) {
			await performer.perform('task.place', { task_id, before: target.taskId });
		}
	}
}
