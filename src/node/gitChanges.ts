// Owns reading what changed between two commits, and files of a commit as they would be checked out. Submodule pointers are
// no files and are left out.

import { DreamError } from '../base/errors.ts';
import type { ChangedFile } from '../core/ports.ts';
import type { GitRepository } from './gitRepository.ts';
import { checkCommit, workspacePathspecs } from './gitRepository.ts';

const pointerMode = '160000';

/** Changed files by path from the top of the repository, without the excluded parts of the workspace. */
export async function readChanges(
	repository: GitRepository,
	base: string,
	result: string,
	excluded: readonly string[],
): Promise<readonly ChangedFile[]> {
	const { output } = await repository.run([
		'diff-tree',
		'-r',
		'-z',
		'-M',
		'--raw',
		'--numstat',
		'--ignore-submodules=none',
		checkCommit(base),
		checkCommit(result),
		'--',
		':/',
		...workspacePathspecs(repository, excluded, 'exclude'),
	]);
	return parseChanges(output);
}

/** Reads `diff-tree -z --raw --numstat`: first the raw records, then one record of line counts for each. */
function parseChanges(output: string): ChangedFile[] {
	const fields = output.split('\0');
	const changes: ChangedFile[] = [];
	let index = 0;
	while (fields[index]?.startsWith(':') === true) {
		const [oldMode = '', mode = '', , , status = ''] = (fields[index] ?? '').slice(1).split(' ');
		const isMove = /^[RC]/u.test(status);
		const first = fields[index + 1] ?? '';
		const path = isMove ? (fields[index + 2] ?? '') : first;
		index += isMove ? 3 : 2;
		if (oldMode !== pointerMode && mode !== pointerMode) {
			const kind = kindOf(status);
			changes.push({
				path: checkName(path),
				kind,
				...(kind === 'renamed' ? { previousPath: checkName(first) } : {}),
				isBinary: false,
				mode: kind === 'deleted' ? '' : mode,
				previousMode: kind === 'created' ? '' : oldMode,
			});
		}
	}
	const binary = new Set<string>();
	while (index < fields.length && fields[index] !== '') {
		const [added, , ...rest] = (fields[index] ?? '').split('\t');
		const path = rest.join('\t');
		// A rename has an empty name here and both names behind it.
		const name = path === '' ? (fields[index + 2] ?? '') : path;
		index += path === '' ? 3 : 1;
		if (added === '-') {
			binary.add(name);
		}
	}
	return changes.map((change) => (binary.has(change.path) ? { ...change, isBinary: true } : change));
}

/**
 * A file of a commit with the line ends and filters of a checkout, so that it can be compared with the open file. Undefined
 * when there is no file at that path. A symbolic link gives its target.
 */
export async function readFileAt(
	repository: GitRepository,
	commit: string,
	path: string,
): Promise<Uint8Array | undefined> {
	if (!/^\d+ blob /u.test(await treeEntry(repository, commit, path))) {
		return undefined;
	}
	return await repository.runner.catFile({ folder: repository.top, arguments: ['--filters', `${commit}:${path}`] });
}

/** git's mode of what stands at a path; empty for nothing. */
export async function readModeAt(repository: GitRepository, commit: string, path: string): Promise<string> {
	return /^\d+/u.exec(await treeEntry(repository, commit, path))?.[0] ?? '';
}

/** What `ls-tree` says of a path; empty when nothing is there. */
async function treeEntry(repository: GitRepository, commit: string, path: string): Promise<string> {
	const { output } = await repository.run(['ls-tree', '-z', '--full-tree', checkCommit(commit), '--', path], {
		environment: { GIT_LITERAL_PATHSPECS: '1' },
	});
	// A folder named with a slash behind it lists what is in it.
	const [entry = ''] = output.split('\0', 1);
	return entry.slice(entry.indexOf('\t') + 1) === path ? entry : '';
}

function kindOf(status: string): ChangedFile['kind'] {
	switch (status.charAt(0)) {
		case 'A':
		case 'C':
			return 'created';
		case 'D':
			return 'deleted';
		case 'R':
			return 'renamed';
		default:
			return 'edited';
	}
}

/** Neither JSON nor an editor can name a file whose bytes are no text; landing it by a wrong name would lose it. */
function checkName(path: string): string {
	if (path.includes('\uFFFD')) {
		throw new DreamError('git.fileName', `The name of a changed file is not valid UTF-8: ${JSON.stringify(path)}`, {
			details: { path },
			advice: 'Rename the file, then try again.',
		});
	}
	return path;
}
