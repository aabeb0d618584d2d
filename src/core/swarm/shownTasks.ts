// Owns the tasks of a picture, and where each stands on its board: of archives, of boards, and those somebody names. After a change
// only what changed is looked at; a picture that was handed out never changes.

import type { ChangedIds } from '../task/liveTasks.ts';
import type { BoardOrder, FindShown } from './boardOrder.ts';
import { orderBoards, reorderBoards } from './boardOrder.ts';
import type { ShownTask } from './swarmSnapshot.ts';
import { emptySnapshot } from './swarmSnapshot.ts';

type Tasks = ReadonlyMap<string, ShownTask>;

/** Where the tasks come from. Of two with the same id the one on a board counts, then the one that is only named. */
export interface ShownSources {
	/** Archived ones that shall stand on their board. */
	readonly archive: Tasks;
	/** Archived ones that are only known because somebody names them; they stand on no board. */
	readonly named: Tasks;
	readonly onBoards: Tasks;
}

export class ShownTasks {
	private shown: Tasks = new Map();
	private order: BoardOrder = emptySnapshot.boards;

	/** By id; another map whenever any task is another. */
	get tasks(): Tasks {
		return this.shown;
	}

	get boards(): BoardOrder {
		return this.order;
	}

	update(changed: ChangedIds, { archive, named, onBoards }: ShownSources): void {
		if (changed === 'everything') {
			this.shown = joinTasks(archive, named, onBoards);
			this.order = orderBoards(joinTasks(archive, onBoards));
			return;
		}
		if (changed.size === 0) {
			return;
		}
		const before = this.shown;
		const after = new Map(before);
		for (const id of changed) {
			const next = onBoards.get(id) ?? named.get(id) ?? archive.get(id);
			if (next === undefined) {
				after.delete(id);
			} else {
				after.set(id, next);
			}
		}
		const wasOnBoard: FindShown = (id) => {
			const task = before.get(id);
			return task?.archive === undefined || archive.has(id) ? task : undefined;
		};
		this.order = reorderBoards(this.order, changed, wasOnBoard, (id) => onBoards.get(id) ?? archive.get(id));
		this.shown = after;
	}
}

/** Of tasks with the same id the last one counts. No list of pairs is made: with 100,000 tasks it is as large as what it is for. */
function joinTasks(...maps: readonly Tasks[]): Tasks {
	const all = new Map<string, ShownTask>();
	for (const tasks of maps) {
		for (const [id, task] of tasks) {
			all.set(id, task);
		}
	}
	return all;
}
