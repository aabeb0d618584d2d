// Owns what git leaves in the object store when the disk fills up in the middle of a write: the piece it had written, which takes the
// last of the room and which git itself clears away only after weeks. Nothing but such pieces is touched.

import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sleep } from '../base/async.ts';
import { isDreamError } from '../base/errors.ts';
import type { GitRepository } from './gitRepository.ts';

/** What git writes to before it gives an object its name. */
const halfName = /^tmp_(?:obj|pack|idx)_/u;
/** Clocks of file systems are coarse. */
const marginMilliseconds = 2_000;
/** Somebody who still writes has written more after so long, or has failed. */
const stillMilliseconds = 100;

/** Does work that writes objects; when the disk fills up meanwhile, what is left half written is removed before that is told. */
export async function withoutHalfObjects<T>(repository: GitRepository, work: () => Promise<T>): Promise<T> {
	const begin = Date.now();
	try {
		return await work();
	} catch (error) {
		if (isDreamError(error, 'file.full')) {
			await removeHalfObjects(join(repository.commonFolder, 'objects'), begin - marginMilliseconds);
		}
		throw error;
	}
}

/** Removes pieces that came after `since` (wall milliseconds) and do not grow. Never rejects. */
async function removeHalfObjects(objects: string, since: number): Promise<void> {
	const found: { readonly place: string; readonly size: number }[] = [];
	for (const folder of await readdir(objects).catch(() => [])) {
		for (const name of await readdir(join(objects, folder)).catch(() => [])) {
			const place = join(objects, folder, name);
			const seen = halfName.test(name) ? await stat(place).catch(() => undefined) : undefined;
			if (seen !== undefined && seen.mtimeMs >= since) {
				found.push({ place, size: seen.size });
			}
		}
	}
	if (found.length === 0) {
		return;
	}
	await sleep(stillMilliseconds);
	for (const { place, size } of found) {
		const now = await stat(place).catch(() => undefined);
		if (now?.size === size) {
			await rm(place, { force: true }).catch(() => undefined);
		}
	}
}
