// Owns what it means to put a task under another status: which move of the table that is, or why it cannot be. Said before anything
// is done; the action that does it has the last word. Pure.

import type { Run } from '../run/run.ts';
import { isOpenRun } from '../run/run.ts';
import type { Task } from './task.ts';
import type { MoveName, TaskStatus } from './taskStatus.ts';
import { moveRule, movesFrom } from './taskStatus.ts';

export type DropPlan =
	| { readonly kind: 'move'; readonly move: MoveName }
	/** What completes a task in review is its change. */
	| { readonly kind: 'accept'; readonly runId: string }
	| { readonly kind: 'refused'; readonly why: string };

export interface DropFacts {
	readonly task: Pick<Task, 'task_id' | 'status'>;
	/** Dependencies that are not completed. */
	readonly waitsFor: readonly string[];
	/** The run that holds the task, if one does. */
	readonly run: Pick<Run, 'run_id' | 'state' | 'worker' | 'host_id'> | undefined;
}

const refused = (why: string): DropPlan => ({ kind: 'refused', why });
const listed = (ids: readonly string[]): string =>
	ids.length > 3 ? `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} more` : ids.join(', ');

/** The move that puts a task there, among those a person makes; a start claims first where nobody holds the task. */
function moveTo(from: TaskStatus, to: TaskStatus): MoveName | undefined {
	if (to === 'IN_PROGRESS' && moveRule('claim').from.includes(from)) {
		return 'start';
	}
	return movesFrom(from).find((name) => {
		const rule = moveRule(name);
		const isQueue = rule.to === 'queue' && (to === 'READY' || to === 'PENDING');
		return rule.isInternal !== true && (rule.to === to || isQueue);
	});
}

/** What a person does by putting this task under that status. */
export function planDrop({ task, waitsFor, run }: DropFacts, to: TaskStatus): DropPlan {
	const { task_id: id, status: from } = task;
	if (from === to) {
		return refused(`${id} is there already.`);
	}
	const held = run !== undefined && isOpenRun(run.state) ? run : undefined;
	if (to === 'COMPLETED' && held?.state === 'review') {
		return { kind: 'accept', runId: held.run_id };
	}
	const move = moveTo(from, to);
	if (move === undefined) {
		return refused(whyNot(id, from, to));
	}
	if (to === 'COMPLETED' && held !== undefined && held.host_id !== null) {
		return refused(`${held.worker} works on ${id}: its change completes it.`);
	}
	const needs = to === 'IN_PROGRESS' ? moveRule('claim') : moveRule(move);
	if (waitsFor.length > 0 && (needs.needsDependencies === true || to === 'READY')) {
		return refused(`${id} waits for ${listed(waitsFor)}.`);
	}
	if (to === 'PENDING' && waitsFor.length === 0 && moveRule(move).to === 'queue') {
		return refused(`${id} waits for nothing: it goes to Ready.`);
	}
	return { kind: 'move', move };
}

function whyNot(id: string, from: TaskStatus, to: TaskStatus): string {
	if (to === 'VALIDATING' || to === 'REVIEW') {
		return 'The swarm puts tasks there, when an agent has finished its work.';
	}
	const ways = movesFrom(from).filter((name) => moveRule(name).isInternal !== true);
	const titles = ways.map((name) => moveRule(name).title);
	return `No move leads there from ${from}. ${id} allows: ${titles.length === 0 ? 'none' : titles.join(', ')}.`;
}
