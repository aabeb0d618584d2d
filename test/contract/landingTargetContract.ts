// Owns what every place where changes land must do: one body of tests, run on plain files and in the editor.

import assert from 'node:assert/strict';
import {
	chmodSync,
	lstatSync,
	mkdirSync,
	readFileSync,
	readdirSync,
	readlinkSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isDreamError } from '../../src/base/errors.ts';
import type { LandingEntry, LandingOperation, LandingTarget } from '../../src/core/landing/landingTarget.ts';

export interface LandingFixture {
	readonly target: LandingTarget;
	/** Absolute path of the repository's top folder; empty at the beginning of a test. */
	readonly folder: string;
	/** Makes sure that what was applied is on disk, where the target holds it elsewhere first. */
	settle?(): Promise<void>;
}

const none: LandingEntry = { kind: 'none' };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export function landingTargetContract(name: string, create: () => Promise<LandingFixture>): void {
	describe(`${name} keeps the contract of a landing target:`, function () {
		let fixture: LandingFixture;
		beforeEach(async () => {
			fixture = await create();
		});

		const at = (path: string) => join(fixture.folder, path);
		const put = (path: string, content: string | Uint8Array) => {
			mkdirSync(dirname(at(path)), { recursive: true });
			writeFileSync(at(path), content);
		};
		const shown = (path: string) => readFileSync(at(path), 'utf8');
		const exists = (path: string) => lstatSync(at(path), { throwIfNoEntry: false }) !== undefined;
		const files = () =>
			readdirSync(fixture.folder, { recursive: true, encoding: 'utf8' })
				.map((path) => path.replaceAll('\\', '/'))
				.filter((path) => !path.startsWith('.git') && !path.startsWith('.vscode'))
				.toSorted();
		const apply = async (...operations: LandingOperation[]) => {
			await fixture.target.apply(operations, 'Test');
			await fixture.settle?.();
		};
		const now = (path: string) => fixture.target.read(path);
		const step = async (kind: 'create' | 'edit', path: string, content: string | Uint8Array, mode = '100644') => ({
			kind,
			path,
			content: typeof content === 'string' ? bytes(content) : content,
			mode,
			expected: await now(path),
		});
		const refusal = (code: string) => (error: unknown) => {
			assert.equal(isDreamError(error) ? error.code : error, code);
			return true;
		};

		it('reads files, links, nothing, and what stands in the way', async function () {
			put('a/b.txt', 'b\r\n');
			const found = await now('a/b.txt');
			assert.ok(found.kind === 'file' && !found.isExecutable && !found.isDirty);
			assert.deepEqual(Buffer.from(found.content).toString(), 'b\r\n');
			assert.deepEqual(await now('a/c.txt'), none);
			assert.deepEqual(await now('x/y/z'), none);
			assert.equal((await now('a')).kind, 'obstacle');
			assert.equal((await now('a/b.txt/c')).kind, 'obstacle');
			if (process.platform === 'win32') {
				return;
			}
			symlinkSync('a/b.txt', at('link'));
			symlinkSync('a', at('folder-link'));
			assert.deepEqual(await now('link'), { kind: 'link', target: 'a/b.txt' });
			assert.equal((await now('folder-link/b.txt')).kind, 'obstacle', 'a path may not lead through a link');
		});

		it('creates, edits, deletes and renames in one go', async () => {
			put('edit.txt', 'old\n');
			put('gone/too/deep.txt', 'gone\n');
			put('from.txt', 'moved\n');
			await apply(
				await step('create', 'new/folder/file.txt', 'new\n'),
				await step('edit', 'edit.txt', 'changed\n'),
				{ kind: 'delete', path: 'gone/too/deep.txt', mode: '', expected: await now('gone/too/deep.txt') },
				{
					kind: 'rename',
					path: 'to/there.txt',
					previousPath: 'from.txt',
					content: bytes('moved and changed\n'),
					mode: '100644',
					expected: await now('from.txt'),
				},
			);
			assert.deepEqual(
				files().filter((path) => path.endsWith('.txt')),
				['edit.txt', 'new/folder/file.txt', 'to/there.txt'],
			);
			assert.deepEqual(
				[shown('new/folder/file.txt'), shown('edit.txt'), shown('to/there.txt')],
				['new\n', 'changed\n', 'moved and changed\n'],
			);
		});

		it('keeps bytes as they are: CRLF, no final newline, byte order mark, binary, nothing at all', async () => {
			const contents: Record<string, Uint8Array> = {
				'crlf.txt': bytes('a\r\nb\r\n'),
				'no-newline.txt': bytes('a\nb'),
				'mark.txt': bytes('\uFEFFa\n'),
				'binary.bin': Uint8Array.from([0, 255, 254, 13, 10, 0, 128]),
				'empty.txt': new Uint8Array(),
			};
			put('crlf.txt', 'a\r\n');
			put('binary.bin', Uint8Array.from([0, 1, 2]));
			for (const [path, content] of Object.entries(contents)) {
				await apply(await step(exists(path) ? 'edit' : 'create', path, content));
				assert.deepEqual([...readFileSync(at(path))], [...content], path);
			}
		});

		it('sets and clears the executable bit and keeps the other permissions', async function () {
			if (process.platform === 'win32') {
				this.skip();
			}
			await apply(await step('create', 'run.sh', 'echo\n', '100755'));
			assert.notEqual(lstatSync(at('run.sh')).mode & 0o100, 0);
			chmodSync(at('run.sh'), 0o700);
			await apply(await step('edit', 'run.sh', 'echo 2\n', '100644'));
			assert.equal(lstatSync(at('run.sh')).mode & 0o777, 0o600);
			assert.equal(shown('run.sh'), 'echo 2\n');
		});

		it('makes and replaces links without following them', async function () {
			if (process.platform === 'win32') {
				this.skip();
			}
			put('a.txt', 'a\n');
			await apply(await step('create', 'link', 'a.txt', '120000'));
			assert.equal(readlinkSync(at('link')), 'a.txt');
			await apply(await step('edit', 'link', 'b.txt', '120000'));
			assert.equal(readlinkSync(at('link')), 'b.txt');
			await apply(await step('edit', 'link', 'a file now\n', '100644'));
			assert.ok(lstatSync(at('link')).isFile());
			assert.equal(shown('link'), 'a file now\n');
			assert.equal(shown('a.txt'), 'a\n');
		});

		it('applies nothing when one file is not what it was', async () => {
			put('first.txt', 'first\n');
			put('second.txt', 'second\n');
			const operations = [
				await step('create', 'made/here.txt', 'made\n'),
				await step('edit', 'first.txt', 'changed\n'),
				await step('edit', 'second.txt', 'changed\n'),
			];
			put('second.txt', 'saved by a person\n');
			await assert.rejects(apply(...operations), refusal('landing.changedMeanwhile'));
			await fixture.settle?.();
			assert.deepEqual([shown('first.txt'), shown('second.txt')], ['first\n', 'saved by a person\n']);
			assert.equal(exists('made'), false);
		});

		it('overwrites nothing that appeared meanwhile', async () => {
			const create = await step('create', 'a.txt', 'ours\n');
			put('a.txt', 'theirs\n');
			await assert.rejects(apply(create), refusal('landing.changedMeanwhile'));
			put('b.txt', 'b\n');
			const rename: LandingOperation = {
				kind: 'rename',
				path: 'c.txt',
				previousPath: 'b.txt',
				content: bytes('b\n'),
				mode: '100644',
				expected: await now('b.txt'),
			};
			put('c.txt', 'theirs\n');
			await assert.rejects(apply(rename), refusal('landing.changedMeanwhile'));
			assert.deepEqual([shown('a.txt'), shown('b.txt'), shown('c.txt')], ['theirs\n', 'b\n', 'theirs\n']);
		});

		it('takes names with spaces, quotes, other scripts, dashes and percent signs', async function () {
			const names = [
				'-rf',
				'a b/c d.txt',
				'ünïcode – 日本.txt',
				'100%.txt',
				'#hash.txt',
				'?.txt',
				'it\'s "quoted".txt',
				'$HOME.txt',
				'a;b&c.txt',
			];
			const usable = process.platform === 'win32' ? names.filter((path) => !/[?"]/u.test(path)) : names;
			for (const path of usable) {
				await apply(await step('create', path, `${path}\n`));
				assert.equal(shown(path), `${path}\n`);
				await apply({ kind: 'delete', path, mode: '', expected: await now(path) });
				assert.equal(exists(path), false);
			}
		});

		it('does nothing for no steps', async () => {
			await apply();
			assert.deepEqual(files(), []);
		});
	});
}
