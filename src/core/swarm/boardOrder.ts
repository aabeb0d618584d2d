// Owns the order of tasks on the boards of a picture: what a person pinned and is still to be done first, then each in the order of
// its place. Where few tasks changed, only these are placed anew, and a board none of them moved on stays the same list.

import type { BoardName } from '../task/taskStatus.ts';
import { boardNames } from '../task/taskStatus.ts';
import type { ShownTask } from './swarmSnapshot.ts';

/** The task that is to be found on its board under this key. */
export type FindShown = (key: string) => ShownTask | undefined;

/** Keys of tasks by the board they stand on, in the order they are shown in. */
export type BoardOrder = Readonly<Record<BoardName, readonly string[]>>;

export function orderBoards(tasks: ReadonlyMap<string, ShownTask>): BoardOrder {
	const keys: Record<BoardName, string[]> = {
		task_backlog: [],
		task_ready_queue: [],
		working_tasks: [],
		completed_tasks: [],
	};
	for (const [key, { board }] of tasks) {
		keys[board].push(key);
	}
	const compare = byPlace((key) => tasks.get(key));
	for (const board of boardNames) {
		keys[board].sort(compare);
	}
	return keys;
}

/**
 * The order after some tasks changed.
 * @param changed keys of every task that is another than it was, is new, or is gone
 * @param before what `order` was made of
 * @param after what it shall be made of
 */
export function reorderBoards(
	order: BoardOrder,
	changed: ReadonlySet<string>,
	before: FindShown,
	after: FindShown,
): BoardOrder {
	const moved = new Set([...changed].filter((key) => !isSamePlace(before(key), after(key))));
	const isTouched = (board: BoardName) =>
		[...moved].some((key) => before(key)?.board === board || after(key)?.board === board);
	const next = { ...order };
	const compare = byPlace(after);
	for (const board of boardNames.filter(isTouched)) {
		const keys = order[board].filter((key) => !moved.has(key));
		for (const key of moved) {
			if (after(key)?.board === board) {
				keys.splice(placeFor(keys, key, compare), 0, key);
			}
		}
		next[board] = keys;
	}
	return next;
}

type Compare = (left: string, right: string) => number;

/** By places, and by keys where two are the same: an order must not depend on what changed last. */
function byPlace(find: FindShown): Compare {
	return (leftKey, rightKey) => {
		const [left, right] = [find(leftKey), find(rightKey)];
		return (
			pinOf(left) - pinOf(right) ||
			(left?.position ?? 0) - (right?.position ?? 0) ||
			(leftKey < rightKey ? -1 : leftKey > rightKey ? 1 : 0)
		);
	};
}

const pinOf = (shown: ShownTask | undefined): number =>
	shown === undefined || shown.board === 'completed_tasks'
		? Number.MAX_VALUE
		: (shown.task.pinned ?? Number.MAX_VALUE);

function isSamePlace(left: ShownTask | undefined, right: ShownTask | undefined): boolean {
	return left?.board === right?.board && left?.position === right?.position && pinOf(left) === pinOf(right);
}

/** Where a key belongs in a sorted list. */
function placeFor(keys: readonly string[], key: string, compare: Compare): number {
	let [low, high] = [0, keys.length];
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (compare(keys[middle] ?? '', key) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}
