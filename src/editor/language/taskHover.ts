// Owns what is said of a task when somebody rests on its id: the same as in the Tasks view, and since when it is so. Foreign text
// stays text: every character that could mean something to the editor's Markdown is written as a reference to it.

import { l10n } from 'vscode';
import { formatDuration } from '../../base/words.ts';
import type { ShownTask, SwarmSnapshot } from '../../core/swarm/swarmSnapshot.ts';
import type { Task } from '../../core/task/task.ts';
import { taskTooltip } from '../views/taskRows.ts';

/** Markdown that shows exactly this text: no link, no image, no heading, no command. */
export function asMarkdown(text: string): string {
	return text
		.replace(/[!-/:-@[-`{-~]/gu, (character) => `&#${character.charCodeAt(0)};`)
		.replaceAll('\t', ' ')
		.replaceAll(/\n{2,}/gu, '\n\n')
		.replaceAll(/(?<!\n)\n(?!\n)/gu, '  \n');
}

/** The stamp that says since when a task is what it is. */
function sinceOf(task: Task): string | null {
	switch (task.status) {
		case 'CLAIMED':
			return task.claimed_at;
		case 'IN_PROGRESS':
			return task.started_at;
		case 'COMPLETED':
			return task.completed_at;
		case 'PENDING':
		case 'READY':
		case 'VALIDATING':
		case 'REVIEW':
		case 'BLOCKED':
		case 'FAILED':
		case 'CANCELLED':
			return task.updated_at;
	}
}

/** The hover of a task as Markdown. `now` in wall milliseconds. */
export function taskHover(snapshot: SwarmSnapshot, shown: ShownTask, now: number): string {
	const since = sinceOf(shown.task);
	const time = since === null ? Number.NaN : Date.parse(since);
	const lasts =
		since === null || Number.isNaN(time)
			? ''
			: `\n\n${l10n.t('{0} since {1} ({2})', shown.task.status, formatDuration(now - time), since)}`;
	return asMarkdown(`${taskTooltip(snapshot, shown)}${lasts}`);
}
