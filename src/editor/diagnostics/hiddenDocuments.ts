// Owns documents that are open for extensions and not for the person: opened without a tab, and let go of when they were read. The editor
// keeps what an extension opened for minutes, the last fifty of them at most: others in their place, which say nothing, end that.

import { setTimeout as delay } from 'node:timers/promises';
import type { Disposable, TextDocument } from 'vscode';
import { Uri, workspace } from 'vscode';
import { newId } from '../../base/ids.ts';

/** So many at once, and none is closed while others are read. */
export const mostOpen = 30;
/** The editor lets go of the oldest in tens, once it holds sixty. */
const placeholders = 60;
const scheme = 'dreamos-nothing';
const closeMilliseconds = 5000;

/** The document of a file; undefined when the editor does not open it as text. */
export async function openHidden(file: string): Promise<TextDocument | undefined> {
	try {
		return await workspace.openTextDocument(Uri.file(file));
	} catch {
		// Too large, taken for binary, or gone.
		return undefined;
	}
}

/** Lets go of all that was opened so; resolves when they are closed, or after a bound: what is in a tab stays open. */
export async function closeHidden(documents: readonly TextDocument[]): Promise<void> {
	const mark = newId('nothing');
	const provider: Disposable = workspace.registerTextDocumentContentProvider(scheme, {
		provideTextDocumentContent: () => '',
	});
	try {
		for (let index = 0; index < placeholders; index += 1) {
			await workspace.openTextDocument(Uri.from({ scheme, path: `/${mark}/${index}` }));
		}
	} finally {
		provider.dispose();
	}
	const deadline = Date.now() + closeMilliseconds;
	while (Date.now() < deadline && documents.some(({ isClosed }) => !isClosed)) {
		await delay(50);
	}
}
