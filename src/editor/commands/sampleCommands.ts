// Owns making the sample workspace and opening it: where it goes is the person's choice, and nothing that is there is touched.

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { commands, ProgressLocation, Uri, window, workspace as editorWorkspace, l10n } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import type { OpenWorkspace } from '../../workspace/workspaceOptions.ts';
import type { Performer } from '../performer.ts';
import { person } from '../person.ts';
import type { CommandHandlers } from './commandRegistry.ts';

export interface SampleCommandParts {
	readonly performer: Performer;
	/** Opens a folder that this window does not show. */
	readonly openFolder: (folder: Uri) => Promise<OpenWorkspace>;
}

const sampleName = 'dreamos-sample';
/** Somebody who has tried so many may name a folder of their own. */
const mostSamples = 99;

async function openSample({ performer, openFolder }: SampleCommandParts): Promise<void> {
	performer.assertTrusted();
	const [parent] =
		(await window.showOpenDialog({
			title: l10n.t('Open Sample Workspace: where shall its folder be made?'),
			openLabel: l10n.t('Make It Here'),
			canSelectFolders: true,
			canSelectFiles: false,
			canSelectMany: false,
		})) ?? [];
	if (parent === undefined) {
		return;
	}
	const folder = Uri.file(await makeFolder(parent.fsPath));
	await window.withProgress(
		{ location: ProgressLocation.Notification, title: l10n.t('Making the sample…') },
		async () => {
			const opened = await openFolder(folder);
			try {
				await opened.dream.perform('workspace.sample', {}, person);
			} finally {
				await opened.close();
			}
		},
	);
	// An empty window becomes the sample's; one that shows a project stays.
	const isInUse = (editorWorkspace.workspaceFolders ?? []).length > 0;
	await commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: isInUse });
}

/** Makes the first folder of that name, or with a number, that is not there yet. */
async function makeFolder(parent: string): Promise<string> {
	for (let number = 1; number <= mostSamples; number += 1) {
		const folder = path.join(parent, number === 1 ? sampleName : `${sampleName}-${number}`);
		try {
			await mkdir(folder);
			return folder;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
				throw new DreamError('sample.noFolder', l10n.t('No folder can be made in {0}.', parent), {
					details: { folder },
					advice: l10n.t('Choose a folder you may write to.'),
					cause: error,
				});
			}
		}
	}
	throw new DreamError('sample.noFolder', l10n.t('There are {0} samples in {1} already.', mostSamples, parent), {
		advice: l10n.t('Delete some, or choose another folder.'),
	});
}

export function createSampleCommands(parts: SampleCommandParts): CommandHandlers {
	return { 'dreamos.workspace.openSample': () => openSample(parts) };
}
