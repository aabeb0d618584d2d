// Checks the pool of worktrees on a real repository: what a run gets, what is made ahead, what the disk's share does.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Git } from '../../../../src/core/ports.ts';
import type { Settings } from '../../../../src/core/settings.ts';
import { defaultSettings } from '../../../../src/core/settings.ts';
import { WorktreePool } from '../../../../src/core/worktree/worktreePool.ts';
import { createGit } from '../../../../src/node/git.ts';
import { nodeFileSystem } from '../../../../src/node/nodeFileSystem.ts';
import { systemClock } from '../../../../src/node/systemClock.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import type { TestRepository } from '../../../support/testRepository.ts';
import { makeRepository } from '../../../support/testRepository.ts';

describe('WorktreePool', () => {
	const folders = useTemporaryFolders();
	const never = new AbortController().signal;
	let repository: TestRepository;
	let git: Git;
	let place: string;
	let settings: Settings;
	let lines: string[];
	let sizes: ReadonlyMap<string, number>;
	let open: WorktreePool[];

	beforeEach(() => {
		repository = makeRepository(join(folders.make(), 'work'), folders.make(), {
			a: 'one\n',
			'.gitignore': 'ignored\n',
			big: 'x'.repeat(100_000),
		});
		git = createGit({ workspaceFolder: repository.folder, environment: repository.environment });
		place = folders.make();
		settings = { ...defaultSettings };
		[lines, sizes, open] = [[], new Map(), []];
	});
	afterEach(() => Promise.all(open.map((pool) => pool.stop(true))));

	const begin = async (more: Partial<Git> = {}) => {
		const pool = await WorktreePool.open({
			git: { ...git, ...more },
			files: nodeFileSystem,
			clock: systemClock,
			log: {
				debug: () => undefined,
				info: (line) => void lines.push(line),
				warn: (line) => void lines.push(line),
				error: (line) => void lines.push(line),
			},
			settings: () => settings,
			worktreesFolder: place,
			onFull: async (line) => void lines.push(line),
			onMeasured: async (found) => {
				sizes = found;
			},
		});
		open.push(pool);
		return pool;
	};
	const until = async (condition: () => boolean, what: string) => {
		for (let round = 0; !condition(); round += 1) {
			assert.ok(round < 5_000, `in vain: ${what}\n${lines.join('\n')}`);
			await delay(10);
		}
	};
	const pooled = () => readdirSync(place).filter((name) => name.startsWith('pool-'));
	/** One that is finished: the host measured it. */
	const isFilled = (count = 1) => {
		const measured = [...sizes.keys()].filter((folder) => folder.includes('pool-') && existsSync(folder));
		return measured.length === count;
	};
	const run = (name: string) => join(place, name);
	const snapshot = () => git.snapshot('copy', []);

	it('gives a run one that was made ahead, at the commit it asks for, and makes the next', async () => {
		let made = 0;
		const pool = await begin({
			addWorktree: (folder, commit) => {
				made += 1;
				return git.addWorktree(folder, commit);
			},
		});
		await until(() => isFilled(), 'the pool is filled');
		const [first = ''] = pooled();
		repository.write('a', 'edited\n');
		await pool.provide(run('run-1'), await snapshot(), never);
		assert.equal(made, 1);
		assert.equal(readFileSync(join(run('run-1'), 'a'), 'utf8'), 'edited\n');
		await until(() => isFilled() && made === 2, 'the pool is filled again');
		assert.notEqual(pooled()[0], first);
	});

	it('never gives one out twice: what a run left goes with it', async () => {
		const pool = await begin();
		await until(() => isFilled(), 'the pool is filled');
		const commit = await snapshot();
		await pool.provide(run('run-1'), commit, never);
		writeFileSync(join(run('run-1'), 'ignored'), 'secret');
		await git.removeWorktree(run('run-1'));
		pool.giveBack(run('run-1'));
		for (const name of ['run-2', 'run-3', 'run-4']) {
			await pool.provide(run(name), commit, never);
			assert.deepEqual(readdirSync(run(name)).toSorted(), ['.git', '.gitignore', 'a', 'big']);
		}
	});

	it('makes one on the spot when there is none, when it may not, and when the one there is cannot be taken', async () => {
		settings = { ...settings, 'worktrees.poolSize': 0 };
		const commit = await snapshot();
		const empty = await begin();
		await empty.provide(run('run-1'), commit, never);
		assert.deepEqual(pooled(), []);
		settings = { ...settings, 'worktrees.poolSize': 1 };
		const pool = await begin();
		await until(() => isFilled(), 'the pool is filled');
		// As somebody who reclaims it this very moment.
		await nodeFileSystem.remove(join(place, pooled()[0] ?? ''));
		await pool.provide(run('run-2'), commit, never);
		assert.ok(existsSync(join(run('run-2'), 'a')));
	});

	it('ends what it makes when it ceases, and says nothing of it', async () => {
		let isBegun = false;
		const pool = await begin({
			addWorktree: (_folder, _commit, signal) => {
				isBegun = true;
				return new Promise((_resolve, reject) =>
					signal?.addEventListener('abort', () => reject(new Error('it was ended'))),
				);
			},
		});
		await until(() => isBegun, 'one is being made');
		await pool.stop(false);
		assert.deepEqual(lines, []);
		assert.deepEqual(pooled(), []);
	});

	it('waits for the one that is being made instead of beginning another', async () => {
		let finish: () => void = () => undefined;
		const gate = new Promise<void>((resolve) => {
			finish = resolve;
		});
		const asked: string[] = [];
		const pool = await begin({
			addWorktree: async (folder, commit) => {
				asked.push(folder);
				await gate;
				await git.addWorktree(folder, commit);
			},
		});
		await until(() => asked.length === 1, 'one is being made');
		const provided = pool.provide(run('run-1'), await snapshot(), never);
		finish();
		await provided;
		assert.match(asked.slice(0, 1).join(), /pool-/u);
		assert.ok(!asked.includes(run('run-1')));
	});

	it('takes over what an earlier host finished, and removes what it did not', async () => {
		const commit = await snapshot();
		await git.addWorktree(run('pool-good'), commit);
		await git.addWorktree(run('pool-gone'), commit);
		await nodeFileSystem.remove(run('pool-gone'));
		repository.git('worktree', 'add', '--quiet', '--detach', run('pool-half'));
		await nodeFileSystem.makeFolder(run('pool-empty'));
		await nodeFileSystem.makeFolder(run('somebody'));
		settings = { ...settings, 'worktrees.poolSize': 1 };
		const pool = await begin();
		assert.deepEqual(readdirSync(place).toSorted(), ['pool-good', 'somebody']);
		assert.deepEqual(
			(await git.listWorktrees()).map(({ folder }) => folder),
			[run('pool-good')],
		);
		await pool.provide(run('run-1'), commit, never);
		assert.ok(existsSync(join(run('run-1'), 'a')) && !existsSync(run('pool-good')));
	});

	it('removes the pool at the end, and leaves it to the next host when it was passed over', async () => {
		const passed = await begin();
		await until(() => isFilled(), 'the pool is filled');
		await passed.stop(true);
		assert.equal(pooled().length, 1);
		const next = await begin();
		await next.stop(false);
		assert.deepEqual([pooled(), await git.listWorktrees()], [[], []]);
	});

	it('gives up the oldest of the pool when all take too much, and says so', async () => {
		settings = { ...settings, 'worktrees.poolSize': 3 };
		const pool = await begin();
		await until(() => isFilled(3), 'the pool is filled');
		const [size = 0] = sizes.values();
		settings = { ...settings, 'worktrees.maxGigabytes': (size * 2.5) / 1024 ** 3 };
		const [oldest = ''] = [...sizes.keys()];
		pool.giveBack('nothing');
		const told = /dreamos\.worktrees\.maxGigabytes .* 1 worktree of the pool removed/u;
		await until(() => lines.some((line) => told.test(line)), 'it is told');
		assert.deepEqual([existsSync(oldest), pooled().length], [false, 2]);
	});

	it('lets a run wait for room until another gives some back, and refuses when nobody will', async () => {
		settings = { ...settings, 'worktrees.poolSize': 0 };
		const commit = await snapshot();
		const pool = await begin();
		await pool.provide(run('run-1'), commit, never);
		await until(() => sizes.has(run('run-1')), 'it is measured');
		settings = { ...settings, 'worktrees.maxGigabytes': (1.5 * (sizes.get(run('run-1')) ?? 0)) / 1024 ** 3 };
		const stopped = new AbortController();
		const second = pool.provide(run('run-2'), commit, stopped.signal);
		await until(() => lines.some((line) => line.includes('waits for room')), 'it waits');
		await git.removeWorktree(run('run-1'));
		pool.giveBack(run('run-1'));
		await second;
		await until(() => sizes.has(run('run-2')), 'it is measured');
		const third = pool.provide(run('run-3'), commit, stopped.signal);
		stopped.abort(new Error('stopped'));
		await assert.rejects(third, /stopped/u);
		settings = { ...settings, 'worktrees.maxGigabytes': 1 / 1024 ** 3 };
		pool.giveBack(run('run-2'));
		await assert.rejects(pool.provide(run('run-4'), commit, never), { code: 'worktrees.full' });
	});

	it('gives a run one of its own when the one it waited for could not be made', async () => {
		let fail = (_error: Error) => undefined as void;
		const making = new Promise<void>((_resolve, reject) => {
			fail = reject;
		});
		let isMaking = false;
		const pool = await begin({
			addWorktree: (folder, commit) => {
				if (!folder.includes('pool-')) {
					return git.addWorktree(folder, commit);
				}
				isMaking = true;
				return making;
			},
		});
		await until(() => isMaking, 'one is made ahead');
		const provided = pool.provide(run('run-1'), await snapshot(), never);
		fail(new Error('git is broken'));
		await provided;
		assert.ok(existsSync(join(run('run-1'), 'a')));
	});

	it('goes on without a pool where git fails, and says so', async () => {
		const refuse = () => Promise.reject(new Error('git is broken'));
		const pool = await begin({ listWorktrees: refuse, resolveCommit: refuse });
		await until(() => lines.filter((line) => line.includes('git is broken')).length === 2, 'it is told');
		await pool.provide(run('run-1'), await snapshot(), never);
		assert.ok(existsSync(join(run('run-1'), 'a')));
	});
});
