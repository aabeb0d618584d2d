// Owns the proof that board files are a language in the editor: what may be typed, what a place means, what may be done there.

import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import type { CodeLens, CompletionList, Hover, Location, MarkdownString, Position } from 'vscode';
import { commands, ConfigurationTarget, workspace } from 'vscode';
import type { JsonObject } from '../../src/base/json.ts';
import type { BoardName } from '../../src/core/task/taskStatus.ts';
import type { TestApi } from '../../src/editor/testApi.ts';
import type { OpenWorkspace } from '../../src/workspace/workspaceOptions.ts';
import { fileOf, open, placeOf, revert, textOf, type } from '../support/boardDocument.ts';
import { activateExtension, eventually, readyWorkspace } from '../support/extensionUnderTest.ts';

const person = { kind: 'human', id: 'tester' } as const;

describe('board files as a language', () => {
	let api: TestApi;
	let opened: OpenWorkspace;

	const perform = (id: string, input: object) => opened.dream.perform(id, input, person);

	before(async () => {
		api = await activateExtension();
		opened = await readyWorkspace(api);
		await perform('task.create', { task_id: 'LANG-1', name: 'Lay the *table*', priority: 'HIGH' });
		await perform('task.create', { task_id: 'LANG-2', name: 'Dine', dependencies: ['LANG-1'] });
		await perform('task.create', { task_id: 'LANG-3', name: 'Cook' });
		await opened.flushBoards();
		await eventually('the tasks in the tree', () => api.drawTasks().includes('LANG-3'));
	});

	after(async () => {
		// What comes after has its own tasks, and must not find these ready.
		for (const task_id of ['LANG-1', 'LANG-2', 'LANG-3', 'LANG-4', 'LANG-5']) {
			await perform('task.cancel', { task_id }).catch(() => undefined);
		}
		await opened.flushBoards();
		await commands.executeCommand('workbench.action.closeAllEditors');
	});

	it('completes ids, agents, statuses and priorities in text that is not saved', async () => {
		const document = await open('task_ready_queue');
		const labelsAt = async (position: Position) => {
			const list = await commands.executeCommand<CompletionList>(
				'vscode.executeCompletionItemProvider',
				document.uri,
				position,
			);
			return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
		};
		const record = document.getText().slice(document.getText().indexOf('"LANG-3"'));
		await type(
			document,
			record,
			record.replace('"dependencies": []', '"dependencies": ["LANG-"], "assigned_agent": ""'),
		);
		const ids = await labelsAt(placeOf(document, '"LANG-"]', 6));
		assert.ok(ids.includes('LANG-1') && ids.includes('LANG-2'), ids.join(' '));
		assert.ok(!ids.includes('LANG-3'), 'a task does not wait for itself');
		assert.ok((await labelsAt(placeOf(document, '"assigned_agent": ""', 19))).includes('Agent-1'));
		const status = placeOf(document, '"status": "READY"', 11);
		assert.ok((await labelsAt(status)).includes('IN_PROGRESS'));
		assert.ok((await labelsAt(placeOf(document, '"priority": "', 13))).includes('CRITICAL'));
		await revert(document);
	});

	it("hovers with a task's summary, in which nothing foreign is markup", async () => {
		const document = await open('task_ready_queue');
		const hovers = await commands.executeCommand<Hover[]>(
			'vscode.executeHoverProvider',
			document.uri,
			placeOf(document, '"LANG-1"', 3),
		);
		const texts = hovers.flatMap(({ contents }) => contents.map((each) => (each as MarkdownString).value));
		const text = texts.find((each) => each.includes('READY'));
		assert.ok(text !== undefined, JSON.stringify(texts));
		assert.ok(!text.includes('*table*') && text.includes('table'), text);
	});

	it('goes from a dependency to its record, and from a record to all that wait for it', async () => {
		const backlog = await open('task_backlog');
		const dependency = placeOf(backlog, '"LANG-1"', 2);
		const definitions = await commands.executeCommand<Location[]>(
			'vscode.executeDefinitionProvider',
			backlog.uri,
			dependency,
		);
		const ready = await open('task_ready_queue');
		assert.deepEqual(
			definitions.map(({ uri, range }) => [uri.fsPath, range.start.line]),
			[[ready.uri.fsPath, placeOf(ready, '"LANG-1"').line]],
		);
		const references = await commands.executeCommand<Location[]>(
			'vscode.executeReferenceProvider',
			ready.uri,
			placeOf(ready, '"LANG-1"', 2),
		);
		assert.ok(
			references.some(({ uri, range }) => uri.fsPath === backlog.uri.fsPath && range.contains(dependency)),
			JSON.stringify(references),
		);
	});

	it('follows a dependency that is not saved yet', async () => {
		const document = await open('task_ready_queue');
		await type(document, '"task_id": "LANG-3"', '"task_id": "LANG-3b"');
		await type(document, '"name": "Cook"', '"name": "Cook", "parent": "LANG-3b"');
		const definitions = await commands.executeCommand<Location[]>(
			'vscode.executeDefinitionProvider',
			document.uri,
			placeOf(document, '"parent": "LANG-3b"', 13),
		);
		assert.equal(definitions[0]?.range.start.line, placeOf(document, '"task_id": "LANG-3b"').line);
		await revert(document);
	});

	it('offers above a task what may be done with it now, and does it', async () => {
		const document = await open('task_ready_queue');
		const lensesAt = async (text: string) => {
			const lenses = await commands.executeCommand<CodeLens[]>(
				'vscode.executeCodeLensProvider',
				document.uri,
				1000,
			);
			const { line } = placeOf(document, text);
			return lenses.filter(({ range }) => line - range.start.line <= 1 && line >= range.start.line);
		};
		const lenses = await lensesAt('"task_id": "LANG-3"');
		assert.deepEqual(
			lenses.map(({ command }) => command?.title).filter((title) => title !== 'History'),
			['Claim', 'Start'],
		);
		const [claim] = lenses;
		await commands.executeCommand(
			claim?.command?.command ?? '',
			...((claim?.command?.arguments ?? []) as unknown[]),
		);
		await eventually('the claim', () => api.drawTasks().includes('Working [1]'));
		await perform('task.release', { task_id: 'LANG-3' });
		await opened.flushBoards();
		await eventually(
			'the release',
			() => api.drawTasks().includes('Working [0]'),
			() => api.drawTasks(),
		);
	});

	it('leaves what somebody types alone while others change the file, and takes both over when it is saved', async () => {
		const document = await open('task_ready_queue');
		await type(document, '"name": "Cook"', '"name": "Cook slowly"');
		const typed = document.getText();
		await perform('task.create', { task_id: 'LANG-4', name: 'Made meanwhile' });
		await perform('task.claim', { task_id: 'LANG-1' });
		await opened.flushBoards();
		const text = textOf('task_ready_queue');
		writeFileSync(fileOf('task_ready_queue'), text.replace('"LANG-4"', '"LANG-4",\n    "seen": true'));
		await opened.flushBoards();
		await eventually('everything in the tree', () => api.drawTasks().includes('LANG-4'));
		assert.ok(document.isDirty && document.getText() === typed, 'the buffer was touched');
		// The editor asks before it saves over a newer file; this is what it does when the person says yes.
		writeFileSync(fileOf('task_ready_queue'), document.getText());
		await revert(document);
		await opened.flushBoards();
		const records = ['task_ready_queue', 'working_tasks'].flatMap(
			(board) => JSON.parse(textOf(board as BoardName)) as JsonObject[],
		);
		const shown = (id: string) =>
			records.filter(({ task_id }) => task_id === id).map(({ name, status }) => [name, status]);
		assert.deepEqual(shown('LANG-3'), [['Cook slowly', 'READY']]);
		assert.deepEqual(shown('LANG-4'), [['Made meanwhile', 'READY']]);
		assert.deepEqual(
			shown('LANG-1').map(([, status]) => status),
			['CLAIMED'],
		);
		await perform('task.release', { task_id: 'LANG-1' });
		await perform('task.edit', { task_id: 'LANG-3', name: 'Cook' });
		await opened.flushBoards();
	}).timeout(60_000);

	it('shows what is on the disk also where the editor is told to watch nothing, and leaves unsaved text alone', async () => {
		const settings = workspace.getConfiguration('files');
		await settings.update('watcherExclude', { '**/runtime/**': true }, ConfigurationTarget.Workspace);
		try {
			const document = await open('task_ready_queue');
			await perform('task.create', { task_id: 'LANG-5', name: 'Seen without watching' });
			await opened.flushBoards();
			await eventually('the open board to follow', () => document.getText().includes('LANG-5'));
			await type(document, '"name": "Cook"', '"name": "Cook on"');
			const typed = document.getText();
			await perform('task.cancel', { task_id: 'LANG-5' });
			await opened.flushBoards();
			// Longer than it takes to follow.
			await new Promise((resolve) => setTimeout(resolve, 4500));
			assert.ok(document.isDirty && document.getText() === typed, 'the buffer was touched');
			await revert(document);
		} finally {
			await settings.update('watcherExclude', undefined, ConfigurationTarget.Workspace);
		}
	}).timeout(60_000);

	it('answers on a board of ten thousand tasks', async () => {
		const document = await open('task_backlog');
		const ask = async (what: string, command: string, ...rest: unknown[]) => {
			const start = performance.now();
			const answer = await commands.executeCommand<unknown>(command, document.uri, ...rest);
			process.stdout.write(`${what}: ${Math.round(performance.now() - start)} ms\n`);
			return answer;
		};
		const place = placeOf(document, '"LANG-1"', 2);
		const lenses = (await ask('lenses', 'vscode.executeCodeLensProvider')) as CodeLens[];
		assert.ok(lenses.length > 0 && lenses.length < 3000, `${lenses.length} lenses`);
		assert.ok(((await ask('hover', 'vscode.executeHoverProvider', place)) as Hover[]).length > 0);
		assert.ok(((await ask('definition', 'vscode.executeDefinitionProvider', place)) as Location[]).length > 0);
		await ask('references', 'vscode.executeReferenceProvider', place);
		await type(document, '"LANG-1"', '"LANG-"');
		const list = (await ask('completion', 'vscode.executeCompletionItemProvider', place)) as CompletionList;
		assert.ok(list.items.length > 0 && list.items.length <= 500, `${list.items.length} items`);
		await revert(document);
	});
});
