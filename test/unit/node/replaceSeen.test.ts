// Checks that a replacement takes nothing away that somebody saves at any of its moments, and that a writer who is stopped half-way
// leaves a file that can be put back.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDreamError } from '../../../src/base/errors.ts';
import { nodeFileSystem as files } from '../../../src/node/nodeFileSystem.ts';
import { watchSteps } from '../../support/fileSteps.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

(process.platform === 'win32' ? describe.skip : describe)('replacing a file that others save, too', () => {
	const folders = useTemporaryFolders();
	let path: string;
	beforeEach(() => {
		path = join(folders.make(), 'board.json');
	});
	const always = () => Promise.resolve(true);
	const text = () => readFileSync(path, 'utf8');
	const saveByRename = () => {
		writeFileSync(`${path}~`, 'saved');
		renameSync(`${path}~`, path);
	};
	const saveInPlace = () => writeFileSync(path, 'saved');

	/** Replaces the file while something happens before one of the steps; tells how many steps there were. */
	const replace = async (at: number, happens: () => void, othersSave = true): Promise<number> => {
		let steps = 0;
		const stop = watchSteps((count) => {
			steps = count;
			if (count === at) {
				happens();
			}
		});
		try {
			await files.writeAtomic(path, 'new', always, { othersSave });
		} catch (error) {
			assert.ok(isDreamError(error) && error.code === 'file.changed', String(error));
		} finally {
			stop();
		}
		return steps;
	};

	for (const [way, save] of [
		['by renaming', saveByRename],
		['in place', saveInPlace],
	] as const) {
		it(`lets stand what is saved ${way} at whichever moment`, async () => {
			writeFileSync(path, 'old');
			const steps = await replace(0, () => undefined);
			assert.ok(steps >= 6, String(steps));
			for (let at = 1; at <= steps; at += 1) {
				writeFileSync(path, 'old');
				await replace(at, save);
				assert.equal(text(), 'saved', `before step ${at}`);
				assert.deepEqual(readdirSync(join(path, '..')), ['board.json']);
			}
		});

		it(`lets stand what is saved ${way} where there was no file`, async () => {
			const steps = await replace(0, () => undefined);
			assert.ok(steps >= 3, String(steps));
			for (let at = 1; at <= steps; at += 1) {
				rmSync(path, { force: true });
				await replace(at, save);
				assert.equal(text(), 'saved', `before step ${at}`);
			}
		});
	}

	it('would lose it with a mere rename, which replaces whatever it finds', async () => {
		const left: string[] = [];
		for (let at = 1; at <= 2; at += 1) {
			writeFileSync(path, 'old');
			await replace(at, saveByRename, false);
			left.push(text());
		}
		assert.deepEqual(left, ['saved', 'new']);
	});

	it('puts the file back over which a writer was stopped, or has replaced it', async () => {
		const steps = await replace(0, () => undefined);
		for (let at = 1; at <= steps; at += 1) {
			writeFileSync(path, 'old');
			const stopped = new Error('stopped');
			// From that step on nothing is done any more.
			const stop = watchSteps((count) => {
				if (count >= at) {
					throw stopped;
				}
			});
			await files.writeAtomic(path, 'new', always, { othersSave: true }).catch(() => undefined);
			stop();
			const isGone = (await files.stat(path)) === undefined;
			assert.equal(await files.putBack(path), isGone, `before step ${at}`);
			assert.match(text(), isGone ? /^old$/u : /^(?:old|new)$/u);
		}
	});

	it('leaves what was saved where a writer was stopped', async () => {
		writeFileSync(path, 'old');
		const stop = watchSteps((_count, step) => {
			if (step === 'linkSync' || step === 'rmSync') {
				throw new Error('stopped');
			}
		});
		await files.writeAtomic(path, 'new', always, { othersSave: true }).catch(() => undefined);
		stop();
		const aside = readdirSync(join(path, '..')).filter((name) => name.startsWith('.board.json.old.'));
		writeFileSync(path, 'saved');
		assert.equal(await files.putBack(path), false);
		assert.equal(text(), 'saved');
		assert.deepEqual([aside.length, readdirSync(join(path, '..'))], [1, ['board.json']]);
	});

	it('replaces a file also where the file system knows no links', async () => {
		writeFileSync(path, 'old');
		const stop = watchSteps((_count, step) => {
			if (step === 'linkSync') {
				throw Object.assign(new Error('EPERM: planted'), { code: 'EPERM' });
			}
		});
		try {
			await files.writeAtomic(path, 'new', always, { othersSave: true });
		} finally {
			stop();
		}
		assert.equal(text(), 'new');
		assert.deepEqual(readdirSync(join(path, '..')), ['board.json']);
	});
});
