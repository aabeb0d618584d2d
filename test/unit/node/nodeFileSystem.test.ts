// Runs the FileSystem contract on a real disk, and what only Unix has: modes, links, owners, full disks.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
	chmodSync,
	chownSync,
	linkSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { isDreamError } from '../../../src/base/errors.ts';
import { nodeFileSystem as files } from '../../../src/node/nodeFileSystem.ts';
import { fileSystemContract } from '../../contract/portsContractFileSystem.ts';
import { asOrdinaryPerson } from '../../support/ordinaryPerson.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

const isWindows = process.platform === 'win32';
const isRoot = process.getuid?.() === 0;

describe('nodeFileSystem', () => {
	const folders = useTemporaryFolders();
	fileSystemContract('nodeFileSystem', () => ({ files, folder: () => folders.make() }));

	(isWindows ? describe.skip : describe)('on Unix', () => {
		let folder: string;
		let path: string;
		beforeEach(() => {
			folder = folders.make();
			path = join(folder, 'board.json');
		});

		it("keeps the old file's mode, and gives a fresh file what the person's mask says", async () => {
			writeFileSync(path, 'old');
			chmodSync(path, 0o640);
			await files.writeAtomic(path, 'new');
			assert.equal(statSync(path).mode & 0o7777, 0o640);
			chmodSync(path, 0o755);
			await files.writeAtomic(path, 'new');
			assert.equal(statSync(path).mode & 0o7777, 0o755);
			const fresh = join(folder, 'fresh');
			await files.writeAtomic(fresh, 'x');
			assert.equal(statSync(fresh).mode & 0o7777, 0o666 & ~currentMask());
		});

		it('writes through a link to the real file, also in another folder and over two links', async () => {
			mkdirSync(join(folder, 'real'));
			writeFileSync(join(folder, 'real', 'target'), 'old');
			symlinkSync('real/target', join(folder, 'middle'));
			symlinkSync('middle', path);
			await files.writeAtomic(path, 'new');
			assert.equal(readFileSync(join(folder, 'real', 'target'), 'utf8'), 'new');
			assert.equal(readlinkSync(path), 'middle');
			assert.equal(readlinkSync(join(folder, 'middle')), 'real/target');
			assert.deepEqual(readdirSync(join(folder, 'real')), ['target']);
		});

		it('makes the file a dangling link points to', async () => {
			symlinkSync('not-yet', path);
			await files.writeAtomic(path, 'new');
			assert.ok(lstatSync(path).isSymbolicLink());
			assert.equal(readFileSync(join(folder, 'not-yet'), 'utf8'), 'new');
		});

		it('refuses links in a circle', async () => {
			symlinkSync('board.json', path);
			await assert.rejects(
				files.writeAtomic(path, 'x'),
				(error) => isDreamError(error) && error.code.startsWith('file.'),
			);
		});

		it('tells a link, with the stamp of its target', async () => {
			writeFileSync(join(folder, 'target'), '123');
			symlinkSync('target', path);
			const stamp = await files.stat(path);
			assert.deepEqual([stamp?.isSymbolicLink, stamp?.size], [true, 3]);
		});

		it('removes a link to a folder and not what is in it', async () => {
			mkdirSync(join(folder, 'real'));
			writeFileSync(join(folder, 'real', 'kept'), '');
			symlinkSync('real', path);
			await files.remove(path);
			assert.deepEqual(readdirSync(folder), ['real']);
			assert.deepEqual(readdirSync(join(folder, 'real')), ['kept']);
		});

		it('leaves the old content when the folder may not be written', async () => {
			writeFileSync(path, 'old', { mode: 0o666 });
			chmodSync(path, 0o666);
			await asOrdinaryPerson(folder, async () => {
				chmodSync(folder, 0o555);
				await assert.rejects(files.writeAtomic(path, 'new'), { code: 'file.readOnly' });
				await assert.rejects(files.makeFolder(join(folder, 'x')), { code: 'file.readOnly' });
				chmodSync(folder, 0o755);
			});
			assert.equal(readFileSync(path, 'utf8'), 'old');
			assert.deepEqual(readdirSync(folder), ['board.json']);
		});

		it('does not replace a file that is changed after it was confirmed', async () => {
			writeFileSync(path, 'old');
			const late = async (): Promise<boolean> => {
				writeFileSync(path, 'typed late');
				return true;
			};
			await assert.rejects(files.writeAtomic(path, 'new', late), { code: 'file.changed' });
			assert.equal(readFileSync(path, 'utf8'), 'typed late');
			rmSync(path);
			await assert.rejects(files.writeAtomic(path, 'new', late), { code: 'file.changed' });
			assert.equal(readFileSync(path, 'utf8'), 'typed late');
		});

		it('does not replace a file that was made read-only', async () => {
			writeFileSync(path, 'old');
			chmodSync(path, 0o444);
			await asOrdinaryPerson(folder, () =>
				assert.rejects(files.writeAtomic(path, 'new'), { code: 'file.readOnly' }),
			);
			assert.equal(readFileSync(path, 'utf8'), 'old');
		});

		it('types what may not be read', async () => {
			writeFileSync(path, 'secret');
			chmodSync(path, 0);
			await asOrdinaryPerson(folder, () => assert.rejects(files.readText(path), { code: 'file.unreadable' }));
		});

		(isRoot ? it : it.skip)('leaves the file with its owner when root writes it', async () => {
			writeFileSync(path, 'old');
			chownSync(path, 65_534, 65_534);
			await files.writeAtomic(path, 'new');
			assert.deepEqual([statSync(path).uid, statSync(path).gid], [65_534, 65_534]);
		});

		(isRoot ? it : it.skip)('keeps the old content on a full disk and tidies up', async function () {
			const disk = mountOrSkip(this, folder, 'size=64k');
			try {
				const board = join(disk, 'board.json');
				await files.writeAtomic(board, 'old');
				await assert.rejects(files.writeAtomic(board, 'x'.repeat(200_000)), (error) => {
					assert.ok(isDreamError(error, 'file.full'));
					assert.ok(error.advice?.includes('Free some space'));
					assert.deepEqual(error.details['path'], board);
					return true;
				});
				assert.equal(readFileSync(board, 'utf8'), 'old');
				assert.deepEqual(readdirSync(disk), ['board.json']);
				await assert.rejects(files.appendText(board, 'x'.repeat(200_000)), { code: 'file.full' });
			} finally {
				execFileSync('sh', ['-c', 'umount "$0"', disk]);
			}
		});

		(isRoot ? it : it.skip)('types a disk that is mounted read-only', async function () {
			const disk = mountOrSkip(this, folder, 'size=64k');
			try {
				writeFileSync(join(disk, 'board.json'), 'old');
				execFileSync('sh', ['-c', 'mount -o remount,ro "$0"', disk]);
				await assert.rejects(files.writeAtomic(join(disk, 'board.json'), 'new'), { code: 'file.readOnly' });
				await assert.rejects(files.remove(join(disk, 'board.json')), { code: 'file.readOnly' });
			} finally {
				execFileSync('sh', ['-c', 'umount "$0"', disk]);
			}
		});

		(process.platform === 'linux' ? it : it.skip)(
			'makes the content durable before it takes its place, and the place durable after',
			async () => {
				writeFileSync(path, 'old');
				const handle = await open(folder, 'r');
				const prototype = Object.getPrototypeOf(handle) as { sync: () => Promise<void> };
				await handle.close();
				const { sync } = prototype;
				const synced: { readonly what: string; readonly content: string }[] = [];
				prototype.sync = async function (this: { readonly fd: number }) {
					const what = readlinkSync(`/proc/self/fd/${this.fd}`);
					synced.push({ what: what === folder ? 'folder' : what, content: readFileSync(path, 'utf8') });
					await sync.call(this);
				};
				try {
					await files.writeAtomic(path, 'new');
				} finally {
					prototype.sync = sync;
				}
				assert.equal(synced.length, 2);
				assert.match(synced[0]?.what ?? '', /\.board\.json\.\w+\.tmp$/u);
				assert.equal(synced[0]?.content, 'old');
				assert.deepEqual(synced[1], { what: 'folder', content: 'new' });
			},
		);

		it('sweeps what a killed writer left long ago, and nothing else', async () => {
			const old = new Date(Date.now() - 3_600_000);
			const [abandoned, young, foreign] = [
				'.board.json.abcdefghjk.tmp',
				'.board.json.0123456789.tmp',
				'.mine.tmp',
			];
			for (const name of [abandoned, young, foreign]) {
				writeFileSync(join(folder, name), '');
			}
			utimesSync(join(folder, abandoned), old, old);
			utimesSync(join(folder, foreign), old, old);
			await files.writeAtomic(path, 'x');
			assert.deepEqual(readdirSync(folder).sort(), [young, foreign, 'board.json'].sort());
		});

		it('gives a hard link its own content from then on', async () => {
			writeFileSync(path, 'old');
			linkSync(path, join(folder, 'other'));
			await files.writeAtomic(path, 'new');
			assert.equal(readFileSync(join(folder, 'other'), 'utf8'), 'old');
		});
	});
});

function currentMask(): number {
	return Number.parseInt(execFileSync('sh', ['-c', 'umask'], { encoding: 'utf8' }), 8);
}

/** A small disk of its own, in memory; skips the test where the system does not let us. */
function mountOrSkip(test: Mocha.Context, folder: string, options: string): string {
	const disk = join(folder, 'disk');
	mkdirSync(disk);
	try {
		execFileSync('sh', ['-c', `mount -t tmpfs -o ${options} tmpfs "$0"`, disk], { stdio: 'ignore' });
	} catch {
		test.skip();
	}
	return disk;
}
