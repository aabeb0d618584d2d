// Owns writing the checkpoints of a run as files older agents read. A file that is there is never replaced, and what the older format
// cannot hold is said.

import { DreamError } from '../../base/errors.ts';
import type { LedgerReader } from '../ledger.ts';
import type { FileSystem, Git } from '../ports.ts';
import { requireRun } from '../run/heldRun.ts';
import { readCheckpoints } from './checkpoint.ts';
import { checkpointPrefix } from './checkpointReference.ts';
import { leftBehind, olderCheckpointName, olderCheckpointText } from './olderCheckpointText.ts';

export interface ExportedCheckpoints {
	readonly written: readonly { readonly checkpoint: string; readonly file: string; readonly is_new: boolean }[];
	/** What is not in these files. */
	readonly remarks: readonly string[];
}

export interface CheckpointExportTools {
	readonly files: FileSystem;
	readonly git: Pick<Git, 'readReferences'>;
	readonly read: <T>(work: (reader: LedgerReader) => Promise<T>) => Promise<T>;
}

/** So many checkpoints of one second are told apart. */
const mostOfOneSecond = 60;

/** `folder` is absolute and made where it is missing. Fails with `run.unknown`, `checkpoint.none`, `file.*`. */
export async function exportCheckpoints(
	{ files, git, read }: CheckpointExportTools,
	{ runId, folder }: { readonly runId: string; readonly folder: string },
): Promise<ExportedCheckpoints> {
	const task = await read(async (reader) => {
		const run = await requireRun(reader, runId);
		return (await reader.task(run.task_id))?.task;
	});
	const all = readCheckpoints(await git.readReferences(`${checkpointPrefix}${runId}/`));
	const written: ExportedCheckpoints['written'][number][] = [];
	const remarks: string[] = [];
	for (const checkpoint of all) {
		const { id, story } = checkpoint;
		if (story === undefined || Number.isNaN(Date.parse(story.at))) {
			remarks.push(`${id} tells no story (it is damaged, or was set aside by a restore) and is not written.`);
			continue;
		}
		const text = olderCheckpointText(checkpoint, story, task);
		written.push({
			checkpoint: id,
			...(await place(files, folder, (later) => olderCheckpointName(story, later), text)),
		});
	}
	if (written.length === 0) {
		throw new DreamError(
			'checkpoint.none',
			`There is no checkpoint of ${runId} to write. ${remarks.join(' ')}`.trim(),
			{
				details: { run_id: runId },
				advice: 'One is made after each turn of an agent, and kept until its task is completed (dreamos.checkpoints.*).',
			},
		);
	}
	return { written, remarks: [...remarks, leftBehind] };
}

/** Writes a file under the first of its names that is free, unless it is there already. */
async function place(
	files: FileSystem,
	folder: string,
	nameOf: (later: number) => string,
	text: string,
): Promise<{ readonly file: string; readonly is_new: boolean }> {
	await files.makeFolder(folder);
	for (let later = 0; later < mostOfOneSecond; later += 1) {
		const file = files.join(folder, nameOf(later));
		if ((await files.stat(file)) === undefined) {
			// Somebody may have put one there meanwhile: it stays.
			await files.writeAtomic(file, text, async () => (await files.stat(file)) === undefined);
			return { file, is_new: true };
		}
		if ((await files.readText(file).catch(() => undefined)) === text) {
			return { file, is_new: false };
		}
	}
	throw new DreamError('file.exists', `There are other files under every name for ${nameOf(0)} in ${folder}.`, {
		details: { path: folder },
		advice: 'Name another folder with --to.',
	});
}
