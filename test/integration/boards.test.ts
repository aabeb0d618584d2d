// Owns the proof that the views follow the boards: commands change them, hands edit them, and what is wrong is shown on its line.

import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Disposable, Uri, commands, languages, window, workspace } from 'vscode';
import { boardPath } from '../../src/core/paths.ts';
import type { BoardName } from '../../src/core/task/taskStatus.ts';
import type { TestApi } from '../../src/editor/testApi.ts';
import type { OpenWorkspace } from '../../src/workspace/workspaceOptions.ts';
import { activateExtension, eventually, readyWorkspace, workspaceFolder } from '../support/extensionUnderTest.ts';

const person = { kind: 'human', id: 'tester' } as const;

describe('boards in the editor', () => {
	let api: TestApi;
	let opened: OpenWorkspace;

	const fileOf = (board: BoardName) => path.join(workspaceFolder(), boardPath(board));
	const shows = (text: string) =>
		eventually(
			`"${text}" in the tree`,
			() => api.drawTasks().includes(text),
			() => api.drawTasks(),
		);
	const perform = (id: string, input: object) => opened.dream.perform(id, input, person);

	before(async () => {
		api = await activateExtension();
		// The folder is a repository: the command has nothing to ask.
		await commands.executeCommand('dreamos.workspace.initialize');
		opened = await readyWorkspace(api);
	});

	it('show what is created and moved', async () => {
		await perform('task.create', { task_id: 'one', name: 'Write the parser', priority: 'HIGH' });
		await perform('task.create', { task_id: 'two', name: 'Test the parser', dependencies: ['one'] });
		await shows('Test the parser [two]');
		assert.equal(
			api.drawTasks(),
			[
				'Backlog [1]',
				'  Test the parser [two]',
				'Ready [1]',
				'  Write the parser [one · HIGH]',
				'Working [0]',
				'Completed [0]',
			].join('\n'),
		);
		await commands.executeCommand('dreamos.task.claim', { taskId: 'one' });
		await shows('Working [1]');
		await commands.executeCommand('dreamos.task.complete', { taskId: 'one' });
		await shows('Completed [1]');
		await shows('Ready [1]\n  Test the parser [two]');
	});

	it('follow a hand that edits a file', async () => {
		await opened.flushBoards();
		const file = fileOf('task_ready_queue');
		const text = readFileSync(file, 'utf8');
		writeFileSync(file, text.replace('Test the parser', 'Test the parser well'));
		await shows('Test the parser well [two]');
	});

	it('that cannot be read are reported on their line, kept as they are, and can be mended', async () => {
		await opened.flushBoards();
		const file = fileOf('task_ready_queue');
		const good = readFileSync(file, 'utf8');
		const broken = `${good.trimEnd().slice(0, -1)},\n  {"task_id": \n`;
		writeFileSync(file, broken);
		const diagnostics = () =>
			languages.getDiagnostics(Uri.file(file)).filter(({ source }) => source === 'Dream.OS');
		await eventually('a diagnostic', () => diagnostics().some(({ severity }) => severity === 0));
		const line = Math.max(...diagnostics().map(({ range }) => range.start.line));
		assert.ok(line >= broken.split('\n').length - 3, `line ${line} of ${broken.split('\n').length}`);
		await perform('task.create', { task_id: 'three', name: 'Another one' });
		await opened.flushBoards();
		assert.equal(readFileSync(file, 'utf8'), broken);
		writeFileSync(file, good);
		await eventually('the diagnostics to go', () => diagnostics().every(({ severity }) => severity !== 0));
		await shows('Another one [three]');
	});

	it('open at the line of a task', async () => {
		await opened.flushBoards();
		await commands.executeCommand('dreamos.task.openInBoard', { taskId: 'two' });
		const editor = window.activeTextEditor;
		assert.equal(editor?.document.uri.fsPath, fileOf('task_ready_queue'));
		assert.match(editor.document.lineAt(editor.selection.active.line).text, /"two"/u);
		await commands.executeCommand('workbench.action.closeAllEditors');
	});

	it('stay open, and show what changes, while they are written again and again', async () => {
		await opened.flushBoards();
		const document = await workspace.openTextDocument(fileOf('task_ready_queue'));
		await window.showTextDocument(document, { preview: true });
		const closed: string[] = [];
		const tabs: string[] = [];
		const listeners = [
			workspace.onDidCloseTextDocument(({ uri }) => closed.push(uri.fsPath)),
			window.tabGroups.onDidChangeTabs((change) => tabs.push(...change.closed.map(({ label }) => label))),
		];
		for (let count = 1; count <= 20; count += 1) {
			await perform('task.edit', { task_id: 'two', notes: `written ${count} times` });
			await opened.flushBoards();
		}
		await eventually('the last text', () => document.getText().includes('written 20 times'));
		Disposable.from(...listeners).dispose();
		assert.deepEqual([closed, tabs, document.isClosed], [[], [], false]);
		await commands.executeCommand('workbench.action.closeAllEditors');
	});

	it('show ten thousand tasks in pages', async () => {
		const records = Array.from({ length: 10_000 }, (_each, index) => ({
			task_id: `bulk-${index}`,
			name: `Bulk ${index}`,
			status: 'PENDING',
		}));
		await opened.flushBoards();
		const file = fileOf('task_backlog');
		const before = readFileSync(file, 'utf8');
		const start = performance.now();
		writeFileSync(file, JSON.stringify([...(JSON.parse(before) as unknown[]), ...records], null, 2));
		await shows('Show more… [');
		process.stdout.write(`10,000 tasks were in the tree after ${Math.round(performance.now() - start)} ms\n`);
		const rows = api.drawTasks().split('\n').length;
		assert.ok(rows < 600, `${rows} rows`);
	}).timeout(60_000);
});
