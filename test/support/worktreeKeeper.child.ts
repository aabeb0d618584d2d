// A program that makes a worktree ahead, takes it, works in it, saves the work and removes it, for tests that kill it in between.
// Arguments: folder of the repository, folder of the worktrees, folder with the `git` to use.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nullLogger } from '../../src/base/log.ts';
import { rescueWorktree } from '../../src/core/loop/runWorktree.ts';
import { createGit } from '../../src/node/git.ts';
import { nodeFileSystem } from '../../src/node/nodeFileSystem.ts';

const [repository = '', worktrees = '', programs = ''] = process.argv.slice(2);
const git = createGit({
	workspaceFolder: repository,
	environment: { ...process.env, PATH: `${programs}:${process.env['PATH'] ?? ''}` },
});
const folder = join(worktrees, 'run-1');
const base = await git.snapshot('the working tree', []);
await git.addWorktree(join(worktrees, 'pool-1'), base);
await git.takeWorktree(join(worktrees, 'pool-1'), folder, base);
writeFileSync(join(folder, 'work.txt'), 'work\n');
await rescueWorktree({ git, files: nodeFileSystem, log: nullLogger }, { runId: 'run-1', folder, base });
await git.removeWorktree(folder);
