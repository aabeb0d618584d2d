// Owns making one path hold what it should: text by small edits in its document, other content as a whole, links and modes by
// the file system, which the editor's edits cannot express.

import { chmod, mkdir, rmdir, stat, symlink, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TextDocument } from 'vscode';
import { EndOfLine, Position, Range, TextEdit, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import type { LandingEntry } from '../../core/landing/landingTarget.ts';
import { changedMeanwhile, sameBytes } from '../../core/landing/landingTarget.ts';
import { minimalEdits } from '../../core/landing/lineEdits.ts';
import { writeAtomic } from '../../node/atomicWrite.ts';
import type { OpenFiles } from './openFiles.ts';
import { documentBytes, openDocument } from './openFiles.ts';
import type { PlainText } from './textEdits.ts';
import { plainTextOf, withLineEnds } from './textEdits.ts';

type FileEntry = Extract<LandingEntry, { readonly kind: 'file' }>;

/** How long a clean document may take to follow its file on disk. */
const followMilliseconds = 2000;

const failed = (path: string, reason: string): DreamError =>
	new DreamError('landing.failed', `${path} ${reason}.`, { details: { path } });

async function applyEdit(path: string, edit: WorkspaceEdit): Promise<void> {
	if (!(await workspace.applyEdit(edit))) {
		throw failed(path, 'was not changed: the editor refused the edit');
	}
}

export class FileEditor {
	private readonly files: OpenFiles;
	private readonly saves: () => boolean;

	/** @param saves whether text that was saved before is saved afterwards */
	constructor(files: OpenFiles, saves: () => boolean) {
		this.files = files;
		this.saves = saves;
	}

	/** Makes a path hold `next`; `now` is what it holds. */
	async put(path: string, now: LandingEntry, next: LandingEntry): Promise<void> {
		const uri = Uri.file(this.files.resolve(path));
		if (next.kind === 'obstacle' || now.kind === 'obstacle') {
			throw failed(path, 'is no file');
		}
		if (next.kind === 'file' && now.kind === 'file') {
			await this.putFile(path, uri, now, next);
			return;
		}
		if (now.kind === 'link') {
			await unlink(uri.fsPath);
			await this.removeEmptyParents(uri);
		} else if (now.kind === 'file') {
			await this.remove(path, uri, now);
		}
		if (next.kind === 'link') {
			await mkdir(dirname(uri.fsPath), { recursive: true });
			await symlink(next.target, uri.fsPath);
		} else if (next.kind === 'file') {
			await this.create(path, uri, next);
		}
	}

	/** Renames a file and makes it hold `next`, as one step. */
	async rename(from: string, to: string, now: LandingEntry, next: LandingEntry): Promise<void> {
		if (now.kind !== 'file' || next.kind !== 'file') {
			await this.put(to, { kind: 'none' }, next);
			await this.put(from, now, { kind: 'none' });
			return;
		}
		const [fromUri, toUri] = [Uri.file(this.files.resolve(from)), Uri.file(this.files.resolve(to))];
		const edit = new WorkspaceEdit();
		edit.renameFile(fromUri, toUri, { overwrite: false });
		const isTextual =
			!sameBytes(now.content, next.content) && (await this.addTextEdits(edit, from, fromUri, toUri, now, next));
		await applyEdit(to, edit);
		if (isTextual) {
			await this.settle(to, now.isDirty);
		} else if (!sameBytes(now.content, next.content)) {
			await this.putFile(to, toUri, { ...now, isExecutable: next.isExecutable }, next);
		}
		await this.setMode(toUri, next);
		await this.removeEmptyParents(fromUri);
	}

	private async putFile(path: string, uri: Uri, now: FileEntry, next: FileEntry): Promise<void> {
		if (!sameBytes(now.content, next.content)) {
			const edit = new WorkspaceEdit();
			if (await this.addTextEdits(edit, path, uri, uri, now, next)) {
				await applyEdit(path, edit);
				await this.settle(path, now.isDirty);
			} else {
				await this.overwrite(path, uri, now, next);
			}
		}
		if (now.isExecutable !== next.isExecutable) {
			await this.setMode(uri, next);
		}
	}

	/** Adds the edits of a text file; false when it has to be written as a whole. */
	private async addTextEdits(
		edit: WorkspaceEdit,
		path: string,
		source: Uri,
		target: Uri,
		now: FileEntry,
		next: FileEntry,
	): Promise<boolean> {
		const [before, after] = [plainTextOf(now.content), plainTextOf(next.content)];
		if (before === undefined || after === undefined || before.hasMark !== after.hasMark) {
			return false;
		}
		const document = await openText(source);
		if (document === undefined || !document.encoding.startsWith('utf8')) {
			return false;
		}
		await this.waitFor(path, document, now);
		edit.set(target, textEdits(document, after));
		return true;
	}

	/** A clean document follows its file after a moment; edits that were made for other text must not be applied to it. */
	private async waitFor(path: string, document: TextDocument, now: FileEntry): Promise<void> {
		const deadline = Date.now() + followMilliseconds;
		while (!sameBytes(await documentBytes(document), now.content)) {
			if (now.isDirty || Date.now() > deadline) {
				throw changedMeanwhile(path);
			}
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}

	/** Saves the document of a path, if there is one with unsaved text. */
	async save(path: string): Promise<void> {
		const document = openDocument(this.files.resolve(path));
		if (document?.isDirty === true && !(await document.save())) {
			throw failed(path, 'could not be saved');
		}
	}

	/** Saves what was clean before, where that is wanted; unsaved text stays unsaved, it is the person's to save. */
	private async settle(path: string, wasDirty: boolean): Promise<void> {
		if (!wasDirty && this.saves()) {
			await this.save(path);
		}
	}

	private async create(path: string, uri: Uri, next: FileEntry): Promise<void> {
		const edit = new WorkspaceEdit();
		edit.createFile(uri, { contents: next.content, overwrite: false });
		await applyEdit(path, edit);
		await this.setMode(uri, next);
	}

	private async remove(path: string, uri: Uri, now: FileEntry): Promise<void> {
		if (now.isDirty) {
			throw failed(path, 'has unsaved text and would be deleted');
		}
		const edit = new WorkspaceEdit();
		edit.deleteFile(uri);
		await applyEdit(path, edit);
		await this.removeEmptyParents(uri);
	}

	/** git keeps no empty folders, and a file may come in the place of one. */
	private async removeEmptyParents(uri: Uri): Promise<void> {
		for (let folder = dirname(uri.fsPath); folder !== this.files.topFolder; folder = dirname(folder)) {
			try {
				await rmdir(folder);
			} catch {
				return;
			}
		}
	}

	/** For content no text document can hold. Deleting and creating undoes to the old content; overwriting would not. */
	private async overwrite(path: string, uri: Uri, now: FileEntry, next: FileEntry): Promise<void> {
		if (now.isDirty) {
			throw failed(path, 'has unsaved text in a form that cannot be merged');
		}
		if (isInTab(uri)) {
			// Deleting would close the tab. Its editor follows the file by itself.
			await writeAtomic(uri.fsPath, next.content);
			return;
		}
		const edit = new WorkspaceEdit();
		edit.deleteFile(uri);
		edit.createFile(uri, { contents: next.content });
		await applyEdit(path, edit);
		await this.setMode(uri, next);
	}

	private async setMode(uri: Uri, { isExecutable }: FileEntry): Promise<void> {
		const { mode } = await stat(uri.fsPath);
		// Whoever may read it may run it, as git and chmod +x do.
		const wanted = isExecutable ? mode | ((mode & 0o444) >> 2) : mode & ~0o111;
		if (wanted !== mode) {
			await chmod(uri.fsPath, wanted & 0o7777);
		}
	}
}

async function openText(uri: Uri): Promise<TextDocument | undefined> {
	try {
		return await workspace.openTextDocument(uri);
	} catch {
		// Too large for an editor, or taken for binary.
		return undefined;
	}
}

function textEdits(document: TextDocument, { text, lineEnd }: PlainText): TextEdit[] {
	const own = document.eol === EndOfLine.CRLF ? '\r\n' : '\n';
	const edits = minimalEdits(document.getText(), withLineEnds(text, own)).map(({ start, end, text: part }) =>
		TextEdit.replace(new Range(document.positionAt(start), document.positionAt(end)), part),
	);
	if (lineEnd === undefined || lineEnd === own) {
		return edits;
	}
	const change = TextEdit.setEndOfLine(lineEnd === '\r\n' ? EndOfLine.CRLF : EndOfLine.LF);
	change.range = new Range(new Position(0, 0), new Position(0, 0));
	return [...edits, change];
}

function isInTab(uri: Uri): boolean {
	return window.tabGroups.all.some(({ tabs }) =>
		tabs.some(({ input }) => {
			const own: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, 'uri') : undefined;
			return own instanceof Uri && own.toString() === uri.toString();
		}),
	);
}
