// Checks which of a window's folders is used: what a person chose, else what is ours, else what has boards, else the only one.

import { strict as assert } from 'node:assert';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Uri, WorkspaceFolder } from 'vscode';
import { runtimePaths } from '../../../src/core/paths.ts';
import { chooseFolder } from '../../../src/editor/folderChoice.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

describe('the choice among the folders of a window', () => {
	const folders = useTemporaryFolders();
	const make = (name: string, index = 0, holds?: string, scheme = 'file'): WorkspaceFolder => {
		const fsPath = join(folders.make(), name);
		mkdirSync(fsPath);
		if (holds !== undefined) {
			mkdirSync(dirname(join(fsPath, holds)), { recursive: true });
			writeFileSync(join(fsPath, holds), '');
		}
		const uri: Partial<Uri> = { scheme, fsPath };
		return { name, index, uri: uri as Uri };
	};
	const chosen = async (all: readonly WorkspaceFolder[], preferred?: WorkspaceFolder) => {
		const choice = await chooseFolder(all, preferred?.uri.fsPath);
		return choice.kind === 'chosen' ? choice.folder.name : choice.kind;
	};

	it('is the only one, or none', async () => {
		assert.equal(await chosen([make('only')]), 'only');
		assert.equal(await chosen([]), 'noFolder');
		assert.equal(await chosen([make('remote', 0, undefined, 'github')]), 'virtual');
	});

	it('is asked for where none of several has boards', async () => {
		assert.equal(await chosen([make('one'), make('two')]), 'several');
	});

	it('is the one a person named, then ours, then one with boards of somebody', async () => {
		const plain = make('plain');
		const foreign = make('foreign', 1, 'runtime/anything');
		const ours = make('ours', 2, runtimePaths.ledger);
		assert.equal(await chosen([plain, foreign, ours]), 'ours');
		assert.equal(await chosen([plain, foreign]), 'foreign');
		assert.equal(await chosen([plain, foreign, ours], plain), 'plain');
		assert.equal(await chosen([foreign, ours], plain), 'ours', 'what was named is not open any more');
		assert.equal(await chosen([plain, make('marked', 1, runtimePaths.marker), ours]), 'marked', 'in their order');
	});
});
