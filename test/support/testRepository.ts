// Owns real git repositories for tests: made in a temp folder, with a configuration of their own, compared by everything
// that is the person's (index bytes, HEAD, branches, stash, configuration, status).

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** git's environment in tests: no configuration of this machine. */
export function testGitEnvironment(home: string): NodeJS.ProcessEnv {
	return {
		PATH: process.env['PATH'],
		HOME: home,
		XDG_CONFIG_HOME: join(home, '.config'),
		GIT_CONFIG_NOSYSTEM: '1',
		...(process.env['SystemRoot'] === undefined ? {} : { SystemRoot: process.env['SystemRoot'] }),
	};
}

export interface TestRepository {
	readonly folder: string;
	readonly environment: NodeJS.ProcessEnv;
	/** Runs git in the repository; its output without the last line break. */
	git(...argumentList: string[]): string;
	/** Runs git in another folder with the same configuration. */
	gitIn(folder: string, ...argumentList: string[]): string;
	write(path: string, content: string | Uint8Array): void;
	remove(path: string): void;
	/** Commits everything and returns the commit. */
	commit(message?: string): string;
	/** Files of a commit with their content as text. */
	filesAt(commit: string): Record<string, string>;
	/** Everything that is the person's, to be compared before and after. */
	state(): Record<string, string>;
}

/** A repository with the given files in its first commit; without files it has no commit. */
export function makeRepository(folder: string, home: string, files: Record<string, string> = {}): TestRepository {
	const environment = {
		...testGitEnvironment(home),
		GIT_AUTHOR_NAME: 'Ann',
		GIT_AUTHOR_EMAIL: 'ann@example.org',
		GIT_COMMITTER_NAME: 'Ann',
		GIT_COMMITTER_EMAIL: 'ann@example.org',
		GIT_OPTIONAL_LOCKS: '0',
	};
	const gitIn = (place: string, ...argumentList: string[]) =>
		execFileSync('git', ['-c', 'protocol.file.allow=always', ...argumentList], {
			cwd: place,
			env: environment,
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'pipe'],
			maxBuffer: 256 * 1024 * 1024,
		}).replace(/\n$/u, '');
	const git = (...argumentList: string[]) => gitIn(folder, ...argumentList);
	const write = (path: string, content: string | Uint8Array) => {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), content);
	};
	const commit = (message = 'work') => {
		git('add', '--all');
		git('commit', '--quiet', '--allow-empty', '-m', message);
		return git('rev-parse', 'HEAD');
	};
	mkdirSync(folder, { recursive: true });
	git('init', '--quiet', '-b', 'main');
	for (const [path, content] of Object.entries(files)) {
		write(path, content);
	}
	if (Object.keys(files).length > 0) {
		commit('first');
	}
	const hash = (path: string) =>
		existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'not there';
	return {
		folder,
		environment,
		git,
		gitIn,
		write,
		remove: (path) => rmSync(join(folder, path), { recursive: true }),
		commit,
		filesAt: (at) =>
			Object.fromEntries(
				git('ls-tree', '-r', '-z', '--name-only', '--full-tree', at)
					.split('\0')
					.filter((path) => path !== '')
					.map((path) => [path, readBlob(folder, environment, `${at}:${path}`)]),
			),
		state() {
			const gitFolder = git('rev-parse', '--path-format=absolute', '--git-dir');
			return {
				index: hash(join(gitFolder, 'index')),
				head: readFileSync(join(gitFolder, 'HEAD'), 'utf8'),
				status: git('status', '--porcelain=v1', '-z', '--ignored'),
				references: git('for-each-ref', '--format=%(refname) %(objectname)')
					.split('\n')
					.filter((line) => !line.startsWith('refs/dreamos/'))
					.join('\n'),
				stash: git('stash', 'list'),
				reflog: hash(join(gitFolder, 'logs', 'HEAD')),
				config: hash(join(gitFolder, 'config')),
				files: readdirSync(gitFolder)
					.filter((name) => !['objects', 'worktrees', 'refs', 'packed-refs'].includes(name))
					.sort()
					.join(),
			};
		},
	};
}

function readBlob(folder: string, environment: NodeJS.ProcessEnv, name: string): string {
	try {
		return execFileSync('git', ['cat-file', 'blob', name], {
			cwd: folder,
			env: environment,
			stdio: ['ignore', 'pipe', 'ignore'],
		}).toString('latin1');
	} catch {
		return '(no file)';
	}
}
