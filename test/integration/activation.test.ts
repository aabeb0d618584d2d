// Owns the proof that the extension activates quickly in a real editor, registers everything, and touches nothing by itself.

import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { commands, extensions } from 'vscode';
import { commandIds } from '../../src/editor/manifest.ts';
import { activateExtension, workspaceFolder } from '../support/extensionUnderTest.ts';

describe('activation', () => {
	it('does not wait for the ledger, the disk or a process', async () => {
		const start = performance.now();
		await extensions.getExtension('dreamos.dreamos')?.activate();
		assert.ok(performance.now() - start < 5000, `${performance.now() - start} ms`);
	});

	it('registers every command of package.json', async () => {
		await activateExtension();
		const registered = new Set(await commands.getCommands(true));
		assert.deepEqual(
			commandIds.filter((id) => !registered.has(id)),
			[],
		);
	});

	it('writes nothing into a folder that is not ours', async () => {
		const api = await activateExtension();
		assert.equal(api.session().kind, 'open');
		assert.equal(api.workspace()?.state(), 'none');
		assert.equal(api.drawTasks(), '');
		assert.deepEqual(readdirSync(workspaceFolder()).toSorted(), ['.git', 'README.md']);
	});
});
