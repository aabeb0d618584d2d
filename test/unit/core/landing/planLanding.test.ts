// Checks how a change is planned against a workspace that moved on, with a real repository: what lands, what merges, what conflicts.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { excludedPaths } from '../../../../src/core/landing/landingPath.ts';
import type { LandingPlan } from '../../../../src/core/landing/planLanding.ts';
import { describeConflicts, planLanding } from '../../../../src/core/landing/planLanding.ts';
import { createFileLandingTarget } from '../../../../src/node/fileLandingTarget.ts';
import { createGit } from '../../../../src/node/git.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { makeRepository, writeFiles } from '../../../support/temporaryRepository.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;
const lines = (...words: string[]) => `${words.join('\n')}\n`;
const base = lines('one', 'two', 'three', 'four', 'five', 'six', 'seven');

describe('planLanding', function () {
	const folders = useTemporaryFolders();

	/** Plans the change an agent makes in its worktree of `files`, after a person did something else in the workspace. */
	async function plan(
		files: Files,
		agent: (worktree: string) => void,
		person: (folder: string) => void = () => undefined,
	) {
		const root = folders.make();
		const [folder, worktree] = [join(root, 'repository'), join(root, 'tree')];
		mkdirSync(folder);
		makeRepository(folder, files);
		const git = createGit({ workspaceFolder: folder });
		const start = await git.snapshot('base', excludedPaths);
		await git.addWorktree(worktree, start);
		agent(worktree);
		const result = await git.commitWorktree(worktree, start, 'result');
		const changes = await git.changes(start, result, excludedPaths);
		person(folder);
		const target = createFileLandingTarget({ topFolder: folder, stagingFolder: join(root, 'staging') });
		const facts = { changes, base: start, result, bounds: { workspacePath: '' } };
		const first = await planLanding(git, target, facts);
		const again = async () => {
			await target.apply(first.operations, 'Test');
			return planLanding(git, target, facts);
		};
		return { plan: first, again };
	}

	const summary = ({ operations, conflicts }: LandingPlan) => [
		...operations.map(({ kind, path, previousPath, content }) =>
			[
				kind,
				...(previousPath === undefined ? [] : [previousPath]),
				path,
				...(content === undefined ? [] : [Buffer.from(content).toString()]),
			].join(' '),
		),
		...conflicts.map((conflict) => `CONFLICT ${describeConflicts([conflict])}`),
	];
	/** The plan, and that planning again after applying finds nothing left to do. */
	const check = async (expected: readonly string[], ...parts: Parameters<typeof plan>) => {
		const { plan: first, again } = await plan(...parts);
		assert.deepEqual(summary(first), expected);
		if (first.conflicts.length === 0) {
			assert.deepEqual(summary(await again()), [], 'done twice it is the same');
		}
	};
	const write = (files: Files) => (folder: string) => writeFiles(folder, files);
	const remove = (path: string) => (folder: string) => rmSync(join(folder, path));

	it('takes the change as it is when nobody touched its files', () =>
		check(
			['delete gone.txt', 'edit a.txt A\n', 'create b/c.txt C\n', `rename old.txt new.txt ${base}`],
			{ 'a.txt': 'a\n', 'old.txt': base, 'gone.txt': 'gone\n' },
			(tree) => {
				writeFiles(tree, { 'a.txt': 'A\n', 'b/c.txt': 'C\n' });
				renameSync(join(tree, 'old.txt'), join(tree, 'new.txt'));
				rmSync(join(tree, 'gone.txt'));
			},
		));

	it('merges edits of both sides in different places', () =>
		check(
			[`edit a.txt ${base.replace('two', 'TWO').replace('six', 'SIX')}`],
			{ 'a.txt': base },
			write({ 'a.txt': base.replace('two', 'TWO') }),
			write({ 'a.txt': base.replace('six', 'SIX') }),
		));

	it('has nothing to do where both did the same', () =>
		check(
			[],
			{ 'a.txt': base, 'b.txt': 'b\n' },
			(tree) => {
				writeFiles(tree, { 'a.txt': 'same\n', 'c.txt': 'c\n' });
				rmSync(join(tree, 'b.txt'));
			},
			(folder) => {
				writeFiles(folder, { 'a.txt': 'same\n', 'c.txt': 'c\n' });
				rmSync(join(folder, 'b.txt'));
			},
		));

	it('refuses the same lines changed differently, and then everything else too', () =>
		check(
			['CONFLICT a.txt was changed on both sides in one place (line 2)'],
			{ 'a.txt': base, 'b.txt': 'b\n' },
			write({ 'a.txt': base.replace('two', 'AGENT'), 'b.txt': 'B\n' }),
			write({ 'a.txt': base.replace('two', 'PERSON') }),
		));

	it('refuses edit against delete, both ways, and two different new files', async () => {
		await check(
			['CONFLICT a.txt was edited by the agent and deleted here'],
			{ 'a.txt': 'a\n' },
			write({ 'a.txt': 'A\n' }),
			remove('a.txt'),
		);
		await check(
			['CONFLICT a.txt was deleted by the agent and changed here'],
			{ 'a.txt': 'a\n' },
			remove('a.txt'),
			write({ 'a.txt': 'A\n' }),
		);
		await check(
			['CONFLICT n.txt was created by the agent and, differently, here'],
			{},
			write({ 'n.txt': 'A\n' }),
			write({ 'n.txt': 'B\n' }),
		);
	});

	it('refuses binary files changed on both sides, takes those changed on one', async () => {
		const bytes = (last: number) => Uint8Array.from([0, 1, 2, last]);
		await check(
			['CONFLICT a.bin was changed on both sides and is not text that can be merged'],
			{ 'a.bin': bytes(0) },
			write({ 'a.bin': bytes(1) }),
			write({ 'a.bin': bytes(2) }),
		);
		await check(
			[`edit a.bin ${Buffer.from(bytes(1)).toString()}`],
			{ 'a.bin': bytes(0) },
			write({ 'a.bin': bytes(1) }),
		);
	});

	it('follows a rename into edits made here', async () => {
		const move = (tree: string) => {
			renameSync(join(tree, 'a.txt'), join(tree, 'moved.txt'));
			writeFiles(tree, { 'moved.txt': base.replace('two', 'TWO') });
		};
		const merged = base.replace('two', 'TWO').replace('six', 'SIX');
		await check(
			[`rename a.txt moved.txt ${merged}`],
			{ 'a.txt': base },
			move,
			write({ 'a.txt': base.replace('six', 'SIX') }),
		);
		await check(
			['CONFLICT a.txt was renamed by the agent to moved.txt and deleted here'],
			{ 'a.txt': base },
			move,
			remove('a.txt'),
		);
		await check(
			['CONFLICT moved.txt exists here; the agent renamed a.txt to it'],
			{ 'a.txt': base },
			move,
			write({ 'moved.txt': 'x\n' }),
		);
	});

	it('takes other line ends here for no change, and keeps them', async () => {
		const windows = (text: string) => text.replaceAll('\n', '\r\n');
		await check(
			[`edit a.txt ${windows(base.replace('two', 'TWO').replace('six', 'SIX'))}`],
			{ 'a.txt': base },
			write({ 'a.txt': base.replace('two', 'TWO') }),
			write({ 'a.txt': windows(base.replace('six', 'SIX')) }),
		);
		await check([`edit a.txt ${windows('A\n')}`], { 'a.txt': windows('a\n') }, write({ 'a.txt': windows('A\n') }));
	});

	it('lands executable bits and links, and refuses links that lead outside', async function () {
		if (process.platform === 'win32') {
			this.skip();
		}
		await check(['edit a.sh a\n'], { 'a.sh': 'a\n' }, (tree) => chmodSync(join(tree, 'a.sh'), 0o755));
		await check(['create link a.sh'], { 'a.sh': 'a\n' }, (tree) => symlinkSync('a.sh', join(tree, 'link')));
		for (const target of ['/etc/passwd', '../../etc/passwd', '.git/config']) {
			await check(['CONFLICT link is a link to a place outside the repository'], {}, (tree) =>
				symlinkSync(target, join(tree, 'link')),
			);
		}
	});

	it('refuses paths that lead through a link or a file here', async function () {
		if (process.platform === 'win32') {
			this.skip();
		}
		const outside = folders.make();
		await check(['CONFLICT d/a.txt leads through the link d'], {}, write({ 'd/a.txt': 'a\n' }), (folder) =>
			symlinkSync(outside, join(folder, 'd')),
		);
		await check(
			['CONFLICT d/a.txt cannot exist beside the file d'],
			{},
			write({ 'd/a.txt': 'a\n' }),
			write({ d: 'file\n' }),
		);
		await check(['CONFLICT d is a folder here'], {}, write({ d: 'file\n' }), write({ 'd/a.txt': 'a\n' }));
	});

	it('renames where only the case differs, also on a disk that takes both names for one file', async () => {
		const file = { kind: 'file', content: Buffer.from(base), isExecutable: false, isDirty: false } as const;
		const planned = async (identity: (path: string) => string) =>
			planLanding(
				{ fileAt: async () => Buffer.from(base), mergeText: async () => ({ text: '', conflicts: 0 }) },
				{ read: async (path) => ({ ...file, identity: identity(path) }) },
				{
					changes: [
						{
							path: 'README.md',
							previousPath: 'readme.md',
							kind: 'renamed',
							isBinary: false,
							mode: '100644',
							previousMode: '100644',
						},
					],
					base: '',
					result: '',
					bounds: { workspacePath: '' },
				},
			);
		assert.deepEqual(summary(await planned(() => 'one')), [`rename readme.md README.md ${base}`]);
		assert.deepEqual(summary(await planned((path) => path)), ['delete readme.md']);
	});

	it("refuses git's own files and ours, however a result came by them", async () => {
		const change = (path: string) => ({
			path,
			kind: 'created' as const,
			isBinary: false,
			mode: '100644',
			previousMode: '',
		});
		const git = { fileAt: async () => new Uint8Array(), mergeText: async () => ({ text: '', conflicts: 0 }) };
		const target = { read: async () => ({ kind: 'none' }) as const };
		const refused = async (path: string, workspacePath = '') => {
			const planned = await planLanding(git, target, {
				changes: [change(path)],
				base: '',
				result: '',
				bounds: { workspacePath },
			});
			return planned.conflicts.length === 1;
		};
		for (const path of [
			'.git/config',
			'sub/.GIT/hooks/pre-commit',
			'../x',
			'/etc/x',
			'a//b',
			'runtime/agents.json',
			'Runtime/x',
			'C:/x',
			'',
		]) {
			assert.equal(await refused(path), true, path);
		}
		assert.equal(await refused('app/runtime/x', 'app'), true);
		assert.equal(await refused('runtime/x', 'app'), false);
		assert.equal(await refused('.github/workflows/x.yml'), false);
	});
});
