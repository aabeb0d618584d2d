// Owns the set-up of tests of worktrees: a repository, a place for a worktree, and after each test the question whether
// anything of the person's changed.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Git } from '../../src/core/ports.ts';
import type { TemporaryFolders } from '../support/temporaryFolder.ts';
import { useTemporaryFolders } from '../support/temporaryFolder.ts';
import type { TestRepository } from '../support/testRepository.ts';
import { makeRepository } from '../support/testRepository.ts';
import type { CreateGit } from './portsContractGitSnapshot.ts';

export class WorktreeBench {
	readonly repository: TestRepository;
	readonly git: Git;
	base: string;
	/** Does not exist yet, nor does its parent. */
	readonly worktree: string;
	/** What is the person's; tests that change it themselves set it again. */
	before: Record<string, string>;

	constructor(create: CreateGit, folders: TemporaryFolders) {
		const files = { a: 'one\n', 'deep/b': 'two\n', '.gitignore': 'ignored/\n' };
		this.repository = makeRepository(join(folders.make(), 'work space ü'), folders.make(), files);
		this.git = create(this.repository.folder, this.repository.environment);
		this.base = this.repository.git('rev-parse', 'HEAD');
		this.worktree = join(folders.make(), 'not yet', 'run 日本 1');
		this.before = this.repository.state();
	}

	/** The temp folders of this test: repository, home, worktree. */
	get everything(): string[] {
		return [
			dirname(this.repository.folder),
			this.repository.environment['HOME'] ?? '',
			dirname(dirname(this.worktree)),
		];
	}

	/** Names under which git knows worktrees. */
	get registrations(): string[] {
		const folder = join(this.repository.folder, '.git', 'worktrees');
		return existsSync(folder) ? readdirSync(folder) : [];
	}

	/** A path in the worktree. */
	at(path: string): string {
		return join(this.worktree, path);
	}

	write(path: string, content: string | Uint8Array): void {
		mkdirSync(dirname(this.at(path)), { recursive: true });
		writeFileSync(this.at(path), content);
	}

	/** git as the agent in the worktree runs it. */
	gitInTree(...argumentList: string[]): string {
		return this.repository.gitIn(this.worktree, ...argumentList);
	}

	add(): Promise<void> {
		return this.git.addWorktree(this.worktree, this.base);
	}

	commit(): Promise<string> {
		return this.git.commitWorktree(this.worktree, this.base, 'result');
	}

	/** Files of what commitWorktree makes. */
	async committed(): Promise<Record<string, string>> {
		return this.repository.filesAt(await this.commit());
	}

	assertUntouched(): void {
		assert.deepEqual(this.repository.state(), this.before, "something of the person's changed");
	}
}

/** Call inside `describe`; `bench()` is a fresh one for each test. */
export function useWorktreeBench(create: CreateGit): { bench(): WorktreeBench; readonly folders: TemporaryFolders } {
	const folders = useTemporaryFolders();
	let current: WorktreeBench;
	beforeEach(() => {
		current = new WorktreeBench(create, folders);
	});
	afterEach(() => current.assertUntouched());
	return { bench: () => current, folders };
}
