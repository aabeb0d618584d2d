// Owns what every FileSystem must do: durable replacement, typed errors, nothing left behind. Folders come from the caller.

import assert from 'node:assert/strict';
import type { FileSystem } from '../../src/core/ports.ts';

export interface FileSystemBench {
	readonly files: FileSystem;
	/** A fresh empty folder. */
	folder(): string;
}

/** Runs the contract against a file system. */
export function fileSystemContract(name: string, bench: () => FileSystemBench): void {
	describe(`${name} keeps the FileSystem contract`, () => {
		let files: FileSystem;
		let folder: string;
		let path: string;

		beforeEach(() => {
			const made = bench();
			files = made.files;
			folder = made.folder();
			path = files.join(folder, 'board.json');
		});

		it('reads back what it wrote: text, bytes, nothing, replacing longer content', async () => {
			await files.writeAtomic(path, 'grüße 😀\r\n'.repeat(10_000));
			assert.equal(await files.readText(path), 'grüße 😀\r\n'.repeat(10_000));
			const bytes = Uint8Array.from({ length: 256 }, (_value, index) => index);
			await files.writeAtomic(path, bytes);
			assert.deepEqual(new Uint8Array(await files.readBytes(path)), bytes);
			await files.writeAtomic(path, '');
			assert.equal(await files.readText(path), '');
			assert.deepEqual(await files.list(folder), ['board.json']);
		});

		it('measures a folder with all below it, and takes nothing for nothing', async () => {
			await files.makeFolder(files.join(folder, 'deep/er'));
			await files.writeAtomic(files.join(folder, 'deep/er/large'), 'x'.repeat(300_000));
			const size = await files.measure(folder);
			assert.ok(size >= 300_000 && size < 400_000, `${size}`);
			assert.equal(await files.measure(files.join(folder, 'none')), 0);
		});

		it('replaces the file and never writes into it: an open reader keeps the old content', async () => {
			await files.writeAtomic(path, 'old');
			const before = await files.stat(path);
			await files.writeAtomic(path, 'new');
			assert.notEqual((await files.stat(path))?.inode, before?.inode);
		});

		it('shows a reader the old content or the new one, never a part', async () => {
			const contents = ['a', 'b', 'c'].map((letter) => letter.repeat(300_000));
			await files.writeAtomic(path, contents[0] ?? '');
			let isWriting = true;
			const writing = (async () => {
				for (let count = 0; count < 30; count++) {
					await files.writeAtomic(path, contents[count % 3] ?? '');
				}
				isWriting = false;
			})();
			let reads = 0;
			while (isWriting) {
				assert.ok(contents.includes(await files.readText(path)), 'a torn read');
				reads++;
			}
			await writing;
			assert.ok(reads > 3, 'hardly read anything: the test shows nothing');
		});

		it('takes many writers of one file: one of them wins, nothing is left', async () => {
			const texts = Array.from({ length: 20 }, (_value, index) => `writer ${index}`.repeat(1_000));
			await Promise.all(texts.map((text) => files.writeAtomic(path, text)));
			assert.ok(texts.includes(await files.readText(path)));
			assert.deepEqual(await files.list(folder), ['board.json']);
		});

		it('writes names that are awkward: spaces, quotes, other scripts, as long as a folder can hold', async () => {
			for (const name of ['a b', `"it's"`, '日本語.json', '-rf', 'n'.repeat(255), 'ü'.repeat(127)]) {
				await files.writeAtomic(files.join(folder, name), name);
				assert.equal(await files.readText(files.join(folder, name)), name);
			}
			assert.equal((await files.list(folder)).length, 6);
		});

		it('types what is missing and names the path', async () => {
			const missing = files.join(folder, 'none', 'x.json');
			for (const work of [files.readText(missing), files.readBytes(missing), files.writeAtomic(missing, 'x')]) {
				await assert.rejects(
					work,
					(error: { code?: string; details?: { path?: string }; message?: string }) => {
						assert.equal(error.code, 'file.notFound');
						assert.equal(error.details?.path, missing);
						assert.ok(error.message?.includes(missing));
						return true;
					},
				);
			}
		});

		it('types a folder in the place of a file, and leaves it alone', async () => {
			await files.makeFolder(path);
			await assert.rejects(files.writeAtomic(path, 'x'), { code: 'file.isFolder' });
			await assert.rejects(files.readText(path), { code: 'file.isFolder' });
			assert.deepEqual(await files.list(folder), ['board.json']);
		});

		it('types a file in the place of a folder', async () => {
			await files.writeAtomic(path, 'x');
			await assert.rejects(files.writeAtomic(files.join(path, 'below'), 'x'), { code: 'file.failed' });
		});

		it('appends, making the file when needed', async () => {
			await files.appendText(path, 'one\n');
			await files.appendText(path, 'two\n');
			assert.equal(await files.readText(path), 'one\ntwo\n');
		});

		it('tells size, time, folder; nothing for what is not there', async () => {
			await files.writeAtomic(path, '12345');
			const stamp = await files.stat(path);
			assert.deepEqual([stamp?.size, stamp?.isFolder, stamp?.isSymbolicLink], [5, false, false]);
			assert.ok(Math.abs((stamp?.modified ?? 0) - Date.now()) < 60_000);
			assert.equal((await files.stat(folder))?.isFolder, true);
			assert.equal(await files.stat(files.join(folder, 'none')), undefined);
			assert.equal(await files.stat(files.join(path, 'below a file')), undefined);
		});

		it('lists names, and nothing for a folder that is not there', async () => {
			await files.writeAtomic(files.join(folder, 'b'), '');
			await files.makeFolder(files.join(folder, 'a', 'deep'));
			assert.deepEqual((await files.list(folder)).sort(), ['a', 'b']);
			assert.deepEqual(await files.list(files.join(folder, 'none')), []);
		});

		it('makes a folder with its parents, also twice', async () => {
			const deep = files.join(folder, 'a', 'b', 'c');
			await files.makeFolder(deep);
			await files.makeFolder(deep);
			assert.equal((await files.stat(deep))?.isFolder, true);
			const followed = files.join(folder, 'b', 'c');
			await files.makeFollowedFolder(followed);
			await files.makeFollowedFolder(followed);
			assert.equal((await files.stat(followed))?.isFolder, true);
		});

		it('removes files and whole folders, and does not mind what is not there', async () => {
			await files.makeFolder(files.join(folder, 'a', 'b'));
			await files.writeAtomic(files.join(folder, 'a', 'b', 'c'), '');
			await files.remove(files.join(folder, 'a'));
			await files.remove(files.join(folder, 'a'));
			assert.deepEqual(await files.list(folder), []);
		});

		it('renames, replacing a file', async () => {
			await files.writeAtomic(path, 'old');
			const from = files.join(folder, 'other');
			await files.writeAtomic(from, 'new');
			await files.rename(from, path);
			assert.equal(await files.readText(path), 'new');
			assert.deepEqual(await files.list(folder), ['board.json']);
			await assert.rejects(files.rename(from, path), { code: 'file.notFound' });
		});
	});
}
