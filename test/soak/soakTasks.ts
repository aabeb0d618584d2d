// Owns the backlog of a soak run: which tasks there are, what each waits for, what it must leave behind, and the gate that says so.
// The same seed gives the same backlog.

import type { TaskDraft } from '../../src/core/task/createTask.ts';
import type { Random } from '../support/random.ts';

export interface SoakTask {
	readonly id: string;
	/** `shared`: others write the same file at the same time; `impossible`: its gate fails whatever is done. */
	readonly kind: 'plain' | 'shared' | 'impossible';
	readonly path: string;
	readonly content: string;
	readonly dependencies: readonly string[];
	readonly gates: readonly string[];
}

/** How far back a task looks for what it waits for. */
const reach = 24;

export function* soakTasks(random: Random): Generator<SoakTask, never> {
	const earlier: SoakTask[] = [];
	for (let number = 1; ; number += 1) {
		const id = `S-${String(number).padStart(4, '0')}`;
		const chance = random.next();
		const kind = chance < 0.04 ? 'impossible' : chance < 0.16 ? 'shared' : 'plain';
		// Mostly on what can be done: a swarm that waits for the impossible shows nothing.
		const possible = earlier.slice(-reach).filter((task) => task.kind === 'plain' || random.next() < 0.05);
		const wanted = possible.length === 0 || kind === 'shared' ? 0 : random.below(3);
		const dependencies = [...new Set(Array.from({ length: wanted }, () => random.pick(possible)))];
		const path = kind === 'shared' ? `shared/${Math.floor(number / 20)}.txt` : `work/${id}.txt`;
		const content = `written for ${id}`;
		const task: SoakTask = {
			id,
			kind,
			path,
			content,
			dependencies: dependencies.map((each) => each.id),
			gates: [
				`grep -qx '${content}' ${path}`,
				// What earlier tasks landed is there for later ones.
				...dependencies
					.filter((each) => each.kind === 'plain')
					.map((each) => `grep -qx '${each.content}' ${each.path}`),
				...(kind === 'impossible' ? ['test -f /nowhere/at/all'] : []),
			],
		};
		earlier.push(task);
		yield task;
	}
}

/** As it is put into the ledger. */
export function draftOf({ id, kind, path, content, dependencies, gates }: SoakTask): TaskDraft {
	return {
		task_id: id,
		name: `Write ${path} for ${id}`,
		description: `WRITE ${path}: ${content}`,
		dependencies: [...dependencies],
		validation: { commands: [...gates] },
		// Who shares a file does not say so: two of them are to meet.
		touches: kind === 'shared' ? [] : [path],
	};
}
