// Owns what a hook is, and which events and moves it is for.

import * as z from 'zod';
import type { EventType, LedgerEvent } from '../events.ts';
import { eventTypes } from '../events.ts';
import type { MoveName, TaskStatus } from '../task/taskStatus.ts';
import { moveRules, taskStatuses } from '../task/taskStatus.ts';

export const hookSchema = z.strictObject({
	name: z.string().trim().min(1).max(100).optional().describe('What messages call it'),
	on: z
		.union([z.string(), z.array(z.string()).min(1)])
		.describe('Event, such as task.completed, task.claim or run.opened; task.* for all that begin so'),
	command: z
		.union([z.string().trim().min(1), z.array(z.string()).min(1)])
		.describe('A line for the shell, or a program with its arguments'),
	timeout_seconds: z.number().positive().max(3600).default(30).describe('After this long it is ended'),
	guard: z.boolean().default(false).describe('Run before the move; when it fails, the move is refused'),
	enabled: z.boolean().default(true).describe('Whether it is run at all'),
});

export interface Hook {
	/** What messages call it: its name, else its place in the file. */
	readonly label: string;
	readonly on: readonly string[];
	readonly command: string | { readonly program: string; readonly arguments: readonly string[] };
	readonly timeoutSeconds: number;
	/** Line in the file, from 1. */
	readonly line: number;
}

/** Told of hooks themselves: no hook is run for these, or it would run for ever. */
const ownEvents: readonly string[] = ['hook.failed', 'hook.refused'] satisfies EventType[];

const lower = (status: string): string => `task.${status.toLowerCase()}`;
const moveNames: ReadonlySet<string> = new Set([
	'task.moved',
	...taskStatuses.map(lower),
	...Object.keys(moveRules).map((move) => `task.${move}`),
]);
const eventNames: ReadonlySet<string> = new Set(
	[...Object.keys(eventTypes), ...moveNames].filter((name) => !ownEvents.includes(name)),
);

const covers = (pattern: string, name: string): boolean =>
	pattern === name || pattern === '*' || (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -1)));
const coversAny = (pattern: string, names: ReadonlySet<string>): boolean =>
	[...names].some((name) => covers(pattern, name));

/** Why there is no such event to hook on, as a sentence; undefined when there is. A guard stands before moves only. */
export function eventRefusal(pattern: string, isGuard: boolean): string | undefined {
	if (!coversAny(pattern, eventNames)) {
		return `There is no event ${pattern}.`;
	}
	return isGuard && !coversAny(pattern, moveNames)
		? `A guard stands before a move of a task; ${pattern} is none.`
		: undefined;
}

/** Names under which a move is known: that it is one, what it is called, what it leads to; the most telling last. */
export const namesOfMove = (move: string, to: string): string[] => ['task.moved', `task.${move}`, lower(to)];

function namesOf({ type, data }: LedgerEvent): string[] {
	const { move, to } = data ?? {};
	return type === 'task.moved' && typeof move === 'string' && typeof to === 'string' ? namesOfMove(move, to) : [type];
}

/** The name by which a command is told of an event. */
export const nameOfEvent = (event: LedgerEvent): string => namesOf(event).at(-1) ?? event.type;

export const isHookedBy = (hook: Hook, event: LedgerEvent): boolean =>
	!ownEvents.includes(event.type) && namesOf(event).some((name) => hook.on.some((pattern) => covers(pattern, name)));

export const isGuardedBy = (hook: Hook, move: MoveName, to: TaskStatus): boolean =>
	namesOfMove(move, to).some((name) => hook.on.some((pattern) => covers(pattern, name)));
