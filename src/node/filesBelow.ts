// Owns the list of what has to go before a folder is gone.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from './fileErrors.ts';

/** Files of a folder as paths that begin with `path`, sorted; an empty folder counts as itself, because no deletion removes it. */
export async function filesBelow(folder: string, path: string): Promise<readonly string[]> {
	try {
		const entries = await readdir(folder, { withFileTypes: true });
		const below = await Promise.all(
			entries.map(async (entry) => {
				const own = `${path}/${entry.name}`;
				return entry.isDirectory() ? await filesBelow(join(folder, entry.name), own) : [own];
			}),
		);
		return entries.length === 0 ? [path] : below.flat().toSorted();
	} catch (error) {
		throw fileError(error, 'look at', folder);
	}
}
