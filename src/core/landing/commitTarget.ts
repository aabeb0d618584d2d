// Owns a commit as a place where a change lands: read from it, and applied as another commit on top. No file, index or HEAD is touched.

import { DreamError } from '../../base/errors.ts';
import type { CommittedFile, Git } from '../ports.ts';
import type { LandingEntry, LandingOperation, LandingTarget } from './landingTarget.ts';

const linkMode = '120000';
const folderMode = '040000';

export interface CommitTarget extends LandingTarget {
	/** The commit that holds the change; the one it began with while nothing was applied. */
	readonly commit: string;
}

/** @param message of the commit that is made */
export function createCommitTarget(
	git: Pick<Git, 'fileAt' | 'modeAt' | 'commitFiles'>,
	start: string,
	message: string,
): CommitTarget {
	let commit = start;
	return {
		get commit() {
			return commit;
		},
		read: (path) => readEntry(git, start, path),
		async apply(operations) {
			if (operations.length > 0) {
				commit = await git.commitFiles(start, operations.flatMap(filesOf), message);
			}
		},
	};
}

async function readEntry(git: Pick<Git, 'fileAt' | 'modeAt'>, commit: string, path: string): Promise<LandingEntry> {
	const mode = await git.modeAt(commit, path);
	if (mode === '') {
		return obstacleAbove(git, commit, path);
	}
	const content = mode === folderMode ? undefined : await git.fileAt(commit, path);
	if (content === undefined) {
		return { kind: 'obstacle', reason: mode === folderMode ? 'is a folder there' : 'is a submodule there' };
	}
	return mode === linkMode
		? { kind: 'link', target: new TextDecoder().decode(content) }
		: { kind: 'file', content, isExecutable: mode === '100755', isDirty: false };
}

/** Where nothing is at a path, it may be because of a file above it. */
async function obstacleAbove(git: Pick<Git, 'modeAt'>, commit: string, path: string): Promise<LandingEntry> {
	const parts = path.split('/');
	for (let length = 1; length < parts.length; length += 1) {
		const parent = parts.slice(0, length).join('/');
		const mode = await git.modeAt(commit, parent);
		if (mode === '') {
			return { kind: 'none' };
		}
		if (mode !== folderMode) {
			return { kind: 'obstacle', reason: `cannot exist beside ${parent}`, by: [parent] };
		}
	}
	return { kind: 'none' };
}

function filesOf({ kind, path, previousPath, content, mode }: LandingOperation): CommittedFile[] {
	if (kind !== 'delete' && content === undefined) {
		throw new DreamError('landing.failed', `${path} has no content to be committed.`, { details: { path } });
	}
	return [
		...(previousPath === undefined ? [] : [{ path: previousPath, mode: '' }]),
		content === undefined ? { path, mode: '' } : { path, content, mode },
	];
}
