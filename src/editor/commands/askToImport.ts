// Owns the two questions of every import: where what is older lies, and whether to go on once it was told what would happen.

import { Uri, window, l10n } from 'vscode';
import { plainMessage } from '../plainText.ts';
import { pickOne } from './pickers.ts';

export interface ImportQuestion {
	readonly title: string;
	readonly placeHolder: string;
	/** What one file would be. */
	readonly file: string;
	/** Folder the dialog begins in. */
	readonly folder: string;
}

/**
 * A folder or one file; undefined when the person leaves. Some systems offer files or folders in one dialog, not both, so the kind
 * is asked first.
 */
export async function chooseImportPath({
	title,
	placeHolder,
	file,
	folder,
}: ImportQuestion): Promise<string | undefined> {
	const kind = await pickOne(
		[
			{
				value: 'folder' as const,
				label: l10n.t('A folder'),
				detail: l10n.t('Everything below it is looked through.'),
			},
			{ value: 'file' as const, label: l10n.t('One file'), detail: file },
		],
		{ title, placeHolder },
	);
	if (kind === undefined) {
		return undefined;
	}
	const [chosen] =
		(await window.showOpenDialog({
			title,
			openLabel: l10n.t('Look Through'),
			canSelectFolders: kind === 'folder',
			canSelectFiles: kind === 'file',
			canSelectMany: false,
			defaultUri: Uri.file(folder),
		})) ?? [];
	return chosen?.fsPath;
}

/** Lines of the report that fit into the dialog; all of them are in the document behind it. */
const shownLines = 8;

/** @param what such as `3 tasks`. @param lines of the report that is open. @param note what holds for all of it. */
export async function confirmImport(
	what: string,
	lines: readonly string[],
	...note: readonly string[]
): Promise<boolean> {
	const yes = l10n.t('Import');
	const detail = [
		...lines.slice(0, shownLines).map((line) => plainMessage(line, 400)),
		...note,
		l10n.t('Everything is in the document that was opened.'),
	].join('\n');
	return (await window.showInformationMessage(l10n.t('Import {0}?', what), { modal: true, detail }, yes)) === yes;
}
