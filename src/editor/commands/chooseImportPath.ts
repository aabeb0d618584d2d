// Owns the question where something older is: a folder or one file. Some systems offer files or folders in one dialog, not both, so
// the kind is asked first.

import { Uri, window, l10n } from 'vscode';
import { pickOne } from './pickers.ts';

export interface ImportQuestion {
	readonly title: string;
	readonly placeHolder: string;
	/** What one file would be. */
	readonly file: string;
	/** Folder the dialog begins in. */
	readonly folder: string;
}

/** Resolves to undefined when the person leaves either question. */
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
