// Checks that nothing is left that the list does not show, and that reclaiming removes it without losing work, whenever the program
// that keeps worktrees is killed: before and after each single git command it gives.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nullLogger } from '../../../../src/base/log.ts';
import type { Ledger } from '../../../../src/core/ledger.ts';
import { reclaimWorktrees } from '../../../../src/core/worktree/reclaimWorktrees.ts';
import { listWorktreeRows } from '../../../../src/core/worktree/worktreeInventory.ts';
import { createGit } from '../../../../src/node/git.ts';
import { nodeFileSystem } from '../../../../src/node/nodeFileSystem.ts';
import { createProcessRunner } from '../../../../src/node/processRunner.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { openTemporaryLedger } from '../../../support/temporaryLedger.ts';
import type { TestRepository } from '../../../support/testRepository.ts';
import { makeRepository } from '../../../support/testRepository.ts';

const program = fileURLToPath(new URL('../../../support/worktreeKeeper.child.ts', import.meta.url));
/** More than the program gives; the test ends with the first number it does not reach. */
const mostCommands = 60;

describe('a program that keeps worktrees and is killed', function () {
	this.timeout(180_000);
	const folders = useTemporaryFolders();
	let ledger: Ledger;
	beforeEach(async () => {
		({ ledger } = await openTemporaryLedger(folders.make()));
	});
	afterEach(() => ledger.dispose());

	/** Runs the program with a git that kills it at the given command; false when it ended before. */
	async function runUntil(repository: TestRepository, worktrees: string, at: number, when: 'before' | 'after') {
		const programs = folders.make();
		const real = join(repository.git('--exec-path'), 'git');
		const count = join(programs, 'count');
		writeFileSync(count, '0');
		writeFileSync(
			join(programs, 'git'),
			[
				'#!/bin/sh',
				`n=$(($(cat '${count}') + 1)); echo $n > '${count}'`,
				`[ $n = ${at} ] || exec '${real}' "$@"`,
				when === 'before' ? 'kill -9 $PPID; exit 1' : `'${real}' "$@"; kill -9 $PPID`,
			].join('\n'),
			{ mode: 0o755 },
		);
		const child = spawn(process.execPath, [program, repository.folder, worktrees, programs], {
			env: { ...repository.environment, GIT_OPTIONAL_LOCKS: undefined },
			stdio: ['ignore', 'ignore', 'inherit'],
		});
		const [code] = (await once(child, 'exit')) as [number | null];
		assert.ok(code === 0 || code === null, `the program failed: ${code}`);
		return code === null;
	}

	for (const when of ['before', 'after'] as const) {
		it(`leaves nothing that is not shown, reclaimed and saved when it dies ${when} a git command`, async function () {
			if (process.platform === 'win32') {
				this.skip();
			}
			let deaths = 0;
			for (let at = 1; at < mostCommands; at += 1) {
				const repository = makeRepository(join(folders.make(), 'work'), folders.make(), { a: 'one\n' });
				repository.write('dirty', 'uncommitted\n');
				const before = repository.state();
				const worktrees = folders.make();
				const wasKilled = await runUntil(repository, worktrees, at, when);
				const git = createGit({ workspaceFolder: repository.folder, environment: repository.environment });
				const parts = {
					git,
					files: nodeFileSystem,
					processes: createProcessRunner(),
					log: nullLogger,
					read: ledger.read.bind(ledger),
					worktreesFolder: worktrees,
					isHostRunning: false,
				};
				const hasWork = existsSync(join(worktrees, 'run-1/work.txt'));
				const rows = await listWorktreeRows(parts);
				const shown = new Set(rows.map(({ folder }) => folder));
				const there = readdirSync(worktrees).map((name) => join(worktrees, name));
				const registrations = join(repository.folder, '.git/worktrees');
				const known = (existsSync(registrations) ? readdirSync(registrations) : []).map((name) =>
					readFileSync(join(registrations, name, 'gitdir'), 'utf8').replace(/\/\.git\n$/u, ''),
				);
				const label = `${when} command ${at}`;
				assert.deepEqual([...shown].toSorted(), [...new Set([...there, ...known])].toSorted(), label);
				const { reclaimed, kept } = await reclaimWorktrees(parts, 'abandoned');
				assert.deepEqual([reclaimed.length, kept], [rows.length, []], label);
				assert.deepEqual(readdirSync(worktrees), [], label);
				assert.deepEqual(existsSync(registrations) ? readdirSync(registrations) : [], [], label);
				if (hasWork) {
					assert.equal(repository.git('show', 'refs/dreamos/rescue/run-1:work.txt'), 'work', label);
				}
				assert.deepEqual(repository.state(), before, label);
				if (!wasKilled) {
					break;
				}
				deaths = at;
			}
			assert.ok(deaths > 8 && deaths < mostCommands - 1, `${deaths} deaths`);
		});
	}
});
