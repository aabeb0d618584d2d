// Owns finding the files below a folder that is imported. Links are not followed, tools' own folders are not entered, nothing is read:
// it lists, and says what it left out and why.

import { describeError, isDreamError } from '../../base/errors.ts';
import type { FileSystem } from '../ports.ts';

export interface FoundFile {
	/** Path below the root, with forward slashes. */
	readonly file: string;
	readonly path: string;
	readonly bytes: number;
}

export interface LeftOut {
	readonly file: string;
	readonly reason: string;
}

export interface FileWalk {
	/** Sorted by path. */
	readonly files: readonly FoundFile[];
	readonly leftOut: readonly LeftOut[];
}

/** Folders that hold no boards however many files they have. */
const closedFolders: ReadonlySet<string> = new Set(['.git', 'node_modules', '.venv', '__pycache__']);

export interface WalkOptions {
	/** Why a path is not for us, such as a board of this very workspace; undefined when it is. */
	readonly refuse: (path: string) => string | undefined;
}

export async function walkFiles(files: FileSystem, root: string, options: WalkOptions): Promise<FileWalk> {
	const found: FoundFile[] = [];
	const leftOut: LeftOut[] = [];
	const pending: { readonly path: string; readonly file: string }[] = [{ path: root, file: '' }];
	for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
		for (const name of await listOrNote(files, folder, leftOut)) {
			const path = files.join(folder.path, name);
			const file = folder.file === '' ? name : `${folder.file}/${name}`;
			const reason = options.refuse(path);
			const stat = reason === undefined ? await files.stat(path) : undefined;
			if (reason !== undefined) {
				leftOut.push({ file, reason });
			} else if (stat?.isSymbolicLink === true) {
				leftOut.push({ file, reason: 'it is a symbolic link; links are not followed' });
			} else if (stat?.isFolder === true) {
				if (closedFolders.has(name)) {
					leftOut.push({ file, reason: "it is a tool's own folder" });
				} else {
					pending.push({ path, file });
				}
			} else if (stat !== undefined) {
				found.push({ file, path, bytes: stat.size });
			}
		}
	}
	const byPath = (left: { readonly file: string }, right: { readonly file: string }) =>
		left.file < right.file ? -1 : left.file > right.file ? 1 : 0;
	return { files: withoutDescription(found.sort(byPath), leftOut), leftOut: leftOut.sort(byPath) };
}

async function listOrNote(
	files: FileSystem,
	{ path, file }: { readonly path: string; readonly file: string },
	leftOut: LeftOut[],
): Promise<string[]> {
	try {
		return await files.list(path);
	} catch (error) {
		if (!isDreamError(error)) {
			throw error;
		}
		leftOut.push({ file: file === '' ? '.' : file, reason: describeError(error) });
		return [];
	}
}

/** A collection that comes with its own description: these two files tell of the others and are none of them. */
const description = ['EXPECTED.json', 'MANIFEST.md'] as const;

function withoutDescription(found: readonly FoundFile[], leftOut: LeftOut[]): FoundFile[] {
	const names = new Set(found.map(({ file }) => file));
	if (!description.every((name) => names.has(name))) {
		return [...found];
	}
	leftOut.push(...description.map((file) => ({ file, reason: 'it describes this collection' })));
	return found.filter(({ file }) => !description.some((name) => name === file));
}
