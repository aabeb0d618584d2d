// Owns the proof that every quick fix in a board file puts right what it says, and nothing else.

import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import type { CodeAction, Diagnostic, TextDocument } from 'vscode';
import { Range, TabInputTextDiff, commands, languages, window, workspace } from 'vscode';
import type { JsonObject } from '../../src/base/json.ts';
import type { BoardProblemCode } from '../../src/core/board/boardProblem.ts';
import type { BoardName } from '../../src/core/task/taskStatus.ts';
import type { TestApi } from '../../src/editor/testApi.ts';
import type { OpenWorkspace } from '../../src/workspace/workspaceOptions.ts';
import { fileOf, open, placeOf, revert, textOf, type, uriOf } from '../support/boardDocument.ts';
import { activateExtension, eventually, readyWorkspace } from '../support/extensionUnderTest.ts';

const person = { kind: 'human', id: 'tester' } as const;

describe('quick fixes in board files', () => {
	let api: TestApi;
	let opened: OpenWorkspace;
	const perform = (id: string, input: object) => opened.dream.perform(id, input, person);

	before(async () => {
		api = await activateExtension();
		opened = await readyWorkspace(api);
		await perform('task.create', { task_id: 'FIX-1', name: 'Lay the table', priority: 'HIGH' });
		await perform('task.create', { task_id: 'FIX-2', name: 'Dine', dependencies: ['FIX-1'] });
		await perform('task.create', { task_id: 'FIX-3', name: 'Cook' });
		await opened.flushBoards();
		await eventually('the tasks in the tree', () => api.drawTasks().includes('FIX-3'));
	});

	after(async () => {
		// What comes after has its own tasks, and must not find these ready.
		for (const task_id of ['FIX-1', 'FIX-2', 'FIX-3']) {
			await perform('task.cancel', { task_id }).catch(() => undefined);
		}
		await opened.flushBoards();
		await commands.executeCommand('workbench.action.closeAllEditors');
	});

	const boardsOf: readonly BoardName[] = ['task_ready_queue'];
	let good: string;

	const diagnosticsOf = (board: BoardName) =>
		languages.getDiagnostics(uriOf(board)).filter(({ source }) => source === 'Dream.OS');

	async function untilProblem(board: BoardName, code: BoardProblemCode): Promise<Diagnostic> {
		const find = () => diagnosticsOf(board).find((each) => each.code === code);
		await eventually(
			`${code} to be shown`,
			() => find() !== undefined,
			() =>
				diagnosticsOf(board)
					.map(({ code: other, message }) => `${JSON.stringify(other)} ${message}`)
					.join('\n'),
		);
		const found = find();
		assert.ok(found !== undefined);
		return found;
	}

	async function actionsOn(document: TextDocument, range: Range): Promise<CodeAction[]> {
		return commands.executeCommand<CodeAction[]>(
			'vscode.executeCodeActionProvider',
			document.uri,
			range,
			'quickfix',
			50,
		);
	}

	async function choose(document: TextDocument, range: Range, title: RegExp): Promise<CodeAction> {
		const actions = await actionsOn(document, range);
		const action = actions.find((each) => title.test(each.title));
		assert.ok(action !== undefined, `${title} is not among ${actions.map((each) => each.title).join(', ')}`);
		return action;
	}

	/** Changes the record of FIX-3 on the disk, as another program does. */
	const editRecord = (change: (record: string) => string): void => {
		const text = textOf('task_ready_queue');
		const start = text.lastIndexOf('{', text.indexOf('"FIX-3"'));
		const end = text.indexOf('\n  }', start) + '\n  }'.length;
		writeFileSync(
			fileOf('task_ready_queue'),
			text.slice(0, start) + change(text.slice(start, end)) + text.slice(end),
		);
	};
	const addField = (field: string) => editRecord((record) => record.replace('{', `{ ${field},`));
	const record = (): JsonObject => {
		const records = JSON.parse(textOf('task_ready_queue')) as JsonObject[];
		const found = records.find(({ task_id }) => task_id === 'FIX-3');
		assert.ok(found !== undefined, 'FIX-3 is on the board');
		return found;
	};

	beforeEach(async () => {
		await opened.flushBoards();
		good = textOf('task_ready_queue');
		for (const board of boardsOf) {
			await open(board);
		}
	});

	afterEach(async () => {
		const document = await open('task_ready_queue');
		if (document.isDirty) {
			await revert(document);
		}
		writeFileSync(fileOf('task_ready_queue'), good);
		await opened.flushBoards();
		await eventually(
			'the problems to go',
			() => diagnosticsOf('task_ready_queue').length === 0,
			() => JSON.stringify(diagnosticsOf('task_ready_queue')),
		);
	});

	interface FixCase {
		readonly code: BoardProblemCode;
		readonly spoil: () => void;
		readonly title: RegExp;
		readonly holds: (after: JsonObject) => boolean;
	}
	const cases: readonly FixCase[] = [
		{
			code: 'task.unknownDependency',
			spoil: () => editRecord((text) => text.replace('"dependencies": []', '"dependencies": ["FIX-1x"]')),
			title: /^Change it to FIX-1$/u,
			holds: ({ dependencies }) => JSON.stringify(dependencies) === '["FIX-1"]',
		},
		{
			code: 'task.dependencyCycle',
			spoil: () => editRecord((text) => text.replace('"dependencies": []', '"dependencies": ["FIX-3"]')),
			title: /^Remove the dependency on FIX-3$/u,
			holds: ({ dependencies }) => JSON.stringify(dependencies) === '[]',
		},
		{
			code: 'task.unknownAgent',
			spoil: () => addField('"assigned_agent": "Agnet-2"'),
			title: /^Assign it to Agent-2$/u,
			holds: ({ assigned_agent }) => assigned_agent === 'Agent-2',
		},
		{
			code: 'task.illegalMove',
			spoil: () => editRecord((text) => text.replace('"READY"', '"REVIEW"')),
			title: /^Put the status back to READY$/u,
			holds: ({ status }) => status === 'READY',
		},
		{
			code: 'task.unknownStatus',
			spoil: () => editRecord((text) => text.replace('"READY"', '"RAEDY"')),
			title: /^Change it to READY$/u,
			holds: ({ status }) => status === 'READY',
		},
		{
			code: 'task.unknownPriority',
			spoil: () => editRecord((text) => text.replace('"MEDIUM"', '"HGIH"')),
			title: /^Change it to HIGH$/u,
			holds: ({ priority }) => priority === 'HIGH',
		},
		{
			code: 'task.badField',
			spoil: () => addField('"tags": [1, 2]'),
			title: /^Write it as /u,
			holds: ({ tags }) => JSON.stringify(tags) === '["1","2"]',
		},
		{
			code: 'task.placeholderTime',
			spoil: () => addField('"started_at": "{{TIMESTAMP}}"'),
			title: /^Remove started_at$/u,
			holds: (after) => !('started_at' in after),
		},
		{
			code: 'record.duplicateKey',
			spoil: () => addField('"name": "Old"'),
			title: /^Remove the "name" that does not count$/u,
			holds: ({ name }) => name === 'Cook',
		},
		{
			code: 'record.inexactNumber',
			spoil: () => addField('"ticket": 12345678901234567891'),
			title: /^Write it as text/u,
			holds: ({ ticket }) => ticket === '12345678901234567891',
		},
	];
	for (const { code, spoil, title, holds } of cases) {
		it(code, async () => {
			spoil();
			const problem = await untilProblem('task_ready_queue', code);
			const document = await open('task_ready_queue');
			const action = await choose(document, problem.range, title);
			assert.ok(action.edit !== undefined);
			assert.ok(await workspace.applyEdit(action.edit));
			assert.ok(await document.save());
			await eventually(`${code} to go`, () =>
				diagnosticsOf('task_ready_queue').every((each) => each.code !== code),
			);
			await opened.flushBoards();
			assert.ok(holds(record()), JSON.stringify(record()));
		});
	}

	it('record.noId', async () => {
		writeFileSync(fileOf('task_ready_queue'), good.replace('[', '[\n  { "name": "Nameless" },'));
		const problem = await untilProblem('task_ready_queue', 'record.noId');
		const document = await open('task_ready_queue');
		const action = await choose(document, problem.range, /^Give it the id TASK-/u);
		assert.ok(action.edit !== undefined && (await workspace.applyEdit(action.edit)));
		assert.match(document.getText(), /"task_id": "TASK-\w+", ?"name": "Nameless"/u);
	});

	it('record.contradiction, with both places named', async () => {
		const working = textOf('working_tasks');
		const copy = JSON.stringify({ ...record(), name: 'Cook something else' });
		writeFileSync(
			fileOf('working_tasks'),
			working.replace('[', `[\n  ${copy}${working.includes('{') ? ',' : '\n'}`),
		);
		const problem = await untilProblem('working_tasks', 'record.contradiction');
		assert.equal(problem.relatedInformation?.[0]?.location.uri.fsPath, fileOf('task_ready_queue'));
		const document = await open('working_tasks');
		const titles = (await actionsOn(document, problem.range)).map(({ title }) => title);
		assert.ok(titles.includes('Open the record that counts'), titles.join(', '));
		const action = await choose(document, problem.range, /^Take this record out$/u);
		assert.ok(action.edit !== undefined && (await workspace.applyEdit(action.edit)) && (await document.save()));
		await eventually('the contradiction to go', () =>
			diagnosticsOf('working_tasks').every(({ code }) => code !== 'record.contradiction'),
		);
	});

	it('board.unreadable: shows the repairs, opens the copy, repairs, takes the ledger', async () => {
		const broken = good.replace('[', '[ // mine');
		writeFileSync(fileOf('task_ready_queue'), broken);
		const problem = await untilProblem('task_ready_queue', 'board.unreadable');
		const document = await open('task_ready_queue');
		const show = await choose(document, problem.range, /^Show what was repaired$/u);
		await commands.executeCommand(show.command?.command ?? '', ...((show.command?.arguments ?? []) as unknown[]));
		await eventually('the comparison', () => {
			const input = window.tabGroups.activeTabGroup.activeTab?.input;
			return input instanceof TabInputTextDiff && input.modified.scheme === 'dreamos-repaired';
		});
		await open('task_ready_queue');
		const copy = await choose(document, problem.range, /^Open the copy$/u);
		await commands.executeCommand(copy.command?.command ?? '', ...((copy.command?.arguments ?? []) as unknown[]));
		await eventually(
			'the copy',
			() => window.activeTextEditor?.document.uri.fsPath.includes('quarantine') === true,
		);
		assert.equal(window.activeTextEditor?.document.getText(), broken);
		await open('task_ready_queue');
		assert.equal(
			(await choose(document, problem.range, /^Use the ledger's version/u)).command?.command,
			'dreamos.boards.accept',
		);
		const repair = await choose(document, problem.range, /^Repair the file/u);
		assert.ok(repair.edit !== undefined && (await workspace.applyEdit(repair.edit)) && (await document.save()));
		await eventually('the problem to go', () => diagnosticsOf('task_ready_queue').length === 0);
	}).timeout(60_000);

	it('where it has moved to since it was found', async () => {
		editRecord((text) => text.replace('"dependencies": []', '"dependencies": ["FIX-1x"]'));
		await untilProblem('task_ready_queue', 'task.unknownDependency');
		const document = await open('task_ready_queue');
		await type(document, '[', '[\n\n\n\n');
		const at = placeOf(document, '"FIX-1x"', 2);
		const action = await choose(document, new Range(at, at), /^Remove it from the dependencies$/u);
		assert.ok(action.edit !== undefined && (await workspace.applyEdit(action.edit)));
		assert.ok(!document.getText().includes('FIX-1x'));
	});

	it('all of a kind at once', async () => {
		addField('"started_at": "{{NOW}}", "due": "TBD"');
		const problem = await untilProblem('task_ready_queue', 'task.placeholderTime');
		const document = await open('task_ready_queue');
		const action = await choose(document, problem.range, /^Remove all 2 placeholder times/u);
		assert.ok(action.edit !== undefined && (await workspace.applyEdit(action.edit)));
		assert.deepEqual(
			Object.keys((JSON.parse(document.getText()) as JsonObject[])[0] ?? {}).filter((key) =>
				/^(?:started_at|due)$/u.test(key),
			),
			[],
		);
	});
});
