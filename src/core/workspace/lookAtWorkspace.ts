// Owns what a folder is to us before anything is opened: none, somebody else's, or ours. It only looks; it never writes.

import type { WorkspaceState } from '../actions/workspaceDoor.ts';
import { isJsonObject, parseJsonOrUndefined } from '../../base/json.ts';
import { isDreamError } from '../../base/errors.ts';
import { runtimeFolder, runtimePaths } from '../paths.ts';
import type { FileSystem } from '../ports.ts';

export interface WorkspaceLook {
	readonly state: WorkspaceState;
	/** Ours by its marker, but the ledger is gone: it is to be rebuilt from the boards. */
	readonly isLedgerLost: boolean;
	/** Layout version of the marker; undefined when it does not say. */
	readonly version: number | undefined;
}

export async function lookAtWorkspace(files: FileSystem, folder: string): Promise<WorkspaceLook> {
	const marker = files.join(folder, runtimePaths.marker);
	const hasMarker = (await files.stat(marker)) !== undefined;
	const hasLedger = (await files.stat(files.join(folder, runtimePaths.ledger))) !== undefined;
	if (hasMarker || hasLedger) {
		return {
			state: 'ours',
			isLedgerLost: !hasLedger,
			version: hasMarker ? await readVersion(files, marker) : undefined,
		};
	}
	const runtime = await files.stat(files.join(folder, runtimeFolder));
	return { state: runtime === undefined ? 'none' : 'foreign', isLedgerLost: false, version: undefined };
}

/** A marker that cannot be read is still a marker: the folder is ours. */
async function readVersion(files: FileSystem, marker: string): Promise<number | undefined> {
	try {
		const content = parseJsonOrUndefined(await files.readText(marker));
		const version = isJsonObject(content) ? content['version'] : undefined;
		return typeof version === 'number' ? version : undefined;
	} catch (error) {
		if (isDreamError(error)) {
			return undefined;
		}
		throw error;
	}
}
