// Checks hidden commits that tell a story, on real repositories: the ignored files they carry and how these come back, what is found
// of damage, and what they take of the disk.

import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGit } from '../../../src/node/git.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import type { TestRepository } from '../../support/testRepository.ts';
import { makeRepository } from '../../support/testRepository.ts';
import { writeFiles } from '../../support/temporaryRepository.ts';

const megabyte = 1024 * 1024;

describe('hidden commits with a story', () => {
	const folders = useTemporaryFolders();
	let repository: TestRepository;
	let worktree: string;
	let base: string;
	const git = () => createGit({ workspaceFolder: repository.folder, environment: repository.environment });
	beforeEach(async () => {
		repository = makeRepository(folders.make(), folders.make(), {
			'a.txt': 'a\n',
			'.gitignore': '.env\n*.env\nout/\n*.log\nlib/\n',
		});
		base = repository.git('rev-parse', 'HEAD');
		worktree = join(folders.make(), 'worktree');
		await git().addWorktree(worktree, base);
	});

	/** A checkpoint of the worktree, and what it says is not in it. */
	async function keep(more: { readonly ignoredBytes?: number } = {}) {
		let leftOut: readonly string[] = [];
		const commit = await git().commitState(worktree, {
			base,
			ignoredBytes: more.ignoredBytes ?? megabyte,
			message: (names) => {
				leftOut = names;
				return 'story';
			},
		});
		return { commit, leftOut };
	}
	const carried = (commit: string) => {
		const parents = repository.git('rev-list', '--no-walk', '--parents', commit).split(' ');
		return parents.length < 3 ? [] : Object.keys(repository.filesAt(parents[2] ?? ''));
	};
	/** Makes the object unreadable, as a disk does. */
	const spoil = (object: string) => {
		const place = join(repository.folder, '.git', 'objects', object.slice(0, 2), object.slice(2));
		chmodSync(place, 0o600);
		const bytes = readFileSync(place);
		bytes.fill(0xff, 4, Math.min(bytes.length, 24));
		writeFileSync(place, bytes);
	};

	it('carry ignored files beside the change, never keys and never what does not fit', async () => {
		repository.write('copied.env', 'copied\n');
		assert.deepEqual((await git().copyIgnored(['*.env'], worktree)).copied, ['copied.env']);
		writeFiles(worktree, {
			'new.txt': 'new\n',
			'out/built.js': 'built\n',
			'out/.env': 'key\n',
			'.env': 'key\n',
			'run.log': 'log\n',
			'lib/big.bin': 'x'.repeat(3 * megabyte),
		});
		const { commit, leftOut } = await keep();
		assert.deepEqual(carried(commit).toSorted(), ['out/built.js', 'run.log']);
		assert.deepEqual(leftOut, ['lib/: more than 1 MB together']);
		const changed = (await git().changes(base, commit, [])).map(({ path }) => path);
		assert.deepEqual(changed, ['new.txt']);
		assert.deepEqual(carried((await keep({ ignoredBytes: 0 })).commit), []);
	});

	it('leave a repository in an ignored folder alone', async () => {
		writeFiles(worktree, { 'out/vendor/.git/HEAD': 'ref: refs/heads/main\n', 'out/vendor/a.js': 'a\n' });
		const { commit, leftOut } = await keep();
		assert.deepEqual([carried(commit), leftOut.length], [[], 1]);
	});

	it('bring ignored files back where nothing is, and only what is ignored there', async () => {
		writeFiles(worktree, { 'out/built.js': 'built\n', 'run.log': 'log\n', 'lib/x.js': 'x\n' });
		const { commit } = await keep();
		const next = join(folders.make(), 'next');
		await git().addWorktree(next, base);
		writeFiles(next, { 'run.log': 'mine\n', '.gitignore': '*.log\nout/\n' });
		const elsewhere = folders.make();
		symlinkSync(elsewhere, join(next, 'out'));
		assert.deepEqual(await git().restoreIgnored(commit, next), []);
		assert.deepEqual([readFileSync(join(next, 'run.log'), 'utf8'), readdirSync(elsewhere)], ['mine\n', []]);
		rmSync(join(next, 'out'));
		assert.deepEqual(await git().restoreIgnored(commit, next), ['out/built.js']);
		assert.equal(readFileSync(join(next, 'out/built.js'), 'utf8'), 'built\n');
		assert.equal(existsSync(join(next, 'lib/x.js')), false);
		assert.deepEqual(await git().restoreIgnored(base, next), []);
	});

	it('take no merge of a person for one that carries something', async () => {
		repository.git('checkout', '-q', '-b', 'side');
		repository.write('out/tracked.js', 'tracked\n');
		repository.git('add', '--force', 'out/tracked.js');
		repository.git('commit', '-q', '-m', 'Dream.OS: ignored files');
		repository.git('checkout', '-q', '-');
		repository.git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
		assert.deepEqual(await git().restoreIgnored(repository.git('rev-parse', 'HEAD'), worktree), []);
	});

	it('are whole, or what is wrong is told, and one that is damaged hides no other', async () => {
		writeFiles(worktree, { 'new.txt': 'content of its own\n', 'run.log': 'carried\n' });
		const { commit: whole } = await keep();
		assert.equal(await git().findDamage(whole), undefined);
		await git().setReference('refs/dreamos/checkpoints/run-a/1', whole);

		writeFiles(worktree, { 'new.txt': 'another content of its own\n', 'run.log': 'carried again\n' });
		const { commit } = await keep();
		await git().setReference('refs/dreamos/checkpoints/run-a/2', commit);
		spoil(repository.git('rev-parse', `${commit}^2:run.log`));
		assert.match((await git().findDamage(commit)) ?? '', /\w/u);

		writeFiles(worktree, { 'new.txt': 'a third content of its own\n' });
		const { commit: third } = await keep();
		await git().setReference('refs/dreamos/checkpoints/run-a/3', third);
		spoil(repository.git('rev-parse', `${third}:new.txt`));
		assert.match((await git().findDamage(third)) ?? '', /\w/u);

		spoil(commit);
		assert.match((await git().findDamage(commit)) ?? '', /\w/u);
		assert.deepEqual(
			(await git().readReferences('refs/dreamos/checkpoints/')).map(({ message }) => message?.trim()),
			['story', undefined, 'story'],
		);
		const size = await git().sizeOfCommits([whole]);
		assert.ok(size > 0);
		assert.ok((await git().sizeOfCommits([whole, commit])) >= size);
	});

	it('take as much of the disk as git says they do', async () => {
		writeFiles(worktree, { 'new.txt': 'new\n', 'deep/er/b.txt': 'b\n'.repeat(5_000), 'run.log': 'log\n' });
		const first = (await keep()).commit;
		writeFiles(worktree, { 'a.txt': 'changed\n' });
		const second = (await keep()).commit;
		const all = [first, second];
		const expected = Number(
			repository.git('rev-list', '--objects', '--disk-usage', ...all, ...all.map((each) => `^${each}^`)),
		);
		assert.equal(await git().sizeOfCommits(all), expected);
		assert.equal(await git().sizeOfCommits([]), 0);
	});
});
