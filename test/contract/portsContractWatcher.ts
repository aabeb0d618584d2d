// Owns what every Watcher must do: tell soon, of every way a file can change, and stop when told.

import assert from 'node:assert/strict';
import { mkdirSync, openSync, renameSync, rmSync, unlinkSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Disposable } from '../../src/base/event.ts';
import type { Watcher } from '../../src/core/ports.ts';
import { until } from '../support/livingProcesses.ts';
import { useTemporaryFolders } from '../support/temporaryFolder.ts';

/** Runs the contract against a watcher. How soon it tells, the bench measures. */
export function watcherContract(name: string, create: () => Watcher): void {
	describe(`${name} keeps the Watcher contract`, () => {
		const folders = useTemporaryFolders();
		const open: Disposable[] = [];
		let folder: string;
		let file: string;
		let calls: { readonly path: string; readonly at: number }[];

		beforeEach(() => {
			folder = folders.make();
			file = join(folder, 'board.json');
			writeFileSync(file, 'first');
			calls = [];
		});
		afterEach(() => open.splice(0).forEach((item) => item.dispose()));

		/** Watches, waits until the watch stands and is quiet. */
		async function watching(...paths: string[]): Promise<Disposable> {
			const watch = create().watch(paths, (path) => calls.push({ path, at: performance.now() }));
			open.push(watch);
			await until(() => paths.every((path) => calls.some((call) => call.path === path)), 'the watch to stand');
			await delay(80);
			calls = [];
			return watch;
		}

		/** Makes a change and asserts that the path was told of. */
		async function check(path: string, change: () => void): Promise<void> {
			await delay(60);
			calls = [];
			change();
			await until(() => calls.some((call) => call.path === path), `a call for ${path}`);
		}

		it('tells once that the watch stands, so that nothing is missed before it', async () => {
			const watch = create().watch([file, join(folder, 'not-yet')], (path) => calls.push({ path, at: 0 }));
			open.push(watch);
			writeFileSync(file, 'changed at once');
			await until(() => new Set(calls.map((call) => call.path)).size === 2, 'both paths');
		});

		it('tells of a write, of one of the same size, and of a replacement by rename, again and again', async () => {
			await watching(file);
			await check(file, () => writeFileSync(file, 'second'));
			await check(file, () => writeFileSync(file, 'SECOND'));
			for (let count = 0; count < 3; count++) {
				await check(file, () => {
					writeFileSync(join(folder, 'new'), `content ${count}`);
					renameSync(join(folder, 'new'), file);
				});
				await check(file, () => writeFileSync(file, `written in place ${count}`));
			}
		});

		it('tells when a file goes and when it comes back', async () => {
			await watching(file);
			await check(file, () => unlinkSync(file));
			await check(file, () => writeFileSync(file, 'back'));
			await check(file, () => writeFileSync(file, 'and changed'));
		});

		it('waits for a file in folders that do not exist yet', async () => {
			const deep = join(folder, 'a', 'b', 'c.json');
			await watching(deep);
			await check(deep, () => {
				mkdirSync(join(folder, 'a', 'b'), { recursive: true });
				writeFileSync(deep, 'here');
			});
			await check(deep, () => writeFileSync(deep, 'changed'));
			await check(deep, () => rmSync(join(folder, 'a'), { recursive: true }));
			await check(deep, () => {
				mkdirSync(join(folder, 'a', 'b'), { recursive: true });
				writeFileSync(deep, 'here again');
			});
		});

		it('tells of writes into the middle of a file', async () => {
			await watching(file);
			const handle = openSync(file, 'r+');
			await check(file, () => writeSync(handle, 'X', 0));
			await check(file, () => writeSync(handle, 'Y', 0));
			closeSync(handle);
		});

		it('tells of files inside a watched folder, at any depth', async () => {
			await watching(folder);
			const inner = join(folder, 'deep', 'inner.json');
			await check(inner, () => {
				mkdirSync(join(folder, 'deep'));
				writeFileSync(inner, '1');
			});
			await check(inner, () => writeFileSync(inner, '2'));
			await check(inner, () => unlinkSync(inner));
		});

		it('tells of the last of many fast writes', async () => {
			await watching(file);
			const handle = openSync(file, 'r+');
			let last = 0;
			for (let count = 0; count < 40; count++) {
				last = performance.now();
				writeSync(handle, String(count), 0);
				await delay(count % 7);
			}
			closeSync(handle);
			await until(() => calls.some((call) => call.at >= last), 'a call after the last write');
			assert.ok(calls.length < 40, 'every write was told of: bursts are not folded');
		});

		it('says nothing of neighbours, and nothing after it was stopped', async () => {
			const watch = await watching(file);
			writeFileSync(join(folder, 'neighbour.json'), 'x');
			await delay(150);
			assert.deepEqual(calls, []);
			watch.dispose();
			writeFileSync(file, 'unseen');
			await delay(150);
			assert.deepEqual(calls, []);
		});

		it('goes on when a listener throws', async () => {
			let count = 0;
			open.push(
				create().watch([file], () => {
					count++;
					throw new Error('listener');
				}),
			);
			await until(() => count > 0, 'the watch to stand');
			await delay(80);
			const before = count;
			writeFileSync(file, 'changed');
			await until(() => count > before, 'a call after the fault');
		});
	});
}
