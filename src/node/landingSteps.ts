// Owns the single steps of a landing on disk, and how each is taken back. Every step leaves either the old or the finished
// content at a path, never a part of it.

import type { FileHandle } from 'node:fs/promises';
import {
	chmod,
	copyFile,
	link,
	lstat,
	mkdir,
	open,
	readFile,
	readdir,
	readlink,
	rename,
	rm,
	rmdir,
	symlink,
	unlink,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inBatches } from '../base/async.ts';
import { isDreamError } from '../base/errors.ts';
import type { LandingEntry, LandingOperation } from '../core/landing/landingTarget.ts';
import { changedMeanwhile, sameBytes } from '../core/landing/landingTarget.ts';
import { fileError, systemCode } from './fileErrors.ts';

const linkMode = '120000';
const executableMode = '100755';

export class LandingSteps {
	/** Staging folder of this landing. */
	readonly folder: string;
	private readonly topFolder: string;
	private readonly undos: (() => Promise<void>)[] = [];
	private readonly touchedFolders = new Set<string>();
	/** Folders something left; they go when everything else is done, because putting one back needs room on the disk. */
	private readonly leftFolders = new Set<string>();
	private readonly kept: { readonly file: string; readonly content: Uint8Array; readonly path: string }[] = [];

	constructor(topFolder: string, folder: string) {
		this.topFolder = topFolder;
		this.folder = folder;
	}

	/** Writes every new content aside, durable, with the permissions it will have. */
	async stage(operations: readonly LandingOperation[]): Promise<void> {
		// Side by side, because each waits for the disk; a failure is told when nothing is under way any more.
		const staged = await inBatches([...operations.entries()], (entry) => settled(this.stageOne(...entry)));
		const failed = staged.find((each) => each.status === 'rejected');
		if (failed !== undefined) {
			throw failed.reason;
		}
	}

	private async stageOne(index: number, operation: LandingOperation): Promise<void> {
		const { path, previousPath, content, mode, expected } = operation;
		if (content === undefined || mode === linkMode) {
			return;
		}
		const target = join(this.topFolder, previousPath ?? path);
		await typed('write', path, async () => {
			const staged = this.staged(index);
			const file = await open(staged, 'wx');
			await writeAndClose(file, content);
			await chmod(staged, await permissions(staged, expected.kind === 'file' ? target : staged, mode));
		});
	}

	/** Performs one step; what it replaced can be put back by `undo`. */
	async perform(operation: LandingOperation, index: number): Promise<void> {
		const { path, kind, previousPath } = operation;
		const full = join(this.topFolder, path);
		await typed(kind === 'delete' ? 'remove' : 'write', path, async () => {
			switch (kind) {
				case 'create':
					await this.clearFolders(full);
					await this.makeParents(full);
					await this.place(operation, index, full, false);
					return;
				case 'edit': {
					const putBack = await this.keep(full, operation.expected, index, path);
					await this.place(operation, index, full, true);
					this.undos.push(putBack);
					return;
				}
				case 'delete': {
					const putBack = await this.keep(full, operation.expected, index, path);
					await unlink(full);
					this.undos.push(putBack);
					this.leftFolders.add(dirname(full));
					return;
				}
				case 'rename': {
					const previous = join(this.topFolder, previousPath ?? path);
					await this.makeParents(full);
					const putBack = await this.keep(previous, operation.expected, index, previousPath ?? path);
					// The old file moves first and is then replaced: cut short in between, it is still a renamed file that merges.
					await rename(previous, full);
					this.undos.push(putBack, () => rm(full, { force: true }));
					await this.place(operation, index, full, true);
					this.leftFolders.add(dirname(previous));
				}
			}
		});
		this.touchedFolders.add(dirname(full));
	}

	/** Makes the moves durable, after a last look at what was replaced: a save in the middle of it all is not lost but planned again. */
	async settle(): Promise<void> {
		for (const { file, content, path } of this.kept) {
			if (!sameBytes(await readFile(file), content)) {
				throw changedMeanwhile(path);
			}
		}
		for (const folder of this.leftFolders) {
			await removeEmptyUpTo(folder, this.topFolder);
		}
		for (const folder of this.touchedFolders) {
			await syncFolder(folder);
		}
	}

	/** Takes everything back, the last step first. Tries all; throws the first failure. */
	async undo(): Promise<void> {
		const failures: unknown[] = [];
		for (const step of this.undos.splice(0).reverse()) {
			await step().catch((error: unknown) => failures.push(error));
		}
		if (failures.length > 0) {
			throw failures[0];
		}
	}

	async clear(): Promise<void> {
		await rm(this.folder, { recursive: true, force: true }).catch(() => undefined);
	}

	private staged(index: number): string {
		return join(this.folder, `new-${index}`);
	}

	/** Moves finished content to its path. Without `replaces` nothing may stand there. */
	private async place(
		{ content, mode, path }: LandingOperation,
		index: number,
		full: string,
		replaces: boolean,
	): Promise<void> {
		const staged = this.staged(index);
		if (mode === linkMode) {
			await symlink(new TextDecoder().decode(content), staged);
		}
		if (!replaces) {
			await this.placeExclusively(staged, full, mode, path);
			this.undos.push(() => rm(full, { force: true }));
			return;
		}
		await moveOver(staged, full);
	}

	private async placeExclusively(staged: string, full: string, mode: string, path: string): Promise<void> {
		try {
			if (mode === linkMode) {
				await symlink(await readlink(staged), full);
			} else {
				await link(staged, full);
			}
		} catch (error) {
			if (systemCode(error) === 'EEXIST') {
				throw changedMeanwhile(path);
			}
			if (mode === linkMode || !['EXDEV', 'EPERM', 'ENOTSUP', 'EMLINK'].includes(systemCode(error) ?? '')) {
				throw error;
			}
			await moveOver(staged, full);
		}
	}

	/** Keeps what stands at a path, and checks that it is still what the plan was made for. The answer puts it back. */
	private async keep(
		full: string,
		expected: LandingEntry,
		index: number,
		path: string,
	): Promise<() => Promise<void>> {
		const kept = join(this.folder, `old-${index}`);
		if (expected.kind === 'link') {
			// Made now and not when it is needed: a disk that is full by then takes no new link.
			await symlink(expected.target, kept);
			return () => rename(kept, full);
		}
		if (expected.kind !== 'file') {
			return async () => undefined;
		}
		try {
			// Another name of the same file: even an editor that saves into it at this moment loses nothing.
			await link(full, kept);
		} catch (error) {
			if (systemCode(error) === 'ENOENT') {
				throw changedMeanwhile(path);
			}
			await copyFile(full, kept);
		}
		this.kept.push({ file: kept, content: expected.content, path });
		if (!sameBytes(await readFile(kept), expected.content)) {
			throw changedMeanwhile(path);
		}
		return () => moveOver(kept, full);
	}

	private async makeParents(full: string): Promise<void> {
		const first = await mkdir(dirname(full), { recursive: true });
		if (first !== undefined) {
			this.undos.push(() => removeEmptyUpTo(dirname(full), dirname(first)));
		}
	}

	/** Removes the folders below and at a path that earlier steps emptied, so that a file can come there. */
	private async clearFolders(full: string): Promise<void> {
		const found = await lstat(full).catch(() => undefined);
		if (found?.isDirectory() !== true) {
			return;
		}
		for (const name of await readdir(full)) {
			await this.clearFolders(join(full, name));
		}
		await rmdir(full);
		this.undos.push(async () => {
			await mkdir(full);
		});
	}
}

async function settled(work: Promise<void>): Promise<PromiseSettledResult<void>> {
	const [result] = await Promise.allSettled([work]);
	return result;
}

async function writeAndClose(file: FileHandle, content: Uint8Array): Promise<void> {
	try {
		await file.writeFile(content);
		await file.sync();
	} finally {
		await file.close();
	}
}

/** Permission bits: those of the file that is replaced (or a new one), executable as git says. */
async function permissions(staged: string, like: string, mode: string): Promise<number> {
	const bits = (await lstat(like).catch(() => lstat(staged))).mode & 0o777;
	return mode === executableMode ? bits | ((bits & 0o444) >> 2) : bits & ~0o111;
}

/** rename, also from another disk: then through a copy beside the target, so that no part of a file is ever seen. */
async function moveOver(from: string, to: string): Promise<void> {
	try {
		await rename(from, to);
	} catch (error) {
		if (systemCode(error) !== 'EXDEV') {
			throw error;
		}
		const beside = `${to}.dreamos.tmp`;
		try {
			await copyFile(from, beside);
			await rename(beside, to);
		} catch (failure) {
			await rm(beside, { force: true });
			throw failure;
		}
		await rm(from, { force: true });
	}
}

/** git keeps no empty folders; neither does a landing. Stops at the first folder that holds something, and at `top`. */
async function removeEmptyUpTo(folder: string, top: string): Promise<void> {
	for (let current = folder; current !== top && current.startsWith(top); current = dirname(current)) {
		try {
			await rmdir(current);
		} catch {
			return;
		}
	}
}

async function syncFolder(folder: string): Promise<void> {
	try {
		const handle = await open(folder, 'r');
		try {
			await handle.sync();
		} finally {
			await handle.close();
		}
	} catch {
		// Removed meanwhile, or a system that cannot sync folders.
	}
}

async function typed(action: 'write' | 'remove', path: string, work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		throw isDreamError(error) ? error : fileError(error, action, path);
	}
}
