// Owns Import Boards: asks where they are, shows everything an import would do, and does it on the person's word.

import { l10n } from 'vscode';
import { countOfTasks } from '../counts.ts';
import type { Notifier } from '../notify.ts';
import type { Performer } from '../performer.ts';
import type { ReportDocuments } from '../documents/reportDocuments.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import { chooseImportPath, confirmImport } from './askToImport.ts';
import type { CommandHandlers } from './commandRegistry.ts';
import { inView } from './workspaceCommands.ts';

export interface ImportCommandParts {
	readonly session: WorkspaceSession;
	readonly performer: Performer;
	readonly notifier: Notifier;
	readonly reports: ReportDocuments;
}

interface ImportAnswer {
	readonly lines: readonly string[];
	readonly creates: number;
	readonly imported: number;
}

/** @param argument the path, when another command or a test names it. */
async function importBoards(parts: ImportCommandParts, argument: unknown): Promise<void> {
	const { session, performer, notifier, reports } = parts;
	performer.assertReady();
	const path =
		typeof argument === 'string'
			? argument
			: await chooseImportPath({
					title: l10n.t('Import Boards'),
					placeHolder: l10n.t('Where are the boards?'),
					file: l10n.t('A board, an episode, a single task.'),
					folder: session.require().folder,
				});
	if (path === undefined) {
		return;
	}
	const plan = await inView(() => performer.perform<ImportAnswer>('boards.import', { path, dry_run: true }));
	await reports.open(l10n.t('What importing would do'), plan.lines);
	if (plan.creates === 0) {
		notifier.answer(l10n.t('There is nothing to import; the document that was opened says what was found.'));
		return;
	}
	if (await confirmImport(countOfTasks(plan.creates), plan.lines)) {
		const { imported } = await inView(() =>
			performer.perform<ImportAnswer>('boards.import', { path, dry_run: false }),
		);
		notifier.answer(l10n.t('{0} imported.', countOfTasks(imported)));
	}
}

export function createImportCommands(parts: ImportCommandParts): CommandHandlers {
	return { 'dreamos.boards.import': (argument) => importBoards(parts, argument) };
}
