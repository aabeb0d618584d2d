// Owns the small files of a workspace of ours: marker, ignore list, role files. Each is written only where nothing stands yet;
// what a person has there is kept, and the ignore list is only added to.

import { newId } from '../../base/ids.ts';
import { stringifyFile } from '../../base/json.ts';
import { ignoredRuntimeNames, runtimePaths, runtimeVersion } from '../paths.ts';
import type { Clock, FileSystem } from '../ports.ts';
import { timestamp } from '../ports.ts';
import { seedRoles } from './seedAgents.ts';

export interface WorkspaceTools {
	readonly files: FileSystem;
	readonly clock: Clock;
	/** Absolute path of the workspace. */
	readonly folder: string;
}

/** Writes the marker first of all: from then on the folder is ours, and what a crash leaves half done is finished later. */
export async function writeMarker(tools: WorkspaceTools): Promise<boolean> {
	return writeIfMissing(tools, runtimePaths.marker, () =>
		stringifyFile({
			product: 'Dream.OS',
			version: runtimeVersion,
			workspace_id: newId('workspace'),
			created_at: timestamp(tools.clock),
		}),
	);
}

/** Folders, ignore list and role files. Returns the paths it created. */
export async function writeSupportFiles(tools: WorkspaceTools): Promise<string[]> {
	const { files, folder } = tools;
	const created: string[] = [];
	await files.makeFollowedFolder(files.join(folder, runtimePaths.boards));
	if (await addIgnoredNames(tools)) {
		created.push(runtimePaths.ignoreFile);
	}
	for (const [role, text] of seedRoles) {
		const path = `${runtimePaths.roles}/${role}.md`;
		if (await writeIfMissing(tools, path, () => text)) {
			created.push(path);
		}
	}
	return created;
}

async function writeIfMissing({ files, folder }: WorkspaceTools, path: string, text: () => string): Promise<boolean> {
	const target = files.join(folder, path);
	if ((await files.stat(target)) !== undefined) {
		return false;
	}
	await files.makeFolder(files.join(target, '..'));
	await files.writeAtomic(target, text());
	return true;
}

async function addIgnoredNames({ files, folder }: WorkspaceTools): Promise<boolean> {
	const target = files.join(folder, runtimePaths.ignoreFile);
	const before = (await files.stat(target)) === undefined ? '' : await files.readText(target);
	const present = new Set(before.split(/\r?\n/u).map((line) => line.trim()));
	const missing = ignoredRuntimeNames.filter((name) => !present.has(name));
	if (missing.length === 0) {
		return false;
	}
	const glue = before === '' || before.endsWith('\n') ? '' : '\n';
	await files.writeAtomic(target, `${before}${glue}${missing.join('\n')}\n`);
	return before === '';
}
