// Owns how the files of a repository look through this window: unsaved text where there is some, else what is on disk.

import { lstat, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { TextDocument } from 'vscode';
import { Uri, workspace } from 'vscode';
import { DreamError, toError } from '../../base/errors.ts';
import type { LandingEntry } from '../../core/landing/landingTarget.ts';
import { filesBelow } from '../../node/filesBelow.ts';

const executableBits = 0o111;

/** The open document of a file, if there is one. Any open one counts, also without a tab: an extension may hold it. */
export function openDocument(file: string): TextDocument | undefined {
	const key = Uri.file(file).toString();
	return workspace.textDocuments.find((document) => !document.isClosed && document.uri.toString() === key);
}

/** The bytes a document would have on disk if it were saved now. */
export function documentBytes(document: TextDocument): Thenable<Uint8Array> {
	return workspace.encode(document.getText(), { encoding: document.encoding });
}

function isMissing(error: unknown): boolean {
	const code: unknown = Reflect.get(toError(error), 'code');
	return code === 'ENOENT' || code === 'ENOTDIR';
}

async function statOrNone(file: string) {
	try {
		return await lstat(file);
	} catch (error) {
		if (isMissing(error)) {
			return undefined;
		}
		throw error;
	}
}

export class OpenFiles {
	readonly topFolder: string;

	constructor(topFolder: string) {
		this.topFolder = topFolder;
	}

	/** Absolute path of a path in the repository. Fails with `landing.failed` for one that leads out of it. */
	resolve(relative: string): string {
		const file = path.resolve(this.topFolder, relative);
		if (!file.startsWith(this.topFolder.endsWith(path.sep) ? this.topFolder : this.topFolder + path.sep)) {
			throw new DreamError('landing.failed', `${relative} lies outside the repository.`, {
				details: { path: relative },
			});
		}
		return file;
	}

	/** What stands at a path for this window. Rejects only when the disk fails. */
	async read(relative: string): Promise<LandingEntry> {
		const file = this.resolve(relative);
		const obstacle = await this.obstacleAbove(relative);
		if (obstacle !== undefined) {
			return obstacle;
		}
		const stats = await statOrNone(file);
		const document = openDocument(file);
		if (stats === undefined) {
			// Text that was never saved, or whose file was deleted underneath, is still the person's.
			return document?.isDirty === true
				? { kind: 'file', content: await documentBytes(document), isExecutable: false, isDirty: true }
				: { kind: 'none' };
		}
		if (stats.isSymbolicLink()) {
			return { kind: 'link', target: await readlink(file) };
		}
		if (stats.isDirectory()) {
			return { kind: 'obstacle', reason: 'is a folder here', by: await filesBelow(file, relative) };
		}
		if (!stats.isFile()) {
			return { kind: 'obstacle', reason: 'is not a file here' };
		}
		const isDirty = document?.isDirty === true;
		return {
			kind: 'file',
			content: isDirty ? await documentBytes(document) : await readFile(file),
			isExecutable: (stats.mode & executableBits) !== 0,
			isDirty,
			identity: `${stats.dev}:${stats.ino}`,
		};
	}

	/** Why nothing can be at a path because of a folder above it. */
	private async obstacleAbove(relative: string): Promise<LandingEntry | undefined> {
		const parts = relative.split('/').slice(0, -1);
		for (let count = 1; count <= parts.length; count += 1) {
			const folder = parts.slice(0, count).join('/');
			const stats = await statOrNone(this.resolve(folder));
			if (stats === undefined) {
				return undefined;
			}
			if (!stats.isDirectory()) {
				const reason = stats.isSymbolicLink()
					? `lies behind ${folder}, which is a link here`
					: `lies below ${folder}, which is a file here`;
				return { kind: 'obstacle', reason, by: [folder] };
			}
		}
		return undefined;
	}
}
