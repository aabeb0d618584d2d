// Owns read-only documents that show a board as it would be after the repairs we know. Worked out from the file each time it is
// asked for; nothing is written.

import type { Disposable, TextDocumentContentProvider, Uri } from 'vscode';
import { workspace } from 'vscode';
import { repairText } from '../../core/boardLanguage/repairText.ts';
import { documentSchemes } from '../manifest.ts';

/** Address of the repaired text of a file. Its ending gives it the language of the file. */
export function repairedUri(file: Uri): Uri {
	return file.with({ scheme: documentSchemes.repaired });
}

export class RepairedDocuments implements TextDocumentContentProvider {
	register(): Disposable {
		return workspace.registerTextDocumentContentProvider(documentSchemes.repaired, this);
	}

	async provideTextDocumentContent(uri: Uri): Promise<string> {
		const document = await workspace.openTextDocument(uri.with({ scheme: 'file' }));
		const text = document.getText();
		return repairText(text)?.text ?? text;
	}
}
