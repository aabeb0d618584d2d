// Owns what a task is before it is made: the answers of the guided questions, or what a place in a file says. Pure.

import type { TaskPriority } from '../../core/task/taskPriority.ts';

export interface TaskDraft {
	readonly name: string;
	readonly task_type: string;
	readonly priority: TaskPriority;
	readonly dependencies: readonly string[];
	/** Shell commands that must succeed before it counts as done. */
	readonly check: string;
	/** undefined for any. */
	readonly agent: string | undefined;
	/** What an agent without a model runs for it. */
	readonly run: string;
}

export const emptyDraft: TaskDraft = {
	name: '',
	task_type: 'task',
	priority: 'MEDIUM',
	dependencies: [],
	check: '',
	agent: undefined,
	run: '',
};

/** The input of `task.create`; what was left open is left out. */
export function inputOf({ name, task_type, priority, dependencies, check, agent, run }: TaskDraft): object {
	return {
		name,
		priority,
		...(task_type === emptyDraft.task_type ? {} : { task_type }),
		...(dependencies.length === 0 ? {} : { dependencies }),
		...(check === '' ? {} : { check: [check] }),
		...(agent === undefined ? {} : { assigned_agent: agent }),
		...(run === '' ? {} : { run: [run] }),
	};
}

/** A part of a file a task is about. Lines count from 1. */
export interface FilePlace {
	/** Relative to the workspace, with `/`. */
	readonly file: string;
	readonly startLine: number;
	readonly endLine: number;
	/** The text that stands there. */
	readonly text: string;
	readonly languageId: string;
}

const longestQuote = 8000;

export const describePlace = ({ file, startLine, endLine }: FilePlace): string =>
	startLine === endLine ? `${file}:${startLine}` : `${file}:${startLine}-${endLine}`;

/** Description and context of a task about a place. `lead` says what about it. */
export function inputOfPlace(
	place: FilePlace,
	lead: string,
): { readonly description: string; readonly context: string[] } {
	const text = place.text.length > longestQuote ? `${place.text.slice(0, longestQuote)}\n…` : place.text;
	// A fence longer than any in the text cannot be closed by it.
	const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/gu)].map(([run]) => run.length + 1)));
	return {
		description: `${lead}\n\n${describePlace(place)}\n${fence}${place.languageId}\n${text}\n${fence}`,
		context: [describePlace(place)],
	};
}

const commentPattern = /\b(?:TODO|FIXME|HACK|XXX)\b(?:\([^)]*\))?\s*[:-]?\s*(.*)$/u;

/** What a line asks to be done by a TODO, FIXME, HACK or XXX; undefined when it asks nothing. */
export function readTodo(line: string): string | undefined {
	const asked = commentPattern.exec(line)?.[1];
	return asked === undefined ? undefined : asked.replace(/\s*(?:\*\/|-->|#\}|%\})\s*$/u, '').trim();
}
