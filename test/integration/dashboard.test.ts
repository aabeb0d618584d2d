// Owns the proof that the dashboard's page comes up, is sent the picture, and is sent another when something changed.

import { strict as assert } from 'node:assert';
import { commands, window } from 'vscode';
import type { TestApi } from '../../src/editor/testApi.ts';
import { activateExtension, eventually, readyWorkspace } from '../support/extensionUnderTest.ts';

describe('dashboard', () => {
	let api: TestApi;

	before(async () => {
		api = await activateExtension();
	});
	after(() => commands.executeCommand('workbench.action.closeAllEditors'));

	const labels = () => window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));

	it('gets a snapshot once its page is ready', async () => {
		await commands.executeCommand('dreamos.dashboard.open');
		await eventually('a snapshot', () => api.messagesSent() > 0);
		assert.deepEqual(labels(), ['Dream.OS Dashboard']);
	});

	it('is there only once', async () => {
		await commands.executeCommand('dreamos.dashboard.open');
		assert.deepEqual(labels(), ['Dream.OS Dashboard']);
	});

	it('follows what happens', async () => {
		const opened = await readyWorkspace(api);
		const before = api.messagesSent();
		await opened.dream.perform('task.create', { name: 'Seen on the dashboard' }, { kind: 'human', id: 'tester' });
		await eventually('another snapshot', () => api.messagesSent() > before);
	});
});
