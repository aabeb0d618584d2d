// Owns which archives there are, in the ledger and on disk, and which of them have to be opened at all: one whose stamp is the one
// we know shows what we know, so that a pass costs no more with ten years of history than with none.

import type { ArchiveState } from '../core/ledger.ts';
import { runtimePaths } from '../core/paths.ts';
import type { FileStamp } from '../core/ports.ts';
import type { ArchiveName } from '../core/task/archive.ts';
import { isArchive } from '../core/task/archive.ts';
import type { MirrorTools } from './mirrorTools.ts';

/** A stamp as it is kept in the ledger. */
export const stampText = ({ size, modified, inode }: FileStamp): string => JSON.stringify([size, modified, inode]);

/** Archives that lie in the folder, with their stamps. */
export async function findArchives(
	tools: Pick<MirrorTools, 'files' | 'folder' | 'boards'>,
): Promise<Map<ArchiveName, FileStamp>> {
	const { files, folder, boards } = tools;
	const found = new Map<ArchiveName, FileStamp>();
	for (const entry of (await files.list(files.join(folder, runtimePaths.archive))).sort()) {
		const name = `archive/${entry.replace(/\.json$/u, '')}`;
		const stamp = entry.endsWith('.json') && isArchive(name) ? await boards.stamp(name) : undefined;
		if (stamp !== undefined && isArchive(name)) {
			found.set(name, stamp);
		}
	}
	return found;
}

/** True when the file is what the ledger last wrote or took over, by its stamp. */
export const isSettledArchive = (state: ArchiveState | undefined, stamp: FileStamp | undefined): boolean =>
	state !== undefined &&
	stamp !== undefined &&
	state.halted === null &&
	state.stamp !== null &&
	state.stamp === stampText(stamp);

/** True when the file does not show the ledger. */
export const isDirty = (state: Pick<ArchiveState, 'dirty_sequence' | 'mirrored_sequence'>): boolean =>
	state.dirty_sequence > state.mirrored_sequence;
