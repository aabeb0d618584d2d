// Owns what may be typed at a place of a board file: ids of tasks, ids of agents, statuses, priorities. The editor shows the list
// and filters it; here is said what is on it, in which order, and what it replaces.

import { displayLine } from '../../base/text.ts';
import { handMoves } from '../board/handMoves.ts';
import { idItem } from '../board/recordFields.ts';
import type { TextRange } from '../jsonc.ts';
import { valueAt } from '../jsonEdit.ts';
import type { Task } from '../task/task.ts';
import { taskPriorities } from '../task/taskPriority.ts';
import { isFinished, taskStatuses } from '../task/taskStatus.ts';
import type { BoardSpot } from './boardSpot.ts';
import { dependencyKeys, spotAt } from './boardSpot.ts';
import type { BoardSyntax } from './boardSyntax.ts';

export interface Completion {
	/** What is inserted, quotes included. */
	readonly text: string;
	readonly label: string;
	readonly kind: 'task' | 'agent' | 'word';
	/** Said beside the label. */
	readonly detail: string;
}

export interface CompletionList {
	/** What is replaced: the token that is being typed, or nothing at the cursor. */
	readonly range: TextRange;
	/** Best first. */
	readonly items: readonly Completion[];
	/** More fit than are listed: ask again when more is typed. */
	readonly isCut: boolean;
}

export interface CompletionFacts {
	readonly tasks: ReadonlyMap<string, { readonly task: Task }>;
	readonly agents: readonly { readonly id: string; readonly name: string; readonly role: string }[];
}

/** A list longer than this is cut to what fits what was typed so far. */
const mostItems = 200;

/** What may be typed at an offset; undefined where it is not for us to say. */
export function completeAt(syntax: BoardSyntax, offset: number, facts: CompletionFacts): CompletionList | undefined {
	const spot = spotAt(syntax, offset);
	if (spot === undefined || spot.isKey) {
		return undefined;
	}
	const range = spot.token ?? { start: offset, end: offset };
	const typed = syntax.text.slice(range.start, offset).replace(/^"/u, '').toLowerCase();
	const items = itemsFor(spot, syntax, facts, typed);
	return items === undefined
		? undefined
		: { range, items: items.slice(0, mostItems), isCut: facts.tasks.size > mostItems && spot.kind === 'task' };
}

function itemsFor(
	spot: BoardSpot,
	syntax: BoardSyntax,
	facts: CompletionFacts,
	typed: string,
): Completion[] | undefined {
	const { id } = spot.record;
	switch (spot.kind) {
		case 'task':
			return taskItems(spot, syntax, facts, typed);
		case 'agent':
			return facts.agents.map((agent) => ({
				text: JSON.stringify(agent.id),
				label: agent.id,
				kind: 'agent',
				detail: displayLine([agent.name, agent.role].filter(Boolean).join(' · '), 80),
			}));
		case 'status':
			return statusItems(id === undefined ? undefined : facts.tasks.get(id)?.task);
		case 'priority':
			return taskPriorities.map((word) => ({
				text: JSON.stringify(word),
				label: word,
				kind: 'word',
				detail: '',
			}));
		case 'id':
		case 'name':
		case 'other':
			return undefined;
	}
}

/** Tasks of the ledger and records of this text that are not saved yet; open ones first. Of thousands only those that fit. */
function taskItems(spot: BoardSpot, syntax: BoardSyntax, { tasks }: CompletionFacts, typed: string): Completion[] {
	const named = new Set(namedIds(spot, syntax));
	const isFitting = (text: string) => tasks.size <= mostItems || typed === '' || text.toLowerCase().includes(typed);
	const open: Task[] = [];
	const over: Task[] = [];
	for (const { task } of tasks.values()) {
		const list = isFinished(task.status) ? over : open;
		if (list.length < mostItems && !named.has(task.task_id) && isFitting(`${task.task_id} ${task.name}`)) {
			list.push(task);
		}
	}
	const toItem = (task: Task): Completion => ({
		text: JSON.stringify(task.task_id),
		label: task.task_id,
		kind: 'task',
		detail: displayLine(`${task.status} · ${task.name}`, 100),
	});
	const unsaved = syntax.records.flatMap(({ id }): Completion[] =>
		id === undefined || tasks.has(id) || named.has(id) || !isFitting(id)
			? []
			: [{ text: JSON.stringify(id), label: id, kind: 'task', detail: 'not taken over yet' }],
	);
	return [...unsaved, ...open.map(toItem), ...over.map(toItem)];
}

/** What cannot be meant: the record itself, and what stands in its list already. */
function namedIds({ record, word }: BoardSpot, syntax: BoardSyntax): string[] {
	const text = syntax.recordText(record);
	const listed = dependencyKeys.flatMap((key) => {
		const value = valueAt(text, [key])?.value;
		return Array.isArray(value) ? value.flatMap((item) => idItem(item) ?? []) : [];
	});
	return [record.id ?? '', ...listed.filter((id) => id !== word)];
}

/** Those an edit may give the task first; a task the ledger does not know may have any. */
function statusItems(task: Task | undefined): Completion[] {
	const reaches = (status: Task['status']): boolean =>
		task === undefined || task.status === status || handMoves(task.status, status) !== undefined;
	return [...taskStatuses]
		.sort((left, right) => Number(reaches(right)) - Number(reaches(left)))
		.map((status) => ({
			text: JSON.stringify(status),
			label: status,
			kind: 'word',
			detail:
				status === task?.status
					? 'as it is'
					: reaches(status)
						? ''
						: `cannot be reached from ${task?.status ?? ''}`,
		}));
}
