// Owns finding the repository of a workspace folder, once: its folders, and whether this git is recent enough.

import { stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { Sequencer } from '../base/async.ts';
import { DreamError, isDreamError } from '../base/errors.ts';
import { gitTooOld } from './gitErrors.ts';
import type { Logger } from '../base/log.ts';
import { findRepositoryInside } from './gitInside.ts';
import { withoutMissingLfs } from './gitLfs.ts';
import type { GitAnswer, GitCall, GitRunner } from './simpleGit.ts';

export interface GitRepository {
	/** Top folder of the workspace's working tree. */
	readonly top: string;
	/** The working tree's own git folder: HEAD and index. */
	readonly gitFolder: string;
	/** Shared by all working trees: objects, references, configuration. */
	readonly commonFolder: string;
	/** From the top to the workspace folder: empty, or `packages/app/`; undefined when the repository lies inside the workspace. */
	readonly prefix: string | undefined;
	/** Runs git at the top. */
	run(argumentList: readonly string[], more?: Omit<GitCall, 'arguments' | 'folder'>): Promise<GitAnswer>;
	readonly runner: GitRunner;
	/** One job at a time per repository in this process: for everything that writes worktrees, references or trees. */
	exclusively<T>(job: () => Promise<T>): Promise<T>;
}

/**
 * Ubuntu 22.04 has 2.34. Needed: `GIT_CONFIG_COUNT` (2.31), `rev-parse --path-format` (2.31), `add --sparse` (2.34).
 */
const minimumVersion = [2, 34] as const;

const jobs = new Sequencer();

/** A function that finds the repository; a success is remembered, a failure is tried again. */
export function createRepositoryFinder(
	workspaceFolder: string,
	runner: GitRunner,
	log: Logger,
): () => Promise<GitRepository> {
	let found: Promise<GitRepository> | undefined;
	return () => {
		found ??= findRepository(workspaceFolder, runner, log).catch((error: unknown) => {
			found = undefined;
			throw error;
		});
		return found;
	};
}

async function findRepository(workspaceFolder: string, plain: GitRunner, log: Logger): Promise<GitRepository> {
	const folder = await stat(workspaceFolder).catch(() => undefined);
	if (folder?.isDirectory() !== true) {
		throw new DreamError('file.notFound', `The workspace folder ${workspaceFolder} does not exist.`, {
			details: { path: workspaceFolder },
		});
	}
	await checkVersion(workspaceFolder, plain);
	const { output, isInside } = await askForPlaces(workspaceFolder, plain);
	const [top, gitFolder, commonFolder, prefix, ...rest] = output.split('\n');
	if (
		top === undefined ||
		gitFolder === undefined ||
		commonFolder === undefined ||
		prefix === undefined ||
		rest.length > 1
	) {
		throw new DreamError('git.failed', `The path of the repository of ${workspaceFolder} holds a line break.`, {
			advice: 'Rename the folder.',
		});
	}
	const place = {
		top: normalize(top),
		gitFolder: normalize(gitFolder),
		commonFolder: normalize(commonFolder),
		prefix: isInside ? undefined : prefix,
	};
	const runner = await withoutMissingLfs(plain, place.top, log);
	return {
		...place,
		runner,
		run: (argumentList, more = {}) => runner.run({ ...more, folder: place.top, arguments: argumentList }),
		exclusively: (job) => jobs.run(place.commonFolder, job),
	};
}

async function askForPlaces(
	workspaceFolder: string,
	runner: GitRunner,
): Promise<{ readonly output: string; readonly isInside: boolean }> {
	const ask = async (folder: string) => {
		const places = ['--show-toplevel', '--git-dir', '--git-common-dir', '--show-prefix'];
		return (await runner.run({ folder, arguments: ['rev-parse', '--path-format=absolute', ...places] })).output;
	};
	try {
		return { output: await ask(workspaceFolder), isInside: false };
	} catch (error) {
		const inside = isDreamError(error, 'git.notARepository')
			? await findRepositoryInside(workspaceFolder)
			: undefined;
		if (inside === undefined) {
			throw error;
		}
		return { output: await ask(inside), isInside: true };
	}
}

async function checkVersion(folder: string, runner: GitRunner): Promise<void> {
	const { output } = await runner.run({ folder, arguments: ['version'] });
	const version = /\d+(?:\.\d+)+/u.exec(output)?.[0] ?? '';
	const [major = 0, minor = 0] = version.split('.').map(Number);
	if (major < minimumVersion[0] || (major === minimumVersion[0] && minor < minimumVersion[1])) {
		throw gitTooOld(version === '' ? output.trim() : version, minimumVersion.join('.'));
	}
}

/** Pathspecs that name parts of the workspace, literally, from the top. */
export function workspacePathspecs(
	repository: GitRepository,
	paths: readonly string[],
	kind: 'exclude' | 'include',
): string[] {
	const { prefix } = repository;
	if (prefix === undefined) {
		// Parts of the workspace lie beside the repository.
		return [];
	}
	return paths.map((path) => {
		const magic = kind === 'exclude' ? 'top,exclude,literal' : 'top,literal';
		return `:(${magic})${prefix}${path.replace(/\/+$/u, '')}`;
	});
}

/** A full commit id, so that nothing else can be taken for an option or another name. */
export function checkCommit(commit: string): string {
	if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u.test(commit)) {
		throw new DreamError('git.unknownCommit', `Not a commit: ${JSON.stringify(commit)}`, { details: { commit } });
	}
	return commit;
}

/** The index of the workspace's own working tree. */
export const indexOf = (repository: GitRepository): string => join(repository.gitFolder, 'index');

/** The commit a name means now; undefined when it means none. */
export async function resolveCommit(repository: GitRepository, name: string): Promise<string | undefined> {
	if (name === '' || name.startsWith('-') || name.includes('\0')) {
		return undefined;
	}
	const { output, exitCode } = await repository.run(['rev-parse', '--verify', '--quiet', `${name}^{commit}`], {
		accepts: (code) => code === 1 || code === 128,
	});
	return exitCode === 0 ? output.trim() : undefined;
}
