// Owns showing one file of a run in the editor's own diff: as the run found it, beside what is there now or what came of it.

import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { Uri, commands, l10n } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import { displayLine } from '../../base/text.ts';
import { placeToWork } from '../../core/landing/landingPath.ts';
import { rescueReference } from '../../core/landing/runReferences.ts';
import { isOpenRun } from '../../core/run/run.ts';
import { blobUri } from '../documents/blobDocuments.ts';
import { plainLabel } from '../plainText.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';

/** Opens the diff of a file; `file` is foreign text, from where the agent works. Fails with `run.noFile` for one outside of it. */
export async function openRunDiff(session: WorkspaceSession, runId: string, file: string): Promise<void> {
	const opened = session.require();
	const { folder, ports } = opened;
	const run = await opened.ledger()?.read((reader) => reader.run(runId));
	const base = run?.base_commit ?? null;
	if (run === undefined || base === null || path.isAbsolute(file) || file.split(/[\\/]/u).includes('..')) {
		throw new DreamError(
			'run.noFile',
			l10n.t('{0} is no file that {1} can be seen to change.', displayLine(file), runId),
			{
				advice: l10n.t('Look at the file where it is, or at the whole change once the run has ended.'),
			},
		);
	}
	const top = await ports.git.topFolder();
	const workspacePath = path
		.relative(await realpath(top), await realpath(folder))
		.split(path.sep)
		.join('/');
	const inside = path.posix.join(placeToWork({ workspacePath }), file);
	// What did not land is kept too, until its task is done.
	const result =
		run.result_commit ??
		(isOpenRun(run.state) ? undefined : ((await ports.git.resolveCommit(rescueReference(runId))) ?? null));
	const after =
		result === undefined
			? run.worktree === null
				? undefined
				: Uri.file(path.join(run.worktree, inside))
			: result === null
				? undefined
				: blobUri(result, inside);
	if (after === undefined) {
		throw new DreamError('run.noFile', l10n.t('Nothing is left of what {0} did to {1}.', runId, displayLine(file)));
	}
	await commands.executeCommand(
		'vscode.diff',
		blobUri(base, inside),
		after,
		plainLabel(`${file} (${run.worker})`, 80),
		{
			preview: true,
		},
	);
}
