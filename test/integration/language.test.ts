// Owns the proof that board files are a language in the editor: what may be typed, what a place means, what may be done there, and
// that every quick fix puts right what it says.

import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type {
	CodeAction,
	CodeLens,
	CompletionList,
	Diagnostic,
	Hover,
	Location,
	MarkdownString,
	TextDocument,
} from 'vscode';
import { Position, Range, TabInputTextDiff, Uri, WorkspaceEdit, commands, languages, window, workspace } from 'vscode';
import type { JsonObject } from '../../src/base/json.ts';
import type { BoardProblemCode } from '../../src/core/board/boardProblem.ts';
import { boardPath } from '../../src/core/paths.ts';
import type { BoardName } from '../../src/core/task/taskStatus.ts';
import type { TestApi } from '../../src/editor/testApi.ts';
import type { OpenWorkspace } from '../../src/workspace/workspaceOptions.ts';
import { activateExtension, eventually, readyWorkspace, workspaceFolder } from '../support/extensionUnderTest.ts';

const person = { kind: 'human', id: 'tester' } as const;

describe('board files as a language', () => {
	let api: TestApi;
	let opened: OpenWorkspace;

	const fileOf = (board: BoardName) => path.join(workspaceFolder(), boardPath(board));
	const uriOf = (board: BoardName) => Uri.file(fileOf(board));
	const perform = (id: string, input: object) => opened.dream.perform(id, input, person);
	const textOf = (board: BoardName) => readFileSync(fileOf(board), 'utf8');

	/** The board as the editor has it, once it shows what is on the disk. */
	async function open(board: BoardName): Promise<TextDocument> {
		const document = await workspace.openTextDocument(uriOf(board));
		await window.showTextDocument(document, { preview: false });
		await eventually('the editor to show the file', () => document.isDirty || document.getText() === textOf(board));
		return document;
	}

	/** The place of a text, `into` characters after its start. */
	function placeOf(document: TextDocument, text: string, into = 1): Position {
		const offset = document.getText().indexOf(text);
		assert.ok(offset >= 0, `${text} is not in the document`);
		return document.positionAt(offset + into);
	}

	async function type(document: TextDocument, before: string, after: string): Promise<void> {
		const start = placeOf(document, before, 0);
		const edit = new WorkspaceEdit();
		edit.replace(
			document.uri,
			new Range(start, document.positionAt(document.offsetAt(start) + before.length)),
			after,
		);
		assert.ok(await workspace.applyEdit(edit));
	}

	const revert = async (document: TextDocument) => {
		await window.showTextDocument(document);
		await commands.executeCommand('workbench.action.files.revert');
		await eventually('the document to be reverted', () => !document.isDirty);
	};

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
		for (const task_id of ['LANG-1', 'LANG-2', 'LANG-3', 'LANG-4']) {
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
		await eventually('the release', () => api.drawTasks().includes('Working [0]'));
	});

	describe('puts right what is wrong:', () => {
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

		/** Changes the record of LANG-3 on the disk, as another program does. */
		const editRecord = (change: (record: string) => string): void => {
			const text = textOf('task_ready_queue');
			const start = text.lastIndexOf('{', text.indexOf('"LANG-3"'));
			const end = text.indexOf('\n  }', start) + '\n  }'.length;
			writeFileSync(
				fileOf('task_ready_queue'),
				text.slice(0, start) + change(text.slice(start, end)) + text.slice(end),
			);
		};
		const addField = (field: string) => editRecord((record) => record.replace('{', `{ ${field},`));
		const record = (): JsonObject => {
			const records = JSON.parse(textOf('task_ready_queue')) as JsonObject[];
			const found = records.find(({ task_id }) => task_id === 'LANG-3');
			assert.ok(found !== undefined, 'LANG-3 is on the board');
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
				spoil: () => editRecord((text) => text.replace('"dependencies": []', '"dependencies": ["LANG-1x"]')),
				title: /^Change it to LANG-1$/u,
				holds: ({ dependencies }) => JSON.stringify(dependencies) === '["LANG-1"]',
			},
			{
				code: 'task.dependencyCycle',
				spoil: () => editRecord((text) => text.replace('"dependencies": []', '"dependencies": ["LANG-3"]')),
				title: /^Remove the dependency on LANG-3$/u,
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
			await commands.executeCommand(
				show.command?.command ?? '',
				...((show.command?.arguments ?? []) as unknown[]),
			);
			await eventually('the comparison', () => {
				const input = window.tabGroups.activeTabGroup.activeTab?.input;
				return input instanceof TabInputTextDiff && input.modified.scheme === 'dreamos-repaired';
			});
			await open('task_ready_queue');
			const copy = await choose(document, problem.range, /^Open the copy$/u);
			await commands.executeCommand(
				copy.command?.command ?? '',
				...((copy.command?.arguments ?? []) as unknown[]),
			);
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
			editRecord((text) => text.replace('"dependencies": []', '"dependencies": ["LANG-1x"]'));
			await untilProblem('task_ready_queue', 'task.unknownDependency');
			const document = await open('task_ready_queue');
			await type(document, '[', '[\n\n\n\n');
			const at = placeOf(document, '"LANG-1x"', 2);
			const action = await choose(document, new Range(at, at), /^Remove it from the dependencies$/u);
			assert.ok(action.edit !== undefined && (await workspace.applyEdit(action.edit)));
			assert.ok(!document.getText().includes('LANG-1x'));
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
		await opened.flushBoards();
		await type(await open('task_ready_queue'), '"Cook slowly"', '"Cook"');
		assert.ok(await document.save());
		await opened.flushBoards();
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
