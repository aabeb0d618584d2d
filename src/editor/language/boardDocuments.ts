// Owns the texts of the board files as the person sees them: an open document as it is typed, every other file as it is on the
// disk. Each version is read once.

import path from 'node:path';
import type { TextDocument } from 'vscode';
import { Position, Range, Uri, workspace as editorWorkspace } from 'vscode';
import { BoardSyntax } from '../../core/boardLanguage/boardSyntax.ts';
import type { TextRange } from '../../core/jsonc.ts';
import { runtimePaths } from '../../core/paths.ts';
import type { FileStamp } from '../../core/ports.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';

export interface BoardDocument {
	readonly uri: Uri;
	readonly syntax: BoardSyntax;
}

/** Files in this place are boards, whatever they are called: boards that are not ours have other names, too. */
export const boardSelector = { scheme: 'file', pattern: `**/${runtimePaths.boards}/**/*.json` } as const;

export function toRange(syntax: BoardSyntax, { start, end }: TextRange): Range {
	const [from, to] = [syntax.position(start), syntax.position(end)];
	return new Range(new Position(from.line - 1, from.column - 1), new Position(to.line - 1, to.column - 1));
}

export class BoardDocuments {
	private readonly session: WorkspaceSession;
	private readonly open = new WeakMap<TextDocument, { readonly version: number; readonly syntax: BoardSyntax }>();
	private readonly closed = new Map<string, { readonly stamp: FileStamp; readonly syntax: BoardSyntax }>();

	constructor(session: WorkspaceSession) {
		this.session = session;
	}

	/** The path of a board inside the open workspace; undefined for every other document. */
	fileOf(uri: Uri): string | undefined {
		const { workspace } = this.session;
		const file =
			workspace === undefined ? undefined : path.relative(workspace.folder, uri.fsPath).replaceAll(path.sep, '/');
		return file !== undefined && path.posix.dirname(file) === runtimePaths.boards ? file : undefined;
	}

	syntaxOf(document: TextDocument): BoardSyntax {
		const known = this.open.get(document);
		if (known?.version === document.version) {
			return known.syntax;
		}
		const syntax = new BoardSyntax(document.getText());
		this.open.set(document, { version: document.version, syntax });
		return syntax;
	}

	/** Every board of the workspace. A file that cannot be opened is left out: the mirror tells of it. */
	async all(): Promise<BoardDocument[]> {
		const { workspace } = this.session;
		if (workspace === undefined) {
			return [];
		}
		const folder = path.join(workspace.folder, runtimePaths.boards);
		const names = (await workspace.ports.files.list(folder)).filter((name) => name.endsWith('.json'));
		const found = await Promise.all(names.sort().map((name) => this.read(path.join(folder, name))));
		return found.filter((each) => each !== undefined);
	}

	private async read(file: string): Promise<BoardDocument | undefined> {
		const uri = Uri.file(file);
		const document = editorWorkspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
		if (document !== undefined) {
			return { uri, syntax: this.syntaxOf(document) };
		}
		const { files } = this.session.require().ports;
		try {
			const stamp = await files.stat(file);
			if (stamp === undefined) {
				return undefined;
			}
			const known = this.closed.get(file);
			if (
				known?.stamp.inode === stamp.inode &&
				known.stamp.modified === stamp.modified &&
				known.stamp.size === stamp.size
			) {
				return { uri, syntax: known.syntax };
			}
			// The editor counts columns without the mark.
			const syntax = new BoardSyntax((await files.readText(file)).replace(/^\uFEFF/u, ''));
			this.closed.set(file, { stamp, syntax });
			return { uri, syntax };
		} catch {
			return undefined;
		}
	}
}
