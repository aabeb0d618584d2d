// Owns read-only documents of files as they were in a commit, for reviews. Content comes from git each time it is asked for.

import type { Disposable, TextDocumentContentProvider } from 'vscode';
import { Uri, workspace, l10n } from 'vscode';
import type { ChangedFile } from '../../core/ports.ts';
import { documentSchemes } from '../manifest.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';

/** Address of a file at a commit. The path's ending gives the document its language. */
export function blobUri(commit: string, path: string): Uri {
	return Uri.from({ scheme: documentSchemes.blob, path: `/${path}`, query: commit });
}

/** Changes between two commits as the editor's multi-diff takes them: the file meant, before, after. */
export function compareCommits(
	base: string,
	result: string,
	changes: readonly ChangedFile[],
): (readonly [Uri | undefined, Uri | undefined, Uri | undefined])[] {
	return changes.map(({ path, previousPath, kind }) => {
		const after = kind === 'deleted' ? undefined : blobUri(result, path);
		const before = kind === 'created' ? undefined : blobUri(base, previousPath ?? path);
		return [after ?? before, before, after];
	});
}

function toText(bytes: Uint8Array | undefined): string {
	if (bytes === undefined) {
		return '';
	}
	try {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
		return text.includes('\0') ? `${l10n.t('(binary file, {0} bytes)', bytes.length)}\n` : text;
	} catch {
		return `${l10n.t('(binary file, {0} bytes)', bytes.length)}\n`;
	}
}

export class BlobDocuments implements TextDocumentContentProvider {
	private readonly session: WorkspaceSession;

	constructor(session: WorkspaceSession) {
		this.session = session;
	}

	register(): Disposable {
		return workspace.registerTextDocumentContentProvider(documentSchemes.blob, this);
	}

	async provideTextDocumentContent({ path, query }: Uri): Promise<string> {
		const commit = /^[0-9a-f]{40,64}$/u.exec(query)?.[0];
		return commit === undefined ? '' : toText(await this.session.require().ports.git.fileAt(commit, path.slice(1)));
	}
}
