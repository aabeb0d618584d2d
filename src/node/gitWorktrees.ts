// Owns worktrees: made detached and without hooks, removed whatever state they are in. It deletes nothing but the folder it
// is given and that folder's own registration: a general prune would forget a person's worktree on a disk that is away.

import { chmod, lstat, mkdir, readdir, readFile, realpath, rm, statfs, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { DreamError, isDreamError } from '../base/errors.ts';
import { fileError, systemCode } from './fileErrors.ts';
import { copyIndex } from './gitIndex.ts';
import type { KnownWorktree } from '../core/ports.ts';
import type { GitRepository } from './gitRepository.ts';
import { checkCommit } from './gitRepository.ts';

/** The index as it was right after the checkout; lies beside the worktree's own, which its agent may change or break. */
const cleanIndexName = 'dreamos-index';
/** Says that a removal began: what is missing from then on is no work of anybody. */
const removalName = 'dreamos-removing';

/** Makes a detached worktree; leaves nothing behind when it fails or is stopped. Called with the repository to itself. */
export async function addWorktree(
	repository: GitRepository,
	folder: string,
	commit: string,
	signal?: AbortSignal,
): Promise<void> {
	checkCommit(commit);
	if (await exists(folder)) {
		throw new DreamError('git.worktreeExists', `There is something at ${folder} already.`, {
			details: { folder },
			advice: 'Remove it or choose another folder for worktrees.',
		});
	}
	try {
		await mkdir(dirname(folder), { recursive: true }).catch((error: unknown) => {
			throw fileError(error, 'create', dirname(folder));
		});
		// Forced, because a folder of this name may have been deleted by hand while git still knows it.
		const add = ['worktree', 'add', '--force', '--force', '--no-checkout', '--detach', '--', folder, commit];
		await repository.run(add, { signal });
		const registration = await registrationOf(repository, folder);
		if (registration === undefined) {
			throw new DreamError('git.failed', `git made no worktree at ${folder}.`, { details: { folder } });
		}
		// What git does by itself, but as a process of ours: a checkout of very many files is to end when nobody waits for it any more.
		await repository.runner.run({
			folder,
			environment: { GIT_DIR: registration, GIT_WORK_TREE: folder },
			arguments: ['reset', '--hard', '--quiet', '--no-recurse-submodules'],
			signal,
		});
		await keepCleanIndex(registration);
	} catch (error) {
		await removeWorktree(repository, folder, (job) => job()).catch(() => undefined);
		const isUnclear = isDreamError(error, 'git.failed');
		throw (isUnclear ? await fullDisk(repository, folder, commit).catch(() => undefined) : undefined) ?? error;
	}
}

/** git does not say why it could not write a file; whether there was room for all of them tells. */
async function fullDisk(repository: GitRepository, folder: string, commit: string): Promise<DreamError | undefined> {
	const place = await statfs(dirname(folder)).catch(() => undefined);
	const { output } = await repository.run(['ls-tree', '-r', '-l', commit]);
	const needed = output
		.split('\n')
		.reduce((sum, line) => sum + (Number(/^\S+ \S+ \S+ +(\d+)\t/u.exec(line)?.[1]) || 0), 0);
	return place === undefined || place.bavail * place.bsize > needed
		? undefined
		: new DreamError('file.full', `The disk or its quota is full: there is no room for the worktree ${folder}.`, {
				details: { folder, needed },
				advice: 'Free some space, or let dreamos.worktrees.folder name a folder on another disk.',
			});
}

/** Remembers the index of a finished checkout; from then on the worktree counts as ours. */
export async function keepCleanIndex(registration: string): Promise<void> {
	await copyIndex(join(registration, 'index'), join(registration, cleanIndexName));
}

/**
 * Removes folder and registration, in this order: what is left half-way can be removed again. Only for the registration it
 * needs the repository to itself; deleting many files keeps nobody waiting.
 */
export async function removeWorktree(
	repository: GitRepository,
	folder: string,
	exclusively: GitRepository['exclusively'] = repository.exclusively,
): Promise<void> {
	const registration = await registrationOf(repository, folder);
	await refuseForeign(repository, folder, registration);
	if (registration !== undefined) {
		// Without it, a removal that is cut short would look like an agent that deleted files. A full disk must not keep it from going.
		await writeFile(join(registration, removalName), '').catch(() => undefined);
	}
	await removeFolder(folder);
	if (registration !== undefined) {
		// Forced twice: its agent may have locked it.
		const place = await realFolder(folder);
		await exclusively(() => repository.run(['worktree', 'remove', '--force', '--force', '--', place])).catch(
			async (error: unknown) => {
				// Somebody else removed it meanwhile.
				if ((await registrationOf(repository, folder)) !== undefined) {
					throw error;
				}
			},
		);
	}
}

/** All worktrees but the main one and the workspace's own. */
export async function listWorktrees(repository: GitRepository): Promise<readonly KnownWorktree[]> {
	const { output } = await repository.run(['worktree', 'list', '--porcelain']);
	const [, ...linked] = output.split('\n\n').map((block) => ({
		folder: /^worktree (.+)$/mu.exec(block)?.[1] ?? '',
		commit: /^HEAD ([0-9a-f]+)$/mu.exec(block)?.[1] ?? '',
	}));
	return Promise.all(
		linked
			.filter(({ folder }) => folder !== '' && resolve(folder) !== repository.top)
			.map(async (known) => ({
				...known,
				folder: resolve(known.folder),
				isOurs: (await cleanIndexOf(repository, known.folder)) !== undefined,
			})),
	);
}

/** Where the index of the checkout of a worktree is kept; undefined when there is none: not known to git, or never finished. */
export async function cleanIndexOf(repository: GitRepository, folder: string): Promise<string | undefined> {
	const registration = await registrationOf(repository, folder);
	const index = registration === undefined ? undefined : join(registration, cleanIndexName);
	return index !== undefined && (await exists(index)) ? index : undefined;
}

/** Whether somebody began to remove this worktree, and was cut short. */
export async function isBeingRemoved(repository: GitRepository, folder: string): Promise<boolean> {
	const registration = await registrationOf(repository, folder);
	return registration !== undefined && (await exists(join(registration, removalName)));
}

const exists = async (path: string): Promise<boolean> => (await lstat(path).catch(() => undefined)) !== undefined;

/**
 * The folder under `.git/worktrees` that registers a worktree. Found from git's side: the worktree's own `.git` file belongs
 * to whoever worked there, and may be gone or point anywhere.
 */
export async function registrationOf(repository: GitRepository, folder: string): Promise<string | undefined> {
	const parent = join(repository.commonFolder, 'worktrees');
	const wanted = join(await realFolder(folder), '.git');
	for (const name of await readdir(parent).catch(() => [])) {
		const text = await readFile(join(parent, name, 'gitdir'), 'utf8').catch(() => '');
		if (text !== '' && resolve(parent, name, text.replace(/\n$/u, '')) === wanted) {
			return join(parent, name);
		}
	}
	return undefined;
}

/** git keeps real paths; the folder itself may be gone, its parents are not. */
export async function realFolder(folder: string): Promise<string> {
	const absolute = resolve(folder);
	for (let parent = dirname(absolute), rest = basename(absolute); ;) {
		const real = await realpath(parent).catch(() => undefined);
		if (real !== undefined) {
			return join(real, rest);
		}
		if (dirname(parent) === parent) {
			return absolute;
		}
		rest = join(basename(parent), rest);
		parent = dirname(parent);
	}
}

/** The last guard before a folder is deleted, against a wrong path in a setting or a record. */
async function refuseForeign(
	repository: GitRepository,
	folder: string,
	registration: string | undefined,
): Promise<void> {
	const absolute = await realFolder(folder);
	const contains = (inner: string) =>
		inner === absolute || inner.startsWith(absolute.endsWith(sep) ? absolute : absolute + sep);
	const place = await lstat(join(absolute, '.git')).catch(() => undefined);
	const isOtherRepository = registration === undefined && place?.isDirectory() === true;
	const isLink = (await lstat(absolute).catch(() => undefined))?.isSymbolicLink() === true;
	const isPersons = registration !== undefined && (await isPersonsOwn(registration));
	if (
		[repository.top, repository.commonFolder, homedir()].some(contains) ||
		isOtherRepository ||
		isLink ||
		isPersons
	) {
		throw new DreamError(
			'git.notAWorktree',
			`${folder} is no worktree of ${repository.top}; it is left as it is.`,
			{
				details: { folder },
				advice: 'Check the setting dreamos.worktrees.folder.',
			},
		);
	}
}

/** Ours are made detached, and marked by the clean index even if their agent switched to a branch. */
async function isPersonsOwn(registration: string): Promise<boolean> {
	const isMarked = await exists(join(registration, cleanIndexName));
	const head = await readFile(join(registration, 'HEAD'), 'utf8').catch(() => '');
	return !isMarked && head.startsWith('ref:');
}

async function removeFolder(folder: string): Promise<void> {
	const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
	try {
		await remove().catch(async (error: unknown) => {
			if (systemCode(error) !== 'EACCES' && systemCode(error) !== 'EPERM') {
				throw error;
			}
			// Package managers make folders of their caches read-only.
			await allowWriting(folder);
			await remove();
		});
	} catch (error) {
		throw fileError(error, 'remove', folder);
	}
}

async function allowWriting(folder: string): Promise<void> {
	await chmod(folder, 0o700).catch(() => undefined);
	for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
		if (entry.isDirectory()) {
			await allowWriting(join(folder, entry.name));
		}
	}
}
