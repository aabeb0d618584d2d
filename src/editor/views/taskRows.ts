// Owns what a row of the Tasks view says: texts, icon names, the flags menus look at. Pure, so that it is tested without an editor.

import { l10n } from 'vscode';
import { displayLine, displayText } from '../../base/text.ts';
import { describeGates } from '../../core/gate/describeGates.ts';
import type { ShownTask, SwarmSnapshot } from '../../core/swarm/swarmSnapshot.ts';
import type { BoardName, TaskStatus } from '../../core/task/taskStatus.ts';
import { isFinished } from '../../core/task/taskStatus.ts';
import { describeShared } from '../../core/run/sharedFiles.ts';
import { drivenRunOf } from '../commands/taskChoices.ts';
import { priorityWords, statusWords } from '../stateWords.ts';
import { sharedNote, sharedOf } from './sharedOf.ts';

export const boardTitles: Readonly<Record<BoardName, string>> = {
	task_backlog: l10n.t('Backlog'),
	task_ready_queue: l10n.t('Ready'),
	working_tasks: l10n.t('Working'),
	completed_tasks: l10n.t('Completed'),
};

/** Statuses in which somebody works at this moment; what waits for a person is not counted. */
export const workingStatuses: readonly TaskStatus[] = ['CLAIMED', 'IN_PROGRESS', 'VALIDATING'];

export interface RowIcon {
	readonly id: string;
	/** A theme colour; without one the icon has the colour of the text. */
	readonly color?: string;
}

const statusIcons: Readonly<Record<TaskStatus, RowIcon>> = {
	PENDING: { id: 'circle-large-outline' },
	READY: { id: 'circle-large-outline', color: 'charts.blue' },
	CLAIMED: { id: 'account', color: 'charts.blue' },
	IN_PROGRESS: { id: 'play-circle', color: 'charts.blue' },
	VALIDATING: { id: 'beaker', color: 'charts.blue' },
	REVIEW: { id: 'git-pull-request', color: 'charts.yellow' },
	COMPLETED: { id: 'pass', color: 'testing.iconPassed' },
	BLOCKED: { id: 'stop-circle', color: 'charts.orange' },
	FAILED: { id: 'error', color: 'testing.iconFailed' },
	CANCELLED: { id: 'circle-slash' },
};

/** An agent waits for the person's answer. */
export const askingIcon: RowIcon = { id: 'question', color: 'charts.yellow' };

export interface TaskRow {
	readonly label: string;
	readonly description: string;
	readonly icon: RowIcon;
	/** `task.READY`, with flags after it: `driven` while an agent works on it, `asking` while that waits for an answer, `tried` once somebody has, `pinned`. */
	readonly contextValue: string;
	readonly accessibleLabel: string;
}

/** Everything of a row that is always seen. */
export function taskRow(snapshot: SwarmSnapshot, shown: ShownTask): TaskRow {
	const { task, run_id: runId } = shown;
	const label = displayLine(task.name, 300) || displayLine(task.task_id);
	const holder = task.claimed_by ?? task.assigned_agent;
	const isPinned = task.pinned !== null && !isFinished(task.status);
	const isAsking = snapshot.questions.some(({ task_id }) => task_id === task.task_id);
	const parts = [
		isPinned ? l10n.t('pinned') : '',
		label === task.task_id ? '' : task.task_id,
		task.priority === 'MEDIUM' ? '' : task.priority,
		isAsking ? l10n.t('asks you') : statusNote(task.status),
		holder ?? '',
		runId === null ? '' : sharedNote(snapshot, runId),
	];
	const description = parts
		.filter(Boolean)
		.map((part) => displayLine(part, 80))
		.join(' · ');
	const flags = [
		snapshot.workspace === 'ours' ? 'task' : 'foreign',
		`.${task.status}`,
		drivenRunOf(snapshot, shown) === undefined ? '' : '.driven',
		isAsking ? '.asking' : '',
		task.attempts > 0 ? '.tried' : '',
		isPinned ? '.pinned' : '',
	];
	return {
		label,
		description,
		icon: isAsking ? askingIcon : statusIcons[task.status],
		contextValue: flags.join(''),
		accessibleLabel: `${label}, ${statusWords[task.status]}, ${priorityWords[task.priority]}, ${description}`,
	};
}

/** The group says what most statuses are; only those that share a group with others are named. */
function statusNote(status: TaskStatus): string {
	switch (status) {
		case 'VALIDATING':
			return l10n.t('checking');
		case 'REVIEW':
			return l10n.t('to review');
		case 'BLOCKED':
			return statusWords[status];
		case 'FAILED':
			return statusWords[status];
		case 'CANCELLED':
			return statusWords[status];
		case 'PENDING':
		case 'READY':
		case 'CLAIMED':
		case 'IN_PROGRESS':
		case 'COMPLETED':
			return '';
	}
}

const longestTooltipPart = 1500;

function limited(text: string): string {
	const shown = displayText(text).trim();
	return shown.length > longestTooltipPart ? `${shown.slice(0, longestTooltipPart)}…` : shown;
}

function describeDependencies(snapshot: SwarmSnapshot, ids: readonly string[]): string {
	const open = ids.filter((id) => snapshot.tasks.get(id)?.task.status !== 'COMPLETED');
	const named = open
		.slice(0, 10)
		.map((id) => `${displayLine(id, 80)} (${snapshot.tasks.get(id)?.task.status ?? l10n.t('does not exist')})`);
	if (named.length === 0) {
		return '';
	}
	return open.length > named.length
		? l10n.t('Waits for {0} and {1} more', named.join(', '), open.length - named.length)
		: l10n.t('Waits for {0}', named.join(', '));
}

/** Plain text of the hover. Built only when somebody hovers. */
export function taskTooltip(snapshot: SwarmSnapshot, { task, run_id }: ShownTask): string {
	const shared = run_id === null ? [] : sharedOf(snapshot, run_id);
	const gates = describeGates(task.result?.gates);
	const facts = [
		`${displayLine(task.task_id, 80)} · ${task.status} · ${task.priority}`,
		task.parent === null ? '' : l10n.t('Part of {0}', displayLine(task.parent, 80)),
		task.due === null ? '' : l10n.t('Due {0}', task.due.slice(0, 10)),
		task.claimed_by === null ? '' : l10n.t('Claimed by {0}', displayLine(task.claimed_by, 80)),
		shared.length === 0
			? ''
			: l10n.t('Two agents touch the same files: {0}', displayLine(describeShared(shared), 400)),
		task.attempts > 1 ? l10n.t('Attempt {0}', task.attempts) : '',
		task.block_reason === null
			? ''
			: l10n.t('Blocked ({0}): {1}', task.block_reason.kind, limited(task.block_reason.text)),
		task.status === 'COMPLETED' ? '' : describeDependencies(snapshot, task.dependencies),
		gates === '' ? '' : l10n.t('Evidence: {0}', gates),
		task.result?.summary === undefined ? '' : l10n.t('Result: {0}', limited(task.result.summary)),
	];
	return [limited(task.name), facts.filter(Boolean).join('\n'), limited(task.description)]
		.filter(Boolean)
		.join('\n\n');
}
