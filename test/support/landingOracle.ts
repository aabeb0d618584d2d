// Owns git's own answer to a pair of the landing corpus: a real repository with the agent's commit, the workspace as it lies there
// uncommitted, and what `git merge-tree` makes of the three.

import { execFileSync, spawnSync } from 'node:child_process';
import {
	chmodSync,
	lstatSync,
	mkdirSync,
	readFileSync,
	readdirSync,
	readlinkSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { CorpusChange, LandingPair } from './landingPair.ts';
import { testGitEnvironment } from './testRepository.ts';

export interface PreparedPair {
	/** The open workspace: HEAD is the base, nothing of what was changed here is committed. */
	readonly folder: string;
	readonly base: string;
	/** The agent's commit. */
	readonly result: string;
	/** What git makes of it, as `listTree` shows it; undefined when git sees a conflict. */
	readonly merged: Readonly<Record<string, string>> | undefined;
}

/** Files of a folder with mode and content (a hash where it is long), without `.git`. Folders that hold nothing are listed too. */
export function listTree(folder: string, below = ''): Record<string, string> {
	const tree: Record<string, string> = {};
	for (const name of readdirSync(join(folder, below)).toSorted()) {
		const path = below === '' ? name : `${below}/${name}`;
		const full = join(folder, path);
		const found = lstatSync(full);
		if (path === '.git') {
			continue;
		}
		if (found.isDirectory()) {
			const inside = listTree(folder, path);
			Object.assign(tree, Object.keys(inside).length === 0 ? { [path]: 'an empty folder' } : inside);
		} else if (found.isSymbolicLink()) {
			tree[path] = `link to ${readlinkSync(full)}`;
		} else {
			const content = readFileSync(full);
			const shown =
				content.length > 1000 ? createHash('sha256').update(content).digest('hex') : content.toString('latin1');
			tree[path] = `${(found.mode & 0o100) === 0 ? 'file' : 'program'} ${JSON.stringify(shown)}`;
		}
	}
	return tree;
}

function change(folder: string, files: CorpusChange): void {
	const entries = Object.entries(files);
	for (const [path] of entries.filter(([, entry]) => entry === null)) {
		rmSync(join(folder, path), { force: true });
		for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
			if (readdirSync(join(folder, parent)).length === 0) {
				rmSync(join(folder, parent), { recursive: true });
			}
		}
	}
	for (const [path, entry] of entries) {
		if (entry === null) {
			continue;
		}
		const full = join(folder, path);
		mkdirSync(dirname(full), { recursive: true });
		rmSync(full, { force: true });
		if (typeof entry === 'object' && 'link' in entry) {
			symlinkSync(entry.link, full);
		} else {
			const isProgram = typeof entry === 'object' && 'run' in entry;
			writeFileSync(full, isProgram ? entry.run : entry);
			chmodSync(full, isProgram ? 0o755 : 0o644);
		}
	}
}

/** Gives every text that exists here CRLF, where the pair asks for it. */
function withLineEndsHere(pair: LandingPair, folder: string, paths: readonly string[]): void {
	if (pair.lineEndsHere === undefined) {
		return;
	}
	for (const path of paths) {
		const full = join(folder, path);
		writeFileSync(full, readFileSync(full, 'utf8').replaceAll('\n', '\r\n'));
	}
}

/** Makes the repository of a pair in an empty folder and asks git. */
export function preparePair(root: string, pair: LandingPair): PreparedPair {
	const [folder, home, out] = [join(root, 'repository'), join(root, 'home'), join(root, 'merged')];
	[folder, home, out].forEach((each) => mkdirSync(each));
	const environment = {
		...testGitEnvironment(home),
		GIT_AUTHOR_NAME: 'Ann',
		GIT_AUTHOR_EMAIL: 'ann@example.org',
		GIT_COMMITTER_NAME: 'Ann',
		GIT_COMMITTER_EMAIL: 'ann@example.org',
	};
	const run = (env: NodeJS.ProcessEnv, ...words: string[]) =>
		execFileSync('git', words, { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
	const git = (...words: string[]) => run(environment, ...words);
	git('-c', 'init.defaultBranch=main', 'init', '--quiet');
	git('config', 'core.looseCompression', '0');
	const commit = (message: string) => {
		git('add', '--all');
		git('commit', '--quiet', '--allow-empty', '--no-verify', '-m', message);
		return git('rev-parse', 'HEAD');
	};
	change(folder, pair.base);
	const base = commit('base');
	change(folder, pair.agent);
	const result = commit('agent');
	git('reset', '--quiet', '--hard', base);
	change(folder, pair.here);
	const scratch = { ...environment, GIT_INDEX_FILE: join(root, 'index') };
	run(scratch, 'add', '--all');
	const here = run(scratch, 'commit-tree', run(scratch, 'write-tree'), '-p', base, '-m', 'here');
	// Where a new file of somebody belongs when its folder was renamed is a guess of git's that a landing does not make.
	const answer = spawnSync(
		'git',
		['-c', 'merge.directoryRenames=false', 'merge-tree', '--write-tree', here, result],
		{
			cwd: folder,
			env: environment,
			encoding: 'utf8',
		},
	);
	const paths = run(scratch, 'ls-files', '-z').split('\0').filter(Boolean);
	withLineEndsHere(pair, folder, paths);
	if (answer.status !== 0) {
		if (answer.status !== 1) {
			throw new Error(`git merge-tree failed: ${answer.stderr}`);
		}
		return { folder, base, result, merged: undefined };
	}
	run(scratch, 'read-tree', answer.stdout.trim());
	run(scratch, '--work-tree', out, 'checkout-index', '--all', '--force');
	withLineEndsHere(pair, out, paths);
	const merged = listTree(out);
	rmSync(out, { recursive: true });
	return { folder, base, result, merged };
}
