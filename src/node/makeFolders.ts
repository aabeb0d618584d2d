// Owns making a folder with its missing parents so that whoever watches the tree above it can follow. It overwrites nothing.

import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemCode } from './fileErrors.ts';

/**
 * How long a new folder stands before something is put into it. A watcher on Linux learns of a folder first and watches it then;
 * VS Code's does not look for what came into it in between, and would never follow the files below. Measured with its
 * @parcel/watcher: made at one go three levels are missed every time, with no pause one time in eight, with 2 ms never on a
 * quiet machine.
 */
const pauseMilliseconds = 25;

/**
 * Makes a folder and its missing parents, one level at a time.
 * @param pause waits after each level that is made
 * @returns the topmost folder that was made; undefined when all were there.
 */
export async function makeFolders(
	folder: string,
	pause: () => Promise<unknown> = () => delay(pauseMilliseconds),
): Promise<string | undefined> {
	try {
		await mkdir(folder);
	} catch (error) {
		const code = systemCode(error);
		if (code === 'ENOENT' && dirname(folder) !== folder) {
			const first = await makeFolders(dirname(folder), pause);
			return (await makeFolders(folder, pause)) === undefined ? first : (first ?? folder);
		}
		if (code === 'EEXIST') {
			// A file in its place is refused as the system refuses it.
			return await mkdir(folder, { recursive: true });
		}
		throw error;
	}
	await pause();
	return folder;
}
