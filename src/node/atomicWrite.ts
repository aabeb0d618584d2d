// Owns the durable replacement of one file: whoever reads sees the old content or the new one, also after a power cut.
// Own code and not `write-file-atomic`, because durability is what this product promises: that package does not sync the
// folder (the rename itself can be lost), and neither tells a full disk from a read-only one nor tidies up after a kill.

import type { Stats } from 'node:fs';
import { renameSync, statSync } from 'node:fs';
import { lstat, open, readdir, readlink, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DreamError } from '../base/errors.ts';
import type { WriteOptions } from '../core/ports.ts';
import { fileError, systemCode } from './fileErrors.ts';
import { isSameFile, replaceSeen, temporaryName } from './replaceSeen.ts';

/** Age at which a temp file cannot belong to a living writer any more. */
const abandonedAfterMilliseconds = 10 * 60_000;
const maximumLinks = 40;

/** Replaces the content of a file; see FileSystem.writeAtomic. A hard link to the file keeps the old content. */
export async function writeAtomic(
	path: string,
	content: string | Uint8Array,
	confirm?: () => Promise<boolean>,
	options: WriteOptions = {},
): Promise<void> {
	try {
		const target = await followLinks(path);
		const old = await statOrUndefined(target);
		if (old?.isDirectory() === true) {
			throw new DreamError('file.isFolder', `Cannot write ${path}: a folder is in its place.`, {
				details: { path },
				advice: 'Move the folder away or choose another name.',
			});
		}
		if (old?.isFile() === true) {
			// A rename would replace a file that its owner made read-only; opening it asks the system whether we may.
			await (await open(target, 'r+')).close();
		}
		await sweepOnce(dirname(target));
		await replace(target, content, old, confirm, confirm !== undefined && options.othersSave === true);
	} catch (error) {
		throw fileError(error, 'write', path);
	}
}

/** Makes a rename or a creation in a folder durable, where the system can. */
async function syncFolder(folder: string): Promise<void> {
	if (process.platform === 'win32') {
		return;
	}
	const handle = await open(folder, 'r');
	try {
		await handle.sync();
	} catch (error) {
		// Some file systems (network drives) do not sync folders; the rename is as durable as they make it.
		if (systemCode(error) !== 'EINVAL' && systemCode(error) !== 'ENOTSUP') {
			throw error;
		}
	} finally {
		await handle.close();
	}
}

async function replace(
	target: string,
	content: string | Uint8Array,
	old: Stats | undefined,
	confirm: (() => Promise<boolean>) | undefined,
	othersSave: boolean,
): Promise<void> {
	const folder = dirname(target);
	const temporary = join(folder, temporaryName(basename(target)));
	try {
		const handle = await open(temporary, 'wx');
		try {
			if (old !== undefined) {
				await handle.chmod(old.mode & 0o7777);
				await keepOwner(handle, old);
			}
			await handle.writeFile(content);
			await handle.sync();
		} finally {
			await handle.close();
		}
		const seen = confirm === undefined ? undefined : await statOrUndefined(target);
		// Whoever confirms needs a moment to look; the last look and the replacement follow each other without one.
		if (
			confirm !== undefined &&
			(!(await confirm()) || !isSameFile(seen, statSync(target, { throwIfNoEntry: false })))
		) {
			throw changedMeanwhile(target);
		}
		if (!othersSave || process.platform === 'win32') {
			await renameOver(temporary, target);
		} else if (!replaceSeen(temporary, target, seen)) {
			throw changedMeanwhile(target);
		}
	} catch (error) {
		await rm(temporary, { force: true }).catch(() => undefined);
		throw error;
	}
	await syncFolder(folder);
}

function changedMeanwhile(path: string): DreamError {
	return new DreamError('file.changed', `${path} was changed by somebody else meanwhile; it was not replaced.`, {
		details: { path },
	});
}

/** Where a write has to go: the end of a chain of links, also when that file does not exist yet. */
async function followLinks(path: string): Promise<string> {
	let current = resolve(path);
	for (let count = 0; count < maximumLinks; count++) {
		const found = await lstat(current).catch(ignoreMissing);
		if (found?.isSymbolicLink() !== true) {
			return current;
		}
		current = resolve(dirname(current), await readlink(current));
	}
	throw new DreamError('file.failed', `Cannot write ${path}: its links lead in a circle.`, { details: { path } });
}

/** A program started by root must not take a person's file away. Whoever may not give it back keeps it. */
async function keepOwner(
	handle: { stat(): Promise<Stats>; chown(user: number, group: number): Promise<void> },
	old: Stats,
): Promise<void> {
	const mine = await handle.stat();
	if (mine.uid !== old.uid || mine.gid !== old.gid) {
		await handle.chown(old.uid, old.gid).catch(() => undefined);
	}
}

/** Windows refuses to replace a file that somebody has open; a virus scanner lets go after a moment. */
async function renameOver(from: string, to: string): Promise<void> {
	for (let attempt = 1; ; attempt++) {
		try {
			renameSync(from, to);
			return;
		} catch (error) {
			const isBusy =
				process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(systemCode(error) ?? '');
			if (!isBusy || attempt === 8) {
				throw error;
			}
			await delay(attempt * 15);
		}
	}
}

const temporaryPattern = /^\..+\.[0-9a-z]{10}\.tmp$/u;

const sweptFolders = new Set<string>();

/** Removes what a killed writer left in a folder, once per folder and process. */
async function sweepOnce(folder: string): Promise<void> {
	if (sweptFolders.has(folder)) {
		return;
	}
	sweptFolders.add(folder);
	const names = await readdir(folder).catch(() => []);
	const limit = Date.now() - abandonedAfterMilliseconds;
	for (const name of names.filter((candidate) => temporaryPattern.test(candidate))) {
		const found = await lstat(join(folder, name)).catch(() => undefined);
		// What was moved aside is as old as its content; when it was moved, the other time says.
		if (found?.isFile() === true && found.mtimeMs < limit && (!name.includes('.old.') || found.ctimeMs < limit)) {
			await rm(join(folder, name), { force: true }).catch(() => undefined);
		}
	}
}

function statOrUndefined(path: string): Promise<Stats | undefined> {
	return stat(path).catch(ignoreMissing);
}

function ignoreMissing(error: unknown): undefined {
	if (systemCode(error) !== 'ENOENT') {
		throw error;
	}
	return undefined;
}
