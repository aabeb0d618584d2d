// Checks when settings are read anew: without an editor on a refresh alone, with one at every look.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFileSystem } from '../../../src/node/nodeFileSystem.ts';
import { WorkspaceSettings } from '../../../src/workspace/workspaceSettings.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

describe('workspace settings', () => {
	const folders = useTemporaryFolders();

	it('of a folder are checked once, and anew when they were read again', async () => {
		const folder = folders.make();
		const file = join(folder, '.vscode', 'settings.json');
		mkdirSync(join(folder, '.vscode'));
		const settings = new WorkspaceSettings(nodeFileSystem, folder, undefined);
		const before = settings.current;
		assert.equal(settings.current, before, 'a host asks several times a second');
		writeFileSync(file, JSON.stringify({ 'dreamos.swarm.maxConcurrentRuns': 7 }));
		await settings.refresh(undefined);
		assert.equal(settings.current.settings['swarm.maxConcurrentRuns'], 7);
		writeFileSync(file, JSON.stringify({ 'dreamos.swarm.maxConcurrentRuns': 'many' }));
		await settings.refresh(undefined);
		const [problem] = settings.current.problems;
		assert.equal(problem?.setting, 'dreamos.swarm.maxConcurrentRuns');
		assert.deepEqual(settings.current.settings, before.settings);
	});

	it('of an editor are its own at any moment', () => {
		let runs = 2;
		const settings = new WorkspaceSettings(nodeFileSystem, '/nowhere', () => ({ 'swarm.maxConcurrentRuns': runs }));
		assert.equal(settings.current.settings['swarm.maxConcurrentRuns'], 2);
		runs = 3;
		assert.equal(settings.current.settings['swarm.maxConcurrentRuns'], 3);
	});
});
