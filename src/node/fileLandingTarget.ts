// Owns landing on the files of a repository without an editor: all steps or none. New contents are written aside first and moved
// into place; what they replace is kept until the last step held. It follows no link on the way to a file.

import { lstat, mkdir, mkdtemp, readFile, readdir, readlink, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stats } from 'node:fs';
import { DreamError, describeError, isDreamError } from '../base/errors.ts';
import type { LandingEntry, LandingOperation, LandingTarget } from '../core/landing/landingTarget.ts';
import { changedMeanwhile, isOneFile, sameEntry } from '../core/landing/landingTarget.ts';
import { fileError, systemCode } from './fileErrors.ts';
import { filesBelow } from './filesBelow.ts';
import { LandingSteps } from './landingSteps.ts';

export interface FileLandingOptions {
	/** Absolute path of the repository's top folder. */
	readonly topFolder: string;
	/** Absolute path of a folder on the same disk for what is on its way. */
	readonly stagingFolder: string;
}

/** Staging folders this old were left by a program that was killed. */
const staleMilliseconds = 10 * 60 * 1000;

export function createFileLandingTarget({ topFolder, stagingFolder }: FileLandingOptions): LandingTarget {
	const read = (path: string): Promise<LandingEntry> => readEntry(topFolder, path);
	return {
		read,
		async apply(operations, label) {
			if (operations.length === 0) {
				return;
			}
			let steps: LandingSteps | undefined;
			try {
				await requireExpected(read, operations);
				steps = new LandingSteps(topFolder, await makeStaging(stagingFolder));
				await steps.stage(operations);
				for (const [index, operation] of operations.entries()) {
					await steps.perform(operation, index);
				}
				await steps.settle();
				await steps.clear();
			} catch (error) {
				await undo(steps, error, label);
			} finally {
				// Fails while another landing has something in it.
				await rmdir(stagingFolder).catch(() => undefined);
			}
		},
	};
}

async function makeStaging(stagingFolder: string): Promise<string> {
	try {
		await mkdir(stagingFolder, { recursive: true });
		await removeStale(stagingFolder);
		return await mkdtemp(join(stagingFolder, 'landing-'));
	} catch (error) {
		throw isDreamError(error) ? error : fileError(error, 'write', stagingFolder);
	}
}

/** Puts everything back and throws what went wrong, in the words of the contract. */
async function undo(steps: LandingSteps | undefined, error: unknown, label: string): Promise<never> {
	try {
		await steps?.undo();
	} catch (failure) {
		throw new DreamError(
			'landing.failed',
			`${label}: landing failed (${describeError(error)}) and could not be undone completely: ${describeError(failure)}`,
			{ cause: error, advice: `What was replaced is kept in ${steps?.folder ?? 'the staging folder'}.` },
		);
	}
	await steps?.clear();
	if (isDreamError(error, 'landing.changedMeanwhile')) {
		throw error;
	}
	throw new DreamError(
		'landing.failed',
		`${label}: the change could not be written; nothing was changed. ${describeError(error)}`,
		{
			cause: error,
		},
	);
}

async function requireExpected(
	read: (path: string) => Promise<LandingEntry>,
	operations: readonly LandingOperation[],
): Promise<void> {
	for (const { kind, path, previousPath, expected } of operations) {
		const origin = previousPath ?? path;
		const found = await read(origin);
		if (!sameEntry(found, expected)) {
			throw changedMeanwhile(origin);
		}
		const place = kind === 'rename' ? await read(path) : undefined;
		if (place !== undefined && place.kind !== 'none' && !isOneFile(path, place, origin, found)) {
			throw changedMeanwhile(path);
		}
	}
}

async function readEntry(topFolder: string, path: string): Promise<LandingEntry> {
	const parts = path.split('/');
	for (let length = 1; length < parts.length; length += 1) {
		const parent = parts.slice(0, length).join('/');
		const found = await statOrUndefined(join(topFolder, parent));
		if (found === undefined) {
			return { kind: 'none' };
		}
		if (found.isSymbolicLink()) {
			return { kind: 'obstacle', reason: `leads through the link ${parent}`, by: [parent] };
		}
		if (!found.isDirectory()) {
			return { kind: 'obstacle', reason: `cannot exist beside the file ${parent}`, by: [parent] };
		}
	}
	const full = join(topFolder, path);
	const found = await statOrUndefined(full);
	try {
		if (found === undefined) {
			return { kind: 'none' };
		}
		if (found.isSymbolicLink()) {
			return { kind: 'link', target: await readlink(full) };
		}
		if (found.isFile()) {
			return {
				kind: 'file',
				content: await readFile(full),
				isExecutable: (found.mode & 0o100) !== 0,
				isDirty: false,
				identity: `${found.dev}:${found.ino}`,
			};
		}
	} catch (error) {
		throw fileError(error, 'read', full);
	}
	return found.isDirectory()
		? { kind: 'obstacle', reason: 'is a folder here', by: await filesBelow(full, path) }
		: { kind: 'obstacle', reason: 'is neither a file nor a link here' };
}

async function statOrUndefined(path: string): Promise<Stats | undefined> {
	try {
		return await lstat(path);
	} catch (error) {
		if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') {
			return undefined;
		}
		throw fileError(error, 'look at', path);
	}
}

async function removeStale(stagingFolder: string): Promise<void> {
	for (const name of await readdir(stagingFolder)) {
		const path = join(stagingFolder, name);
		const found = await statOrUndefined(path);
		if (found !== undefined && Date.now() - found.mtimeMs > staleMilliseconds) {
			await rm(path, { recursive: true, force: true });
		}
	}
}
