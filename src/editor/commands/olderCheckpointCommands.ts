// Owns Import Older Checkpoints and Export Checkpoints for Older Agents: where the files are or which run's are written, everything
// that would be taken over before it is, and what was left out.

import path from 'node:path';
import { l10n } from 'vscode';
import type { ExportedCheckpoints } from '../../core/checkpoint/exportCheckpoints.ts';
import type { CheckpointImport } from '../../core/checkpoint/importCheckpoints.ts';
import type { ReportDocuments } from '../documents/reportDocuments.ts';
import type { CheckpointCommandParts } from './checkpointCommands.ts';
import { chooseCheckpointedRun, countCheckpoints } from './checkpointCommands.ts';
import { chooseImportPath, confirmImport } from './askToImport.ts';
import type { CommandHandlers } from './commandRegistry.ts';
import { inView } from './workspaceCommands.ts';

export interface OlderCheckpointCommandParts extends CheckpointCommandParts {
	readonly reports: ReportDocuments;
}

function describeImport({ found, unread }: CheckpointImport): string[] {
	return [
		...found.flatMap(({ file, agent_id: agent, task_id: task, is_taken: isTaken, remarks }) => [
			isTaken
				? l10n.t('{0}: of {1}, for {2}: is taken over', file, agent, task)
				: l10n.t('{0}: of {1}, for {2}: is not taken over', file, agent, task === '' ? '–' : task),
			...remarks.map((remark) => `  ${remark}`),
		]),
		...unread.flatMap(({ file, reasons }) => [
			l10n.t('{0}: cannot be read, and stays as it is', file),
			...reasons.map((reason) => `  ${reason}`),
		]),
	];
}

/** @param argument the path, when another command or a test names it. */
async function importOlder(parts: OlderCheckpointCommandParts, argument: unknown): Promise<void> {
	const { session, performer, notifier, reports } = parts;
	performer.assertReady();
	const chosen =
		typeof argument === 'string'
			? argument
			: await chooseImportPath({
					title: l10n.t('Import Older Checkpoints'),
					placeHolder: l10n.t('Where are the checkpoints?'),
					file: l10n.t('A file that ends in .checkpoint.'),
					folder: session.require().folder,
				});
	if (chosen === undefined) {
		return;
	}
	const perform = (isDryRun: boolean) =>
		inView(() => performer.perform<CheckpointImport>('checkpoint.import', { path: chosen, dry_run: isDryRun }));
	const plan = await perform(true);
	const lines = describeImport(plan);
	if (lines.length > 0) {
		await reports.open(l10n.t('What importing would do'), lines);
	}
	if (plan.taken === 0) {
		notifier.answer(
			lines.length === 0
				? l10n.t('There is no older checkpoint in {0}.', path.basename(chosen))
				: l10n.t('There is nothing to import; the document that was opened says what was found.'),
		);
		return;
	}
	const note = l10n.t('They hold no files of a project: the next attempt at each task is told what they say.');
	if (await confirmImport(countCheckpoints(plan.taken), lines, note)) {
		const { taken } = await perform(false);
		notifier.answer(l10n.t('{0} imported.', countCheckpoints(taken)));
	}
}

async function exportForOlder(parts: OlderCheckpointCommandParts, argument: unknown): Promise<void> {
	const { performer, notifier, reports } = parts;
	performer.assertReady();
	const runId = await chooseCheckpointedRun(parts, argument, l10n.t('Export Checkpoints for Older Agents'));
	if (runId === undefined) {
		return;
	}
	const { written, remarks } = await inView(() =>
		performer.perform<ExportedCheckpoints>('checkpoint.export', { run_id: runId }),
	);
	await reports.open(l10n.t('What was exported'), [
		...written.map(({ checkpoint, file, is_new: isNew }) =>
			isNew
				? l10n.t('Checkpoint {0}: {1}', checkpoint, file)
				: l10n.t('Checkpoint {0}: {1} (was there already)', checkpoint, file),
		),
		...remarks,
	]);
	notifier.answer(
		l10n.t('{0} exported; the document that was opened says where they are.', countCheckpoints(written.length)),
	);
}

export function createOlderCheckpointCommands(parts: OlderCheckpointCommandParts): CommandHandlers {
	return {
		'dreamos.checkpoint.import': (argument) => importOlder(parts, argument),
		'dreamos.checkpoint.export': (argument) => exportForOlder(parts, argument),
	};
}
