// Owns the proof that the dashboard does in the real editor what palette and sidebar do: cards are moved by mouse and by keys and
// land on the boards, a search is the sidebar's, the log tells it, and all of it is there again after the window was reloaded.

import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository, readBoard, untilOnBoard, writeReadyQueue } from './workspaces.ts';

const SYNC_MILLISECONDS = 10_000;

describe('dashboard', () => {
	const session = useSession({ prepare: prepareRepository() });
	let page: Frame;

	const openTab = async (title: string) => {
		page = await session.workbench.editors.webviewFrame('main#page vscode-tabs');
		await page.getByRole('tab', { name: title }).click();
	};
	const card = (id: string) => page.locator(`.card[data-task="${id}"]`);
	const column = (status: string) => page.locator(`.boardColumn[data-status="${status}"]`);

	before(async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		await writeReadyQueue(folder, [
			{ task_id: 'D-1', name: 'First', run: ['true'] },
			{ task_id: 'D-2', name: 'Second', run: ['true'] },
			{ task_id: 'D-3', name: 'Third', dependencies: ['D-1'], run: ['true'] },
		]);
		await workbench.tree('Tasks').untilDrawn(/Backlog \[1\][^]*Ready \[2\]/u);
		await workbench.quickInput.runCommand('Dream.OS: Open Dashboard');
		await openTab('Board');
	});

	it('moves a card by keys, as the palette does', async () => {
		await card('D-1').click();
		await page.locator('body').press('m');
		await page.getByRole('menu').waitFor();
		await page.getByRole('menuitem', { name: /^Backlog/u }).click();
		await column('PENDING').locator('.card', { hasText: 'First' }).waitFor();
		await untilOnBoard(session.folder, 'Backlog', ['D-1', 'D-3'], SYNC_MILLISECONDS);
	});

	it('says why a card may not be put somewhere, and asks what the palette asks where it may', async () => {
		const { workbench } = session;
		const press = async () => {
			await card('D-3').hover();
			await workbench.page.mouse.down();
		};
		await press();
		await column('READY').hover({ force: true });
		await until('the reason', async () =>
			/D-3 waits for D-1/u.test(await page.locator('.board .said').innerText()),
		);
		await workbench.page.mouse.up();
		await press();
		await column('BLOCKED').hover({ force: true });
		await page.locator('.boardColumn[data-drop="over"]').waitFor();
		await workbench.page.mouse.up();
		await until('the question why', async () =>
			(await workbench.quickInput.question()).includes('What is missing?'),
		);
		await workbench.quickInput.type('the address of the server');
		await column('BLOCKED').locator('.card', { hasText: 'the address of the server' }).waitFor();
	});

	it('changes a name in place', async () => {
		await card('D-2').dblclick();
		const box = page.getByRole('textbox', { name: 'Name of D-2' });
		await box.fill('Second, said better');
		await box.press('Enter');
		await card('D-2').getByText('Second, said better').waitFor();
		await until('the board file to say it', async () =>
			(await readBoard(session.folder, 'Ready')).some(({ name }) => name === 'Second, said better'),
		);
	});

	it('is searched in the language of the sidebar', async () => {
		await page.getByRole('textbox', { name: 'Search the board' }).fill('status:blocked');
		await until('one card', async () => (await page.locator('.card').count()) === 1);
		assert.match(await page.locator('.card').innerText(), /Third/u);
	});

	it('writes a chart, and all figures, where the person says', async () => {
		const { workbench, folder } = session;
		const save = async (button: string, name: string) => {
			await page.getByRole('button', { name: button }).click();
			const target = join(folder, name);
			await workbench.quickInput.choosePath('Export Analytics', target);
			return await until(`${name} to be written`, async () => {
				const bytes = await readFile(target).catch(() => undefined);
				return bytes !== undefined && bytes.length > 0 ? bytes : undefined;
			});
		};
		await openTab('Analytics');
		await page.locator('.chart canvas').first().waitFor();
		const picture = await save('Export Cycle Time as PNG', 'cycle.png');
		assert.equal(picture.subarray(1, 4).toString(), 'PNG');
		const figures = await save('Export CSV', 'figures.csv');
		assert.match(figures.toString(), /blocked/iu);
	});

	it('tells in its log what was done', async () => {
		await openTab('Log');
		await page.locator('.logLine', { hasText: 'D-3' }).filter({ hasText: 'BLOCKED' }).waitFor();
	});

	it('is there again after the window was reloaded, where it was', async () => {
		// As a person does it: the editor writes down what its pages keep before it goes.
		const loaded = session.workbench.page.waitForEvent('load');
		await session.workbench.quickInput.runCommand('Developer: Reload Window');
		await loaded;
		page = await session.workbench.editors.webviewFrame('main#page .logLine');
		await openTab('Board');
		assert.equal(await page.getByRole('textbox', { name: 'Search the board' }).inputValue(), 'status:blocked');
		await until('the search to be asked again', async () => (await page.locator('.card').count()) === 1);
		await session.workbench.screenshot('dashboard board');
	});
});
