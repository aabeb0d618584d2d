// Owns Export Evidence: which run, written as what, and where to.

import path from 'node:path';
import { Uri, window, l10n } from 'vscode';
import type { Evidence } from '../../core/gate/evidence.ts';
import type { Notifier } from '../notify.ts';
import { chooseRun } from './runCommands.ts';
import type { RunCommandParts } from './runCommands.ts';
import type { CommandHandlers } from './commandRegistry.ts';
import { pickOne } from './pickers.ts';

const title = l10n.t('Export Evidence');
const question = {
	title,
	placeHolder: l10n.t('Of which run?'),
	isReview: false,
	none: l10n.t('Nothing has run yet.'),
} as const;
const formats = [
	{ value: 'md', label: l10n.t('Markdown'), description: l10n.t('a document to read') },
	{ value: 'json', label: 'JSON', description: l10n.t('for programs') },
] as const;

export interface EvidenceCommandParts extends Omit<RunCommandParts, 'logs'> {
	readonly notifier: Notifier;
}

async function exportEvidence(parts: EvidenceCommandParts, argument: unknown): Promise<void> {
	const workspace = parts.session.require();
	const run = await chooseRun(parts, argument, question);
	const ending = run && (await pickOne(formats, { title, placeHolder: l10n.t('Written as what?') }));
	if (run === undefined || ending === undefined) {
		return;
	}
	const target = await window.showSaveDialog({
		title,
		saveLabel: l10n.t('Export'),
		defaultUri: Uri.file(path.join(workspace.folder, `evidence-${run.run_id}.${ending}`)),
		filters: ending === 'md' ? { Markdown: ['md'] } : { JSON: ['json'] },
	});
	if (target === undefined) {
		return;
	}
	const { evidence, markdown } = await parts.performer.perform<{
		readonly evidence: Evidence;
		readonly markdown: string;
	}>('run.evidence', { run_id: run.run_id, markdown: true });
	// The dialog has asked whether a file that is there may be replaced.
	await workspace.ports.files.writeAtomic(
		target.fsPath,
		ending === 'md' ? markdown : `${JSON.stringify(evidence, null, 2)}\n`,
	);
	parts.notifier.answer(l10n.t('The evidence of {0} is in {1}.', run.task_id, path.basename(target.fsPath)));
}

export function createEvidenceCommands(parts: EvidenceCommandParts): CommandHandlers {
	return { 'dreamos.run.evidence': (argument) => exportEvidence(parts, argument) };
}
