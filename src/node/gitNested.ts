// Owns repositories inside a worktree that an agent made there (`git init`, `git clone`, a project template). git would
// record a bare pointer and lose their files; here their files count as files. Another worktree's checkout never does.

import { readFile, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { DreamError } from '../base/errors.ts';
import { randomText } from '../base/ids.ts';
import type { IndexedTree } from './gitIndex.ts';
import { forget, openIndexedTree, splitNul, stageEverything } from './gitIndex.ts';
import type { GitRunner } from './simpleGit.ts';

const pointerMode = '160000';
/** No project nests deeper; a loop of mounts might. */
const deepest = 8;

export interface NestedInput {
	readonly runner: GitRunner;
	/** The worktree whose files have been staged. */
	readonly tree: IndexedTree;
	readonly commonFolder: string;
	/** What staging could not take. */
	readonly problems: readonly string[];
	/** The commit the worktree came from; its pointers are submodules and stay. */
	readonly base: string;
	/** A folder for more index files. */
	readonly indexFolder: string;
}

/** Replaces pointers to nested repositories by their files; returns the problems that remain. Fails with `git.submoduleChanged`. */
export async function takeNestedFiles(input: NestedInput): Promise<readonly string[]> {
	const { tree } = input;
	const { unborn, others } = sortProblems(input.problems);
	const remaining = [...others];
	const pointers = await changedPointers(tree, input.base);
	if (pointers.moved.length > 0) {
		throw new DreamError(
			'git.submoduleChanged',
			`Commits were made in submodules (${pointers.moved.join(', ')}); they can be neither kept nor landed from here.`,
			{
				details: { folder: tree.folder, submodules: pointers.moved },
				advice: `The worktree stays: push them from ${tree.folder}, or throw them away there.`,
			},
		);
	}
	for (const path of [...pointers.added, ...unborn]) {
		await forget(tree, [path]);
		const nested = await listNested(input, path, 1);
		await addEntries(tree, await withoutIgnored(tree, nested.entries));
		remaining.push(...nested.problems);
	}
	return remaining;
}

interface Entry {
	readonly mode: string;
	readonly object: string;
	readonly path: string;
}

interface Nested {
	readonly entries: Entry[];
	readonly problems: string[];
}

/** Files of a nested repository as entries of the outer index, those of repositories inside it too. */
async function listNested(input: NestedInput, path: string, depth: number): Promise<Nested> {
	const folder = join(input.tree.folder, path);
	if (depth > deepest || (await isWorktreeOf(folder, input.commonFolder))) {
		return { entries: [], problems: [] };
	}
	const indexFile = join(input.indexFolder, randomText(12));
	const tree = openIndexedTree(input.runner, folder, indexFile, input.commonFolder);
	const { unborn, others } = sortProblems(await stageEverything(tree, []));
	const entries: Entry[] = [];
	const inner = unborn;
	for (const line of splitNul((await tree.run(['ls-files', '--stage', '-z'])).output)) {
		const [, mode = '', object = '', name = ''] = /^(\d+) ([0-9a-f]+) \d\t([\s\S]+)$/u.exec(line) ?? [];
		if (mode === pointerMode) {
			inner.push(name);
		} else {
			entries.push({ mode, object, path: `${path}/${name}` });
		}
	}
	for (const name of inner) {
		const deeper = await listNested(input, `${path}/${name}`, depth + 1);
		entries.push(...deeper.entries);
		others.push(...deeper.problems);
	}
	return { entries, problems: others };
}

/** Repositories without a commit, which git refuses even as pointers, apart from what it could not read. */
function sortProblems(problems: readonly string[]): { readonly unborn: string[]; readonly others: string[] } {
	const unborn: string[] = [];
	const others: string[] = [];
	for (const line of problems) {
		const path = /^error: '(.+?)\/?' does not have a commit checked out$/u.exec(line)?.[1];
		(path === undefined ? others : unborn).push(path ?? line);
	}
	return { unborn, others };
}

/** The outer rules hold inside as well: a template's `node_modules` stays out. */
async function withoutIgnored(tree: IndexedTree, entries: readonly Entry[]): Promise<Entry[]> {
	if (entries.length === 0) {
		return [];
	}
	const { output } = await tree.run(['check-ignore', '--stdin', '-z', '--no-index'], {
		input: entries.map((entry) => `${entry.path}\0`).join(''),
		accepts: (exitCode) => exitCode === 1,
	});
	const ignored = new Set(splitNul(output));
	return entries.filter((entry) => !ignored.has(entry.path));
}

async function addEntries(tree: IndexedTree, entries: readonly Entry[]): Promise<void> {
	if (entries.length > 0) {
		await tree.run(['update-index', '-z', '--index-info'], {
			input: entries.map(({ mode, object, path }) => `${mode} ${object} 0\t${path}\0`).join(''),
		});
	}
}

/** Pointers that are new, and those of submodules that point to another commit now. */
async function changedPointers(
	tree: IndexedTree,
	base: string,
): Promise<{ readonly added: readonly string[]; readonly moved: readonly string[] }> {
	const { output } = await tree.run([
		'diff-index',
		'--cached',
		'--raw',
		'-z',
		'--no-renames',
		'--ignore-submodules=none',
		base,
	]);
	const fields = splitNul(output);
	const [added, moved]: [string[], string[]] = [[], []];
	for (let index = 0; index + 1 < fields.length; index += 2) {
		const [oldMode, mode] = (fields[index] ?? '').split(' ');
		if (mode === pointerMode) {
			(oldMode === `:${pointerMode}` ? moved : added).push(fields[index + 1] ?? '');
		}
	}
	return { added, moved };
}

/** A `.git` file that points into our own repository: somebody's other checkout, not new work. */
async function isWorktreeOf(folder: string, commonFolder: string): Promise<boolean> {
	const place = join(folder, '.git');
	const found = await stat(place).catch(() => undefined);
	if (found?.isFile() !== true) {
		return false;
	}
	const target = /^gitdir: (.+)$/mu.exec(await readFile(place, 'utf8').catch(() => ''))?.[1];
	return target !== undefined && resolve(folder, target).startsWith(join(commonFolder, 'worktrees') + sep);
}
