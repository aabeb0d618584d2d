// Owns read-only documents of lines that we want to show in full, such as what adopting would change.

import type { Disposable, TextDocumentContentProvider } from 'vscode';
import { Uri, window, workspace, l10n } from 'vscode';
import { displayText } from '../../base/text.ts';
import { documentSchemes } from '../manifest.ts';

export class ReportDocuments implements TextDocumentContentProvider {
	private readonly texts = new Map<string, string>();
	private count = 0;

	register(): Disposable {
		return workspace.registerTextDocumentContentProvider(documentSchemes.report, this);
	}

	/** Opens the lines as a preview. Only the last few reports are kept. */
	async open(title: string, lines: readonly string[]): Promise<void> {
		await window.showTextDocument(this.add(title, lines), { preview: true, preserveFocus: true });
	}

	/** Keeps the lines as a document to be shown beside others. */
	add(title: string, lines: readonly string[]): Uri {
		this.count += 1;
		const uri = Uri.from({ scheme: documentSchemes.report, path: `/${title}.txt`, query: String(this.count) });
		this.texts.set(uri.toString(), `${displayText(lines.join('\n'))}\n`);
		for (const old of [...this.texts.keys()].slice(0, -5)) {
			this.texts.delete(old);
		}
		return uri;
	}

	provideTextDocumentContent(uri: Uri): string {
		return this.texts.get(uri.toString()) ?? `${l10n.t('This report is no longer kept. Run the command again.')}\n`;
	}
}
