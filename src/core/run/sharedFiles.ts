// Owns which files agents touch now, and which of them two at the same time: read from what open runs have changed so far. Pure.

import { addTo } from '../../base/groups.ts';
import type { Run } from './run.ts';
import { isOpenRun } from './run.ts';

/** A file of a run that another open run changes too. */
export interface SharedFile {
	readonly path: string;
	readonly run_id: string;
	readonly task_id: string;
	readonly worker: string;
}

/** For each file that open runs have changed: those runs. */
export function touchedFiles(runs: readonly Run[]): ReadonlyMap<string, readonly Run[]> {
	const byPath = new Map<string, Run[]>();
	for (const run of runs.filter(({ state }) => isOpenRun(state))) {
		for (const path of new Set(run.files)) {
			addTo(byPath, path, run);
		}
	}
	return byPath;
}

/** Whether these runs are of several tasks: then two change the same. */
export const isContested = (touching: readonly Run[]): boolean =>
	touching.some(({ task_id }) => task_id !== touching[0]?.task_id);

/** For each file that open runs of several tasks change: those runs. */
function contestedFiles(runs: readonly Run[]): ReadonlyMap<string, readonly Run[]> {
	return new Map([...touchedFiles(runs)].filter(([, touching]) => isContested(touching)));
}

/** For each run that shares a file with another one: which, and with whom. */
export function sharedFiles(runs: readonly Run[]): ReadonlyMap<string, readonly SharedFile[]> {
	const shared = new Map<string, SharedFile[]>();
	for (const [path, touching] of contestedFiles(runs)) {
		for (const run of touching) {
			for (const { run_id, task_id, worker } of touching) {
				if (task_id !== run.task_id) {
					addTo(shared, run.run_id, { path, run_id, task_id, worker });
				}
			}
		}
	}
	return shared;
}

/** Such as `a.ts also by Agent-2, b.ts also by Agent-3`; empty when nothing is shared. */
export function describeShared(shared: readonly SharedFile[], limit = 3): string {
	const parts = shared.slice(0, limit).map(({ path, worker }) => `${path} also by ${worker}`);
	const rest = shared.length - parts.length;
	return `${parts.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
