// Owns what is at hand without the sidebar: the status bar item's hover, the keys, and a report of a fault.
import { strict as assert } from 'node:assert';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository } from './workspaces.ts';

describe('help at hand', () => {
	const session = useSession({ prepare: prepareRepository(), settings: { 'workbench.hover.delay': 100 } });
	const page = () => session.workbench.page;

	it('offers in the hover of the status bar what can be done now', async () => {
		await session.workbench.openContainer('Dream.OS');
		await initializeByPalette(session.workbench);
		const item = page().locator('.statusbar-item', { hasText: 'Swarm stopped' });
		const link = page().locator('.monaco-hover').getByText('Create Task');
		// What is redrawn under the mouse is not hovered until that moves again.
		await until('the hover', async () => {
			await page().mouse.move(700, 400);
			await item.hover();
			await link.waitFor({ timeout: 3_000 });
			return true;
		});
		await session.workbench.screenshot('status hover');
		await link.click();
		await page().getByText('Create Task (1/').waitFor();
		await session.workbench.quickInput.escape();
	});

	it('has keys for the commonest actions', async () => {
		await page().keyboard.press('Control+Alt+j');
		await page().keyboard.press('n');
		await page().getByText('Create Task from One Line').first().waitFor();
		await session.workbench.quickInput.escape();
	});

	it('writes a report without names and folders, and sends nothing', async () => {
		await session.workbench.quickInput.runCommand('Dream.OS: Report Issue…');
		await session.workbench.messages.untilToast(/Nothing is sent/u);
		const text = await until('the report', async () => {
			const shown = await session.workbench.editors.text();
			return shown.includes('Diagnostics') && shown;
		});
		assert.match(text, /Dream\.OS: \d/u);
		assert.ok(!text.includes(session.folder), text);
		await session.workbench.screenshot('issue report');
	});
});
