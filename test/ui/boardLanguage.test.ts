// Owns a person at work in a board file: what is offered while they type, what they are told, what they may do above a task, and
// the light bulb beside what is wrong.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import {
	boardFile,
	initializeByPalette,
	prepareRepository,
	readBoard,
	untilOnBoard,
	writeReadyQueue,
} from './workspaces.ts';

describe('a board file in the editor', () => {
	const session = useSession({
		prepare: prepareRepository(),
		settings: { 'editor.hover.enabled': 'on', 'editor.hover.delay': 100 },
	});
	const page = () => session.workbench.page;
	const editor = () => page().locator('.editor-group-container.active .editor-container .monaco-editor').last();
	const readyText = () => readFileSync(join(session.folder, boardFile('Ready')), 'utf8');
	const lineOf = (text: string): number => {
		const index = readyText()
			.split('\n')
			.findIndex((each) => each.includes(text));
		assert.notEqual(index, -1, `no line with ${text}`);
		return index + 1;
	};
	const press = (key: string) => page().keyboard.press(key);

	it('shows above each task what may be done with it', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		await writeReadyQueue(folder, [
			{ task_id: 'L-1', name: 'Wash up', run: ['true'] },
			{ task_id: 'L-2', name: 'Dry', run: ['true'] },
		]);
		await workbench.tree('Tasks').untilDrawn(/Ready \[2\]/u);
		await until('the statuses to be mirrored', async () =>
			(await readBoard(folder, 'Ready')).every(({ status }) => status === 'READY'),
		);
		await workbench.editors.open(boardFile('Ready'));
		const lenses = await until('the lenses', async () => {
			const texts = await editor().locator('.codelens-decoration').allInnerTexts();
			return texts.length === 2 && texts.every((text) => text.includes('Claim')) && texts;
		});
		assert.match(lenses[0] ?? '', /^Claim\s*\|\s*Start\s*\|\s*History$/u);
		await workbench.screenshot('board lenses');
		await editor().locator('.codelens-decoration a').filter({ hasText: 'Claim' }).first().click();
		await untilOnBoard(folder, 'Working', ['L-1'], 3_000);
		await untilOnBoard(folder, 'Ready', ['L-2'], 3_000);
	});

	it('offers ids while a dependency is typed', async () => {
		const { workbench } = session;
		await until('the editor to follow', async () => !(await workbench.editors.text()).includes('"L-1"'));
		await workbench.editors.replaceLine(lineOf('"dependencies"'), '    "dependencies": [');
		await page().keyboard.type('"L-');
		const offered = await until('the ids', async () => {
			const rows = await page().locator('.suggest-widget.visible .monaco-list-row').allInnerTexts();
			return rows.some((row) => row.includes('L-1')) && rows.join('\n');
		});
		assert.match(offered, /L-1/u);
		assert.doesNotMatch(offered, /L-2/u, 'a task does not wait for itself');
		await workbench.screenshot('board completion');
		await press('Tab');
		await until('the id in the text', async () => (await workbench.editors.text()).includes('"L-1"'));
	});

	it('tells of the task that a dependency names', async () => {
		const { workbench } = session;
		await editor().locator('.view-line span').getByText('"L-1"', { exact: true }).first().hover();
		const hover = await until('the hover', async () => {
			const texts = await page().locator('.monaco-hover:not(.hidden) .hover-contents').allInnerTexts();
			return texts.find((text) => text.includes('Wash up'));
		});
		assert.match(hover, /CLAIMED/u);
		await workbench.screenshot('board hover');
	});

	it('offers a light bulb beside what is wrong, and puts it right', async () => {
		const { workbench, folder } = session;
		await workbench.editors.replaceLine(await lineInEditor('"dependencies"'), '    "dependencies": ["L-11"],');
		await press('Escape');
		await press('Control+S');
		await until('the problem', async () =>
			(await workbench.editors.problems()).some((line) => line.includes('depends on L-11')),
		);
		await workbench.editors.open(boardFile('Ready'));
		await press('Control+G');
		await workbench.quickInput.type(`:${lineOf('"L-11"')}:24`);
		await press('Control+.');
		const actions = await until('the fixes', async () => {
			const rows = await page().locator('.action-widget .monaco-list-row').allInnerTexts();
			return rows.some((row) => row.includes('Change it to L-1')) && rows;
		});
		assert.ok(
			actions.some((row) => row.includes('Remove it from the dependencies')),
			actions.join('\n'),
		);
		await workbench.screenshot('board light bulb');
		await page().locator('.action-widget .monaco-list-row').filter({ hasText: 'Change it to L-1' }).first().click();
		await press('Control+S');
		await until('the dependency on the disk', async () =>
			(await readBoard(folder, 'Ready')).some(({ dependencies }) => JSON.stringify(dependencies) === '["L-1"]'),
		);
	});

	/** The number of the line as the editor shows it, which may not be saved. */
	async function lineInEditor(text: string): Promise<number> {
		const lines = (await session.workbench.editors.text()).split('\n');
		const index = lines.findIndex((line) => line.includes(text));
		assert.notEqual(index, -1, `no line with ${text}`);
		return index + 1;
	}
});
