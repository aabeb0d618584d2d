// Owns finding the repository of a workspace that is in none, but holds one: `work/` with the clone in `work/app/`. Several are for
// the person to choose from.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DreamError } from '../base/errors.ts';
import { runtimeFolder } from '../core/paths.ts';

/** Deeper, it is somebody's dependency rather than the project. */
const deepest = 3;
const passedOver: ReadonlySet<string> = new Set(['node_modules', 'vendor', runtimeFolder]);
/** Enough for the message. */
const mostNamed = 5;

/** The folder of the one repository inside; undefined when there is none. Fails with `git.severalRepositories`. */
export async function findRepositoryInside(workspaceFolder: string): Promise<string | undefined> {
	const found = await search(workspaceFolder, '', 1);
	if (found.length > 1) {
		const named = found.slice(0, mostNamed).join(', ') + (found.length > mostNamed ? ' …' : '');
		throw new DreamError(
			'git.severalRepositories',
			`${workspaceFolder} is in no git repository and holds ${found.length}: ${named}.`,
			{
				details: { folder: workspaceFolder, repositories: found },
				advice: 'Open the folder of the one the swarm works on; another window can run a swarm for another.',
			},
		);
	}
	return found[0] === undefined ? undefined : join(workspaceFolder, found[0]);
}

async function search(top: string, path: string, depth: number): Promise<string[]> {
	const entries = await readdir(join(top, path), { withFileTypes: true }).catch(() => []);
	if (path !== '' && entries.some(({ name }) => name === '.git')) {
		return [path];
	}
	if (depth > deepest) {
		return [];
	}
	const inside: string[] = [];
	for (const { name } of entries.filter((entry) => entry.isDirectory())) {
		if (!name.startsWith('.') && !passedOver.has(name)) {
			inside.push(...(await search(top, path === '' ? name : `${path}/${name}`, depth + 1)));
		}
	}
	return inside.toSorted();
}
