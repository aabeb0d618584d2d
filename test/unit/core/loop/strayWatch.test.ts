// Checks what counts as changed outside of a worktree: stamps before and after, files that come and go, and what landed meanwhile.

import assert from 'node:assert/strict';
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StrayWatch } from '../../../../src/core/loop/strayWatch.ts';
import { createGit } from '../../../../src/node/git.ts';
import { nodeFileSystem } from '../../../../src/node/nodeFileSystem.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { makeRepository } from '../../../support/temporaryRepository.ts';

describe('The watch over an agent that nothing contains', () => {
	const folders = useTemporaryFolders();
	let folder: string;
	const place = (name: string) => join(folder, name);
	const landed: string[] = [];
	const begin = () =>
		StrayWatch.begin({
			git: createGit({ workspaceFolder: folder }),
			files: nodeFileSystem,
			now: Date.now,
			ignored: [place('runtime')],
			landed: async () => landed,
		});
	/** Written long ago, so that only what changes after the beginning looks new. */
	const old = (name: string, text: string) => {
		writeFileSync(place(name), text);
		utimesSync(place(name), 1_000_000, 1_000_000);
	};
	beforeEach(() => {
		folder = folders.make();
		landed.length = 0;
		makeRepository(folder, { a: 'a\n', b: 'b\n', c: 'c\n' });
		mkdirSync(place('runtime'));
		['a', 'b', 'c'].forEach((name) => old(name, `${name}\n`));
		old('dirty', 'mine\n');
	});

	it('finds nothing where nothing changed, whatever was named', async () => {
		const watch = await begin();
		['a', 'dirty', 'not there', 'runtime/x'].forEach((name) => watch.note(place(name)));
		watch.note(folder);
		assert.deepEqual(await watch.end(), []);
	});

	it('is certain of what was named and changed, also when it was named too late, made or removed', async () => {
		const watch = await begin();
		writeFileSync(place('a'), 'other\n');
		watch.note(place('a'));
		watch.note(place('b'));
		watch.note(place('new'));
		watch.note(place('runtime/board.json'));
		await new Promise((resolve) => setTimeout(resolve, 20));
		rmSync(place('b'));
		writeFileSync(place('new'), 'new\n');
		writeFileSync(place('runtime/board.json'), '[]');
		assert.deepEqual(
			await watch.end(),
			['a', 'b', 'new'].map((name) => ({ path: place(name), evidence: 'named' })),
		);
	});

	it('is not certain of what nobody named, and knows what landed', async () => {
		const watch = await begin();
		for (const name of ['a', 'c', 'dirty', 'new', 'runtime/board.json']) {
			writeFileSync(place(name), 'other\n');
		}
		rmSync(place('b'));
		landed.push(place('c'));
		assert.deepEqual(
			(await watch.end()).map(({ path, evidence }) => `${evidence} ${path}`).toSorted(),
			['a', 'b', 'dirty', 'new'].map((name) => `perhaps ${place(name)}`),
		);
	});
});
