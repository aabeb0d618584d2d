// Owns how the Tasks view is arranged: into which groups tasks fall, and in which order they stand there. Pure, and quick enough to
// be asked with every picture.

import { l10n } from 'vscode';
import { displayLine } from '../../base/text.ts';
import type { ShownTask, SwarmSnapshot } from '../../core/swarm/swarmSnapshot.ts';
import type { BoardName } from '../../core/task/taskStatus.ts';
import { boardNames, isFinished } from '../../core/task/taskStatus.ts';
import { taskPriorities } from '../../core/task/taskPriority.ts';
import { boardTitles } from './taskRows.ts';

export const groupings = ['board', 'epic', 'agent', 'tag', 'type'] as const;
export type Grouping = (typeof groupings)[number];
export const orders = ['place', 'priority', 'name', 'changed', 'due'] as const;
export type Order = (typeof orders)[number];

export interface Arrangement {
	readonly grouping: Grouping;
	readonly order: Order;
}

export const usualArrangement: Arrangement = { grouping: 'board', order: 'place' };

export interface TaskGroup {
	/** Unique among the groups of an arrangement. */
	readonly key: string;
	readonly title: string;
	/** What its tasks have in common: a board, an agent's id, a tag, a kind of work, the id of an epic; empty for none of them. */
	readonly value: string;
	/** Keys of the snapshot's tasks. */
	readonly tasks: readonly string[];
	/** Closed until somebody opens it. */
	readonly isClosed: boolean;
}

/** The groups to show, in their order. `boards` are the keys a filter leaves. */
export function arrangeTasks(
	snapshot: SwarmSnapshot,
	boards: SwarmSnapshot['boards'],
	{ grouping, order }: Arrangement,
): TaskGroup[] {
	if (grouping === 'board') {
		return boardNames.map((board) => ({
			key: board,
			title: boardTitles[board],
			value: board,
			tasks: sortBoard(snapshot, board, boards[board], order),
			isClosed: board === 'completed_tasks',
		}));
	}
	// An agent without a task is there to be given one.
	const agents = grouping === 'agent' ? snapshot.agents.filter(({ agent }) => agent.enabled) : [];
	const byValue = new Map<string, string[]>(agents.map(({ agent }) => [agent.id, []]));
	const parents = grouping === 'epic' ? parentsOf(snapshot) : new Set<string>();
	for (const board of boardNames) {
		// What is finished comes last in every group, the newest first.
		for (const key of sortBoard(snapshot, board, boards[board], 'place')) {
			const shown = snapshot.tasks.get(key);
			for (const value of shown === undefined ? [] : valuesOf(shown, grouping, parents)) {
				const tasks = byValue.get(value);
				if (tasks === undefined) {
					byValue.set(value, [key]);
				} else {
					tasks.push(key);
				}
			}
		}
	}
	return [...byValue]
		.map(([value, tasks]) => ({
			key: `${grouping}:${value}`,
			title: titleOf(snapshot, grouping, value),
			value,
			tasks: order === 'place' ? tasks : sortKeys(snapshot, tasks, order),
			isClosed: false,
		}))
		.sort((left, right) => compareGroups(left, right));
}

/** Tasks that others are a part of. */
function parentsOf({ tasks }: SwarmSnapshot): ReadonlySet<string> {
	const parents = new Set<string>();
	for (const { task } of tasks.values()) {
		if (task.parent !== null) {
			parents.add(task.parent);
		}
	}
	return parents;
}

function valuesOf({ task }: ShownTask, grouping: Grouping, parents: ReadonlySet<string>): readonly string[] {
	switch (grouping) {
		case 'epic':
			// An epic stands at the head of its own group.
			return [task.parent ?? (parents.has(task.task_id) ? task.task_id : '')];
		case 'agent':
			return [task.claimed_by ?? task.assigned_agent ?? ''];
		case 'tag':
			return task.tags.length === 0 ? [''] : [...new Set(task.tags)];
		case 'type':
			return [task.task_type];
		case 'board':
			return [];
	}
}

const nameless: Readonly<Record<Exclude<Grouping, 'board'>, string>> = {
	epic: l10n.t('No epic'),
	agent: l10n.t('Nobody in particular'),
	tag: l10n.t('No tag'),
	type: l10n.t('No type'),
};

function titleOf(snapshot: SwarmSnapshot, grouping: Exclude<Grouping, 'board'>, value: string): string {
	if (value === '') {
		return nameless[grouping];
	}
	const name = grouping === 'epic' ? (snapshot.tasks.get(value)?.task.name ?? '') : value;
	return displayLine(name, 200) || displayLine(value, 200);
}

/** By title; what has nothing in common comes last. */
function compareGroups(left: TaskGroup, right: TaskGroup): number {
	const isLast = Number(left.value === '') - Number(right.value === '');
	return isLast === 0 ? compareText(left.title, right.title) : isLast;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const compareText = (left: string, right: string) => collator.compare(left, right);

function sortBoard(
	snapshot: SwarmSnapshot,
	board: BoardName,
	keys: readonly string[],
	order: Order,
): readonly string[] {
	if (order !== 'place') {
		return sortKeys(snapshot, keys, order);
	}
	// For the first page is what people look at.
	return board === 'completed_tasks' ? keys.toReversed() : keys;
}

/** What is finished comes last, and where two are equal the order they had decides. */
function sortKeys(snapshot: SwarmSnapshot, keys: readonly string[], order: Exclude<Order, 'place'>): string[] {
	return keys
		.flatMap((key) => {
			const shown = snapshot.tasks.get(key);
			return shown === undefined
				? []
				: [{ key, task: shown.task, isOver: Number(isFinished(shown.task.status)) }];
		})
		.sort((left, right) => left.isOver - right.isOver || compareTasks(left.task, right.task, order))
		.map(({ key }) => key);
}

function compareTasks(left: ShownTask['task'], right: ShownTask['task'], order: Exclude<Order, 'place'>): number {
	switch (order) {
		case 'priority':
			return taskPriorities.indexOf(left.priority) - taskPriorities.indexOf(right.priority);
		case 'name':
			return compareText(left.name, right.name);
		case 'changed':
			return compareStamps(right.updated_at ?? '', left.updated_at ?? '');
		case 'due':
			// What has no time comes after all that have one.
			return compareStamps(left.due ?? '~', right.due ?? '~');
	}
}

const compareStamps = (left: string, right: string): number => (left === right ? 0 : left < right ? -1 : 1);
