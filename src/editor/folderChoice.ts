// Owns which of the open folders is used: the one that is ours, else one with a runtime folder, else the only one there is.

import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import type { WorkspaceFolder } from 'vscode';
import { runtimeFolder, runtimePaths } from '../core/paths.ts';

export type FolderChoice =
	| {
			readonly kind: 'chosen';
			readonly folder: WorkspaceFolder;
			readonly isOneOfSeveral: boolean;
			readonly isWritable: boolean;
	  }
	/** Several folders, none with boards: a person says which when it comes to that. */
	| { readonly kind: 'several'; readonly folders: readonly WorkspaceFolder[] }
	| { readonly kind: 'noFolder' }
	/** Only folders that are not on a disk. */
	| { readonly kind: 'virtual' };

const exists = (file: string) =>
	stat(file).then(
		() => true,
		() => false,
	);

async function isOurs(folder: string): Promise<boolean> {
	return (
		(await exists(path.join(folder, runtimePaths.marker))) || (await exists(path.join(folder, runtimePaths.ledger)))
	);
}

const isWritable = (folder: string) =>
	access(folder, constants.W_OK).then(
		() => true,
		() => false,
	);

async function firstWith(
	folders: readonly WorkspaceFolder[],
	test: (folder: string) => Promise<boolean>,
): Promise<WorkspaceFolder | undefined> {
	const results = await Promise.all(folders.map(({ uri }) => test(uri.fsPath)));
	return folders.find((_folder, index) => results[index]);
}

/** Chooses among the window's folders; `preferred` is the one a person named, if it is still open. */
export async function chooseFolder(
	folders: readonly WorkspaceFolder[],
	preferred: string | undefined,
): Promise<FolderChoice> {
	const real = folders.filter(({ uri }) => uri.scheme === 'file');
	if (real.length === 0) {
		return { kind: folders.length === 0 ? 'noFolder' : 'virtual' };
	}
	const folder =
		real.find(({ uri }) => uri.fsPath === preferred) ??
		(real.length === 1 ? real[0] : undefined) ??
		(await firstWith(real, isOurs)) ??
		(await firstWith(real, (each) => exists(path.join(each, runtimeFolder))));
	return folder === undefined
		? { kind: 'several', folders: real }
		: { kind: 'chosen', folder, isOneOfSeveral: real.length > 1, isWritable: await isWritable(folder.uri.fsPath) };
}
