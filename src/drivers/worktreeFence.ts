// Owns the border of a worktree: whether a path an agent names stays inside once every link is followed. It refuses `.git`,
// because whoever writes there decides what git runs, and whatever it cannot be sure of.

import { lstat, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { PlacedPath } from '../core/policy/permissionRequest.ts';

export interface WorktreeFence {
	/** The real absolute path, or undefined when it is not inside. Relative paths start at the worktree. */
	resolve(path: string): Promise<string | undefined>;
	/** Where a path an agent names leads, for the rules; also outside, where it may be looked at only. */
	place(path: string): Promise<PlacedPath>;
	/** The names of the worktree: the one it was given, and where that leads. */
	roots(): Promise<readonly string[]>;
	/** How a path is shown: short inside the worktree, whole outside. */
	show(path: string): string;
	/** A text in which paths below the worktree are short. */
	shorten(text: string): string;
}

export function createWorktreeFence(worktree: string): WorktreeFence {
	// Asked anew each time: it costs microseconds, and the folder may be replaced while the agent works.
	return {
		async place(path) {
			const unknown = { named: path, place: 'unknown', names: [path] } as const;
			const home = homedir();
			const whole = path === '~' || path.startsWith('~/') ? `${home}${path.slice(1)}` : path;
			if (whole === '' || whole.startsWith('~') || whole.includes('\0')) {
				return unknown;
			}
			try {
				const root = await realpath(worktree);
				const real = await realPathOfFuture(isAbsolute(whole) ? whole : `${root}${sep}${whole}`);
				if (real === undefined || namesGit(relative(root, real))) {
					return unknown;
				}
				if (isWithin(root, real)) {
					const inside = relative(root, real).split(sep).join('/');
					return { named: path, place: 'inside', names: [inside === '' ? '.' : inside] };
				}
				const isHome = home.length > 1 && real.startsWith(`${home}${sep}`);
				const names = [real, ...(isHome ? [`~${real.slice(home.length)}`] : [])];
				return { named: path, place: 'outside', names: names.map((name) => name.split(sep).join('/')) };
			} catch {
				return unknown;
			}
		},
		async resolve(path) {
			if (path === '' || path.startsWith('~') || path.includes('\0')) {
				return undefined;
			}
			try {
				const root = await realpath(worktree);
				// Joined as text: `link/..` is the parent of where the link leads, and join() would cancel it out.
				const real = await realPathOfFuture(isAbsolute(path) ? path : `${root}${sep}${path}`);
				return real !== undefined && isWithin(root, real) ? real : undefined;
			} catch {
				return undefined;
			}
		},
		async roots() {
			const real = await realpath(worktree).catch(() => worktree);
			return [...new Set([worktree, real])];
		},
		shorten: (text) => text.replaceAll(`${worktree}${sep}`, ''),
		show(path) {
			const inside = isAbsolute(path) ? relative(worktree, path) : path;
			const home = homedir();
			if (inside === '') {
				return '.';
			}
			if (!inside.startsWith('..') && !isAbsolute(inside)) {
				return inside;
			}
			return home.length > 1 && path.startsWith(`${home}${sep}`) ? `~${path.slice(home.length)}` : path;
		},
	};
}

function isWithin(root: string, path: string): boolean {
	const inside = relative(root, path);
	const parts = inside.split(sep);
	return !isAbsolute(inside) && parts[0] !== '..' && !namesGit(inside);
}

const namesGit = (path: string): boolean => path.split(sep).some((part) => part.toLowerCase() === '.git');

/** The real path of something that may not exist yet: that of its nearest existing folder, and the rest. */
async function realPathOfFuture(path: string): Promise<string | undefined> {
	const rest: string[] = [];
	for (let current = path; ;) {
		try {
			return join(await realpath(current), ...rest);
		} catch (error) {
			const isLinkToNothing = await lstat(current).then(
				() => true,
				() => false,
			);
			const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
			const name = basename(current);
			const parent = dirname(current);
			if (!isMissing || isLinkToNothing || name === '..' || parent === current) {
				return undefined;
			}
			rest.unshift(name);
			current = parent;
		}
	}
}
