// Owns what every Git must do when it reads what changed between commits, and files of a commit.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChangedFile, Git } from '../../src/core/ports.ts';
import { useTemporaryFolders } from '../support/temporaryFolder.ts';
import type { TestRepository } from '../support/testRepository.ts';
import { makeRepository } from '../support/testRepository.ts';
import type { CreateGit } from './portsContractGitSnapshot.ts';
import { hostileNames } from './portsContractGitSnapshot.ts';

/** Runs the contract of `changes` and `fileAt`. */
export function gitChangesContract(name: string, create: CreateGit): void {
	describe(`${name} keeps the Git contract: changes and fileAt`, function () {
		const folders = useTemporaryFolders();
		let repository: TestRepository;
		let git: Git;

		const open = (files: Record<string, string> = { a: 'one\n' }) => {
			repository = makeRepository(join(folders.make(), 'repo'), folders.make(), files);
			git = create(repository.folder, repository.environment);
		};
		beforeEach(() => open());
		const head = () => repository.git('rev-parse', 'HEAD');

		describe('changes', () => {
			const changesOf = async (
				work: () => void,
				excluded: readonly string[] = [],
			): Promise<readonly ChangedFile[]> => {
				const base = head();
				work();
				return await git.changes(base, repository.commit(), excluded);
			};

			it('tells created, edited, deleted, renamed, modes and binaries', async () => {
				open({
					edited: 'one\n',
					gone: 'x\n',
					from: 'a long enough text\nto be found again\n'.repeat(5),
					'run.sh': '#!\n',
				});
				const changes = await changesOf(() => {
					repository.write('edited', 'two\n');
					repository.remove('gone');
					repository.git('mv', 'from', 'to');
					repository.write('to', `${'a long enough text\nto be found again\n'.repeat(5)}more\n`);
					repository.write('picture', Uint8Array.from([0, 1, 2]));
					chmodSync(join(repository.folder, 'run.sh'), 0o755);
					symlinkSync('edited', join(repository.folder, 'link'));
					repository.write('empty', '');
				});
				assert.deepEqual(changes, [
					{ path: 'edited', kind: 'edited', isBinary: false, mode: '100644', previousMode: '100644' },
					{ path: 'empty', kind: 'created', isBinary: false, mode: '100644', previousMode: '' },
					{ path: 'gone', kind: 'deleted', isBinary: false, mode: '', previousMode: '100644' },
					{ path: 'link', kind: 'created', isBinary: false, mode: '120000', previousMode: '' },
					{ path: 'picture', kind: 'created', isBinary: true, mode: '100644', previousMode: '' },
					{ path: 'run.sh', kind: 'edited', isBinary: false, mode: '100755', previousMode: '100644' },
					{
						path: 'to',
						kind: 'renamed',
						previousPath: 'from',
						isBinary: false,
						mode: '100644',
						previousMode: '100644',
					},
				]);
			});

			it('gets hostile names right, also of renamed binaries', async () => {
				const bytes = (path: string) => Uint8Array.from([0, ...Buffer.from(path.repeat(50))]);
				hostileNames.forEach((path) => repository.write(path, bytes(path)));
				repository.commit();
				const changes = await changesOf(() => {
					for (const path of hostileNames) {
						repository.remove(path);
						repository.write(`moved ${path}`, bytes(path));
					}
				});
				assert.deepEqual(
					[...changes].sort((left, right) => (left.path < right.path ? -1 : 1)),
					hostileNames
						.map((path) => ({
							path: `moved ${path}`,
							kind: 'renamed',
							previousPath: path,
							isBinary: true,
							mode: '100644',
							previousMode: '100644',
						}))
						.sort((left, right) => (left.path < right.path ? -1 : 1)),
				);
			});

			it('leaves excluded parts out, and is empty for equal commits', async () => {
				const changes = await changesOf(() => {
					repository.write('runtime/x', 'x');
					repository.write('runtime2/x', 'x2');
					repository.write('deep/runtime/x', 'x3');
				}, ['runtime']);
				assert.deepEqual(
					changes.map(({ path }) => path),
					['deep/runtime/x', 'runtime2/x'],
				);
				assert.deepEqual(await git.changes(head(), head(), []), []);
			});

			it('counts excluded parts from a workspace below the top, and paths from the top', async () => {
				mkdirSync(join(repository.folder, 'app'));
				git = create(join(repository.folder, 'app'), repository.environment);
				const changes = await changesOf(() => {
					repository.write('app/runtime/x', 'x');
					repository.write('app/code', 'code');
					repository.write('runtime/x', 'top');
				}, ['runtime']);
				assert.deepEqual(
					changes.map(({ path }) => path),
					['app/code', 'runtime/x'],
				);
			});

			it('leaves submodule pointers out', async () => {
				const library = makeRepository(join(folders.make(), 'library'), folders.make(), { lib: '1\n' });
				const changes = await changesOf(
					() => void repository.git('submodule', '--quiet', 'add', library.folder, 'sub'),
				);
				assert.deepEqual(
					changes.map(({ path }) => path),
					['.gitmodules'],
				);
			});

			it('is not changed by how the person likes diffs', async () => {
				repository.git('config', 'diff.external', 'false');
				repository.git('config', 'diff.renames', 'false');
				repository.git('config', 'diff.noprefix', 'true');
				repository.git('config', 'core.quotePath', 'true');
				repository.git('config', 'color.ui', 'always');
				repository.write('.gitattributes', '* diff=shout\n');
				repository.git('config', 'diff.shout.textconv', 'false');
				const changes = await changesOf(() => void repository.git('mv', 'a', 'ü'));
				assert.deepEqual(
					changes.map(({ path, previousPath }) => [path, previousPath]),
					[
						['.gitattributes', undefined],
						['ü', 'a'],
					],
				);
			});

			it('refuses a name that is no text instead of landing it wrongly', async function () {
				if (process.platform !== 'linux') {
					this.skip();
				}
				const base = head();
				writeFileSync(Buffer.concat([Buffer.from(`${repository.folder}/bad-`), Buffer.from([0xff])]), 'x');
				await assert.rejects(git.changes(base, repository.commit(), []), { code: 'git.fileName' });
			});

			it('types a commit that is not there, and refuses what is no commit', async () => {
				await assert.rejects(git.changes(head(), 'e'.repeat(40), []), { code: 'git.unknownCommit' });
				await assert.rejects(git.changes('--output=x', head(), []), { code: 'git.unknownCommit' });
			});
		});

		describe('fileAt', () => {
			it('gives bytes as they are, by any name; nothing for what is no file', async () => {
				const bytes = Uint8Array.from({ length: 70_000 }, (_value, index) => index % 256);
				repository.write('deep/bytes', bytes);
				hostileNames.forEach((path) => repository.write(path, path));
				repository.write('empty', '');
				symlinkSync('a', join(repository.folder, 'link'));
				const commit = repository.commit();
				assert.deepEqual(new Uint8Array((await git.fileAt(commit, 'deep/bytes')) ?? []), bytes);
				for (const path of hostileNames) {
					assert.equal(Buffer.from((await git.fileAt(commit, path)) ?? []).toString(), path);
				}
				assert.equal((await git.fileAt(commit, 'empty'))?.length, 0);
				assert.equal(Buffer.from((await git.fileAt(commit, 'link')) ?? []).toString(), 'a');
				for (const nothing of ['none', 'deep', 'deep/', 'a/below', 'DEEP/bytes']) {
					assert.equal(await git.fileAt(commit, nothing), undefined, nothing);
				}
				await assert.rejects(git.fileAt('e'.repeat(40), 'a'), { code: 'git.unknownCommit' });
			});

			it('gives the same for many that are asked for at once', async () => {
				const bytes = Uint8Array.from({ length: 70_000 }, (_value, index) => index % 256);
				const many = Array.from({ length: 120 }, (_value, index) => `many/${index}`);
				[...hostileNames, ...many].forEach((path) => repository.write(path, path));
				repository.write('deep/bytes', bytes);
				repository.write('empty', '');
				repository.write('.gitattributes', 'x.txt text eol=crlf\n');
				repository.write('x.txt', 'one\r\ntwo\r\n');
				symlinkSync('x.txt', join(repository.folder, 'link'));
				const commit = repository.commit();
				const read = (paths: readonly string[]) =>
					Promise.all(paths.map(async (path) => (await git.fileAt(commit, path)) ?? 'nothing'));
				const texts = async (paths: readonly string[]) =>
					(await read(paths)).map((content) => Buffer.from(content).toString());
				const names = [...hostileNames, ...many, ...hostileNames];
				assert.deepEqual(await texts(names), names);
				assert.deepEqual(
					await texts(['x.txt', 'deep', 'empty', 'link', 'deep/', 'many/7', 'none', 'a/below']),
					['one\r\ntwo\r\n', 'nothing', '', 'x.txt', 'nothing', 'many/7', 'nothing', 'nothing'],
				);
				assert.deepEqual(
					(await read(['empty', 'deep/bytes', 'deep/bytes'])).map((content) => Buffer.from(content)),
					[Buffer.alloc(0), Buffer.from(bytes), Buffer.from(bytes)],
				);
			});

			it('fails for the one of many that cannot be read, and for that alone', async () => {
				repository.write('.gitattributes', 'bad filter=broken\n');
				repository.write('bad', 'bad\n');
				repository.write('good', 'good\n');
				const commit = repository.commit();
				repository.git('config', 'filter.broken.smudge', 'false');
				repository.git('config', 'filter.broken.required', 'true');
				const [good, bad, other] = await Promise.allSettled([
					git.fileAt(commit, 'good'),
					git.fileAt(commit, 'bad'),
					git.fileAt('e'.repeat(40), 'good'),
				]);
				assert.equal(good.status === 'fulfilled' && Buffer.from(good.value ?? []).toString(), 'good\n');
				assert.equal(bad.status === 'rejected' && Reflect.get(bad.reason, 'code'), 'git.filterFailed');
				assert.equal(other.status === 'rejected' && Reflect.get(other.reason, 'code'), 'git.unknownCommit');
			});

			it('gives the line ends a checkout would have', async () => {
				repository.write('.gitattributes', 'x.txt text eol=crlf\n');
				repository.write('x.txt', 'one\r\ntwo\r\n');
				const commit = repository.commit();
				assert.equal(repository.filesAt(commit)['x.txt'], 'one\ntwo\n');
				assert.equal(Buffer.from((await git.fileAt(commit, 'x.txt')) ?? []).toString(), 'one\r\ntwo\r\n');
			});
		});
	});
}
