// Owns a worktree of what the work began with, which is gone afterwards: what is there already is not the work's.

import { newId } from '../../base/ids.ts';
import type { FileSystem, Git, ProcessIdentity, ProcessRunner } from '../ports.ts';
import type { Settings } from '../settings.ts';
import { setUpWorktree } from '../worktree/setUpWorktree.ts';

export interface BaseParts {
	readonly git: Pick<Git, 'addWorktree' | 'removeWorktree' | 'copyIgnored'>;
	readonly files: Pick<FileSystem, 'join' | 'makeFolder'>;
	readonly processes: Pick<ProcessRunner, 'run'>;
	readonly settings: Settings;
	/** Absolute path of the folder that holds this workspace's worktrees. */
	readonly worktreesFolder: string;
}

export interface BaseRequest {
	readonly base: string;
	/** Where the work's own commands run. */
	readonly workFolder: string;
	/** The workspace's place in a worktree. */
	readonly placeIn: (folder: string) => string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly signal: AbortSignal;
	readonly onProcess: (process: ProcessIdentity) => void;
}

export interface BasePlace {
	/** Absolute path of the worktree. */
	readonly folder: string;
	/** The workspace's place in it. */
	readonly workFolder: string;
	/** Makes it ready as every worktree is. Rejects when the signal aborts, or as `setUpWorktree` does. */
	setUp(): Promise<void>;
}

/** Rejects when the worktree cannot be made, and as the work does. */
export async function inBaseWorktree<T>(
	parts: BaseParts,
	{ base, placeIn, environment, signal, onProcess }: BaseRequest,
	work: (place: BasePlace) => Promise<T>,
): Promise<T> {
	const { git, files, worktreesFolder } = parts;
	const folder = files.join(worktreesFolder, newId('run-base'));
	const workFolder = placeIn(folder);
	try {
		await git.addWorktree(folder, base);
		await files.makeFolder(workFolder);
		const place = { folder, workFolder, environment, signal, onProcess, onNote: () => undefined };
		return await work({ folder, workFolder, setUp: () => setUpWorktree(parts, place) });
	} finally {
		await git.removeWorktree(folder).catch(() => undefined);
	}
}
