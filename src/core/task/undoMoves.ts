// Owns the way back of an undone move: which moves of the table lead from the status a task has to the one it had, without opening a
// run. Pure; where there is no way it says why not.

import type { MoveName, TaskStatus } from './taskStatus.ts';
import { moveRule } from './taskStatus.ts';

/** Moves an undo may make. None of them opens a run or goes on with one that is over. */
const usable = [
	'ready',
	'shelve',
	'release',
	'unblock',
	'retry',
	'reopen',
	'block',
	'cancel',
] as const satisfies readonly MoveName[];
export type UndoMove = (typeof usable)[number];

const withRun: readonly TaskStatus[] = ['CLAIMED', 'IN_PROGRESS', 'VALIDATING', 'REVIEW'];
const longestWay = 3;

/**
 * The shortest way back.
 * @param areDependenciesMet decides where `queue` leads, and whether a task can be made ready.
 */
export function undoMoves(from: TaskStatus, to: TaskStatus, areDependenciesMet: boolean): UndoMove[] | undefined {
	let ways: { readonly status: TaskStatus; readonly moves: UndoMove[] }[] = [{ status: from, moves: [] }];
	for (let length = 0; length <= longestWay; length++) {
		const found = ways.find(({ status }) => status === to);
		if (found !== undefined) {
			return found.moves;
		}
		ways = ways.flatMap(({ status, moves }) =>
			usable.flatMap((move) => {
				const rule = moveRule(move);
				if (!rule.from.includes(status) || (rule.needsDependencies === true && !areDependenciesMet)) {
					return [];
				}
				const next = rule.to === 'queue' ? (areDependenciesMet ? 'READY' : 'PENDING') : rule.to;
				// A task that is dropped on the way has been dropped, whatever comes after.
				return next === 'CANCELLED' && to !== 'CANCELLED' ? [] : [{ status: next, moves: [...moves, move] }];
			}),
		);
	}
	return undefined;
}

/** Why there is no way back to a status, as a sentence. */
export function noWayBack(from: TaskStatus, to: TaskStatus, areDependenciesMet: boolean): string {
	if (withRun.includes(to)) {
		return `It was ${to}, and the work it was in is over: a run is never opened again.`;
	}
	if (to === 'READY' && !areDependenciesMet) {
		return 'It was READY, and now it waits for others.';
	}
	return `No moves lead from ${from} back to ${to}.`;
}
