// Checks what a run's worktree gets before its agent begins, through a whole swarm: copies, set-up command, caches, base; and that a
// step that fails is told on that run with its setting.

import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../../src/core/settings.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { runGit, writeFiles } from '../../support/temporaryRepository.ts';
import { TemporarySwarm } from '../../support/temporarySwarm.ts';

describe('setting a worktree up', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	beforeEach(async () => {
		swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.txt': 'a\n', '.gitignore': '.env\nbuilt\n' },
			{ agents: [buildAgent('Agent-1')] },
		);
	});
	afterEach(() => swarm.dispose());
	const set = (settings: Partial<Settings>) => {
		swarm.settings = { ...swarm.settings, ...settings };
	};

	it('copies ignored files and runs the command, and none of it becomes part of the change', async () => {
		writeFiles(swarm.folder, { '.env': 'secret\n' });
		set({ 'worktrees.copy': ['.env'], 'worktrees.setup': 'cat .env > built' });
		await swarm.add('A', ['cp built seen.txt']);
		await swarm.workUntilIdle();
		assert.equal((await swarm.task('A')).status, 'COMPLETED');
		assert.equal(swarm.shown('seen.txt'), 'secret\n');
		assert.deepEqual((await swarm.runs('A'))[0]?.files, ['seen.txt']);
		assert.deepEqual(swarm.leftovers(), []);
	});

	it('lands and rescues no copy that its agent takes off .gitignore', async () => {
		writeFiles(swarm.folder, { '.env': 'secret\n' });
		set({ 'worktrees.copy': ['.env'] });
		await swarm.add('A', ['echo built > .gitignore', 'git add --force .env', 'echo 1 > x; exit 3'], {
			max_attempts: 1,
		});
		await swarm.workUntilIdle();
		const [rescue = ''] = swarm.leftovers();
		const rescued = runGit(swarm.folder, 'ls-tree', '-r', '--name-only', rescue).trim().split('\n');
		assert.deepEqual([rescued.includes('x'), rescued.includes('.env')], [true, false]);
		await swarm.add('B', ['echo built > .gitignore', 'cp .env seen.txt']);
		await swarm.workUntilIdle();
		assert.equal((await swarm.task('B')).status, 'COMPLETED');
		assert.deepEqual((await swarm.runs('B'))[0]?.files, ['.gitignore', 'seen.txt']);
		assert.equal(swarm.shown('seen.txt'), 'secret\n');
	});

	it('gives set-up command, agent and gates the caches all worktrees share', async () => {
		set({ 'worktrees.caches': { TOOL_CACHE: 'tool' }, 'worktrees.setup': 'echo 1 >> "$TOOL_CACHE/log"' });
		const gate = { validation: { commands: ['test -s "$TOOL_CACHE/log"'] } };
		await swarm.add('A', ['cp "$TOOL_CACHE/log" a.txt'], gate);
		await swarm.workUntilIdle();
		await swarm.add('B', ['cp "$TOOL_CACHE/log" a.txt'], gate);
		await swarm.workUntilIdle();
		assert.equal(swarm.shown('a.txt'), '1\n1\n');
		assert.deepEqual(readdirSync(join(swarm.worktrees, 'caches')), ['tool']);
	});

	it('begins from the commit the setting names, and lands in what is open', async () => {
		const base = runGit(swarm.folder, 'rev-parse', 'HEAD').trim();
		runGit(swarm.folder, 'branch', 'release');
		writeFiles(swarm.folder, { 'later.txt': 'later\n' });
		set({ 'worktrees.base': 'release' });
		await swarm.add('A', ['ls > listed.txt']);
		await swarm.workUntilIdle();
		assert.equal(swarm.shown('listed.txt'), 'a.txt\nlisted.txt\n');
		assert.equal(swarm.shown('later.txt'), 'later\n');
		assert.equal((await swarm.runs('A'))[0]?.base_commit, base);
	});

	const failures: Record<string, { settings: Partial<Settings>; reason: RegExp }> = {
		'a command that fails': {
			settings: { 'worktrees.setup': 'echo no lockfile; exit 3' },
			reason: /set-up command \(dreamos\.worktrees\.setup\) .*ended with exit code 3.*no lockfile/su,
		},
		'a command that never ends': {
			settings: { 'worktrees.setup': 'sleep 60', 'worktrees.setupTimeoutSeconds': 0.3 },
			reason: /not done after .* \(setting dreamos\.worktrees\.setupTimeoutSeconds\)/u,
		},
		'a base that is none': {
			settings: { 'worktrees.base': 'no-such-branch' },
			reason: /dreamos\.worktrees\.base names no commit: "no-such-branch"/u,
		},
		'a copy that would become part of the change': {
			settings: { 'worktrees.copy': ['.env'], 'worktrees.base': 'HEAD' },
			reason: /dreamos\.worktrees\.copy names \.env, which git does not ignore in the worktree/u,
		},
	};
	for (const [what, { settings, reason }] of Object.entries(failures)) {
		it(`tells ${what} on its run, blocks its task, and leaves nothing behind`, async () => {
			runGit(swarm.folder, 'rm', '--quiet', '.gitignore');
			runGit(swarm.folder, 'commit', '--quiet', '--message', 'nothing is ignored');
			writeFileSync(join(swarm.folder, '.git/info/exclude'), '');
			writeFiles(swarm.folder, { '.env': 'secret\n', '.gitignore': '.env\n' });
			set(settings);
			await swarm.add('A', ['echo done > done.txt']);
			await swarm.workUntilIdle();
			const { status, block_reason: block } = await swarm.task('A');
			assert.deepEqual([status, block?.kind], ['BLOCKED', 'needs_input']);
			assert.match(block?.text ?? '', reason);
			assert.deepEqual(swarm.leftovers(), []);
		});
	}
});
