// Owns where worktrees live: outside the workspace, so that the editor does not index them, one folder per workspace.

import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { basename, isAbsolute, join, resolve } from 'node:path';

export interface CacheFolderInput {
	readonly workspaceFolder: string;
	/** Value of `dreamos.worktrees.folder`; empty means the system's cache. `~` is the home folder. */
	readonly setting?: string;
	readonly environment?: NodeJS.ProcessEnv;
	readonly platform?: NodeJS.Platform;
	readonly home?: string;
}

/** The folder the system gives programs for what can be made again. */
export function systemCacheFolder(input: Omit<CacheFolderInput, 'workspaceFolder' | 'setting'> = {}): string {
	const environment = input.environment ?? process.env;
	const home = input.home ?? homedir();
	switch (input.platform ?? process.platform) {
		case 'win32':
			return absoluteOr(environment['LOCALAPPDATA'], join(home, 'AppData', 'Local'));
		case 'darwin':
			return join(home, 'Library', 'Caches');
		default:
			return absoluteOr(environment['XDG_CACHE_HOME'], join(home, '.cache'));
	}
}

/**
 * Where the worktrees of a workspace live. Two workspaces never share one: the name is for people, the hash of the absolute
 * path tells them apart. A relative setting counts from the workspace.
 */
export function worktreesFolder(input: CacheFolderInput): string {
	const workspace = resolve(input.workspaceFolder);
	const setting = (input.setting ?? '').trim();
	const parent =
		setting === ''
			? join(systemCacheFolder(input), 'dreamos', 'worktrees')
			: resolve(
					workspace,
					setting.replace(/^~(?=$|[\\/])/u, () => input.home ?? homedir()),
				);
	return join(
		parent,
		`${readableName(workspace)}-${createHash('sha256').update(workspace).digest('hex').slice(0, 10)}`,
	);
}

/** A part of a file name that is safe everywhere and still says which workspace it is. */
function readableName(workspace: string): string {
	const name = basename(workspace)
		.normalize('NFC')
		.replace(/[^\p{L}\p{N}._-]+/gu, '-')
		.replace(/^[.-]+|[.-]+$/gu, '');
	return Array.from(name).slice(0, 32).join('') || 'workspace';
}

function absoluteOr(value: string | undefined, fallback: string): string {
	return value !== undefined && isAbsolute(value) ? value : fallback;
}
