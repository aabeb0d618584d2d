// Owns small real git repositories of tests, each with its own commit, without the person's git configuration.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const identity = {
	GIT_AUTHOR_NAME: 'Test',
	GIT_AUTHOR_EMAIL: 'test@example.invalid',
	GIT_COMMITTER_NAME: 'Test',
	GIT_COMMITTER_EMAIL: 'test@example.invalid',
	GIT_CONFIG_GLOBAL: '/dev/null',
	GIT_CONFIG_NOSYSTEM: '1',
};

/** Runs git in a folder and gives its output. */
export function runGit(folder: string, ...words: readonly string[]): string {
	return execFileSync('git', [...words], {
		cwd: folder,
		encoding: 'utf8',
		env: { ...process.env, ...identity },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
}

export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
	for (const [path, content] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), content);
	}
}

/** Makes a repository of these files in an existing folder, with one commit. */
export function makeRepository(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
	runGit(folder, 'init', '--quiet', '--initial-branch=main');
	writeFiles(folder, files);
	runGit(folder, 'add', '--all');
	runGit(folder, 'commit', '--quiet', '--allow-empty', '--message', 'begin');
}

/** Commits so many small files below `many/`, a hundred in each folder, without a step for each, and checks them out. */
export function addManyFiles(folder: string, count: number): void {
	const lines = Array.from(
		{ length: count },
		(_, index) => `M 100644 :1 many/${Math.floor(index / 100)}/file-${index}.txt`,
	);
	const stream = [
		'blob',
		'mark :1',
		'data 2',
		'x',
		'commit refs/heads/main',
		'committer Test <test@example.invalid> 1700000000 +0000',
		'data 4',
		'many',
		'from refs/heads/main^0',
		...lines,
		'',
	];
	execFileSync('git', ['fast-import', '--quiet'], {
		cwd: folder,
		input: `${stream.join('\n')}\n`,
		env: { ...process.env, ...identity },
	});
	runGit(folder, 'reset', '--quiet', '--hard');
}
