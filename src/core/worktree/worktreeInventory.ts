// Owns the list of worktrees: what lies in their folder, what git has in its own list, and whose each is. Nothing of ours on this
// machine is missing from it, in whatever state a crash left it.

import type { LedgerReader } from '../ledger.ts';
import type { FileSystem, Git } from '../ports.ts';
import { lastRunIn } from '../loop/runWorktree.ts';
import type { Run } from '../run/run.ts';
import { isOpenRun, runStates } from '../run/run.ts';
import { isPoolName, isWorktreeName, nameOfFolder } from './worktreeNames.ts';
import { readSizes } from './worktreeSizes.ts';

/** `working`: a run's that is not over. `pool`: made ahead. `abandoned`: nobody's any more. */
export type WorktreeState = 'working' | 'pool' | 'abandoned';

export interface WorktreeRow {
	/** Name of the folder: the id of the run it was made for, or `pool-…`. */
	readonly id: string;
	readonly folder: string;
	readonly state: WorktreeState;
	/** Why it is what it is, as a phrase. */
	readonly reason: string;
	readonly run_id: string | null;
	readonly task_id: string | null;
	readonly worker: string | null;
	/** null when the folder is gone and only git still knows it. */
	readonly created_at: string | null;
	readonly bytes: number;
	/** Whether git knows it. */
	readonly is_registered: boolean;
}

export interface InventoryParts {
	readonly git: Pick<Git, 'listWorktrees'>;
	readonly files: Pick<FileSystem, 'join' | 'list' | 'stat' | 'measure'>;
	readonly read: <T>(work: (reader: LedgerReader) => Promise<T>) => Promise<T>;
	readonly worktreesFolder: string;
	/** Without a host nobody works, whatever the ledger says, and nobody takes from the pool. */
	readonly isHostRunning: boolean;
}

/** Rows with what is worked in first, then the pool, then what can be reclaimed; the oldest of each first. */
export async function listWorktreeRows(parts: InventoryParts): Promise<readonly WorktreeRow[]> {
	const { files, git, read, worktreesFolder } = parts;
	const registered = new Set((await git.listWorktrees()).filter(isWanted(parts)).map(({ folder }) => folder));
	const there = (await files.list(worktreesFolder))
		.filter(isWorktreeName)
		.map((name) => files.join(worktreesFolder, name));
	const sizes = await read(readSizes);
	const working = await read((reader) => reader.runs({ state: runStates.filter(isOpenRun) }));
	const rows = await Promise.all(
		[...new Set([...there, ...registered])].map(async (folder): Promise<WorktreeRow> => {
			const id = nameOfFolder(folder);
			const run =
				working.find(({ worktree }) => worktree === folder) ??
				(await read((reader) => lastRunIn(reader, folder)));
			const found = await files.stat(folder);
			return {
				id,
				folder,
				...judge(parts, id, run),
				run_id: run?.run_id ?? null,
				task_id: run?.task_id ?? null,
				worker: run?.worker ?? null,
				created_at: found === undefined ? null : (run?.opened_at ?? new Date(found.created).toISOString()),
				// One that was measured while it was made had nothing in it yet.
				bytes: found === undefined ? 0 : sizes[id] || (await files.measure(folder)),
				is_registered: registered.has(folder),
			};
		}),
	);
	const order: readonly WorktreeState[] = ['working', 'pool', 'abandoned'];
	return rows.toSorted(
		(left, right) =>
			order.indexOf(left.state) - order.indexOf(right.state) ||
			(left.created_at ?? '').localeCompare(right.created_at ?? '') ||
			left.id.localeCompare(right.id),
	);
}

/** Ours are in the folder for worktrees, or were in the one an earlier setting named: the last part of it is the workspace's own. */
function isWanted({ files, worktreesFolder }: InventoryParts) {
	const own = nameOfFolder(worktreesFolder);
	return ({ folder, isOurs }: { readonly folder: string; readonly isOurs: boolean }): boolean => {
		const name = nameOfFolder(folder);
		const parent = folder.slice(0, -name.length - 1);
		return (
			isWorktreeName(name) &&
			(files.join(worktreesFolder, name) === folder || (isOurs && nameOfFolder(parent) === own))
		);
	};
}

function judge(
	{ isHostRunning }: InventoryParts,
	id: string,
	run: Run | undefined,
): Pick<WorktreeRow, 'state' | 'reason'> {
	if (isPoolName(id)) {
		return isHostRunning
			? { state: 'pool', reason: 'made ahead' }
			: { state: 'abandoned', reason: 'made ahead by a host that is gone' };
	}
	if (run === undefined) {
		return { state: 'abandoned', reason: 'the ledger knows no such run' };
	}
	if (!isOpenRun(run.state) || run.worktree === null) {
		return { state: 'abandoned', reason: `its run is over (${run.state})` };
	}
	if (run.host_id === null) {
		return { state: 'working', reason: `${run.worker} works in it` };
	}
	if (run.pause !== null) {
		return { state: 'working', reason: 'paused' };
	}
	return isHostRunning
		? { state: 'working', reason: run.state }
		: { state: 'abandoned', reason: `the host of its run (${run.state}) is gone` };
}
