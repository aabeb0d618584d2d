// Owns the pictures people judge by: sidebar and dashboard in four themes, empty, at work, with very long names, narrow. Checks
// what a program can see of it: nothing overflows, every word has enough contrast, axe finds nothing serious.
import { strict as assert } from 'node:assert';
import type { ThemeKind } from '../support/workbench/workbench.ts';
import { until } from '../support/workbench/until.ts';
import { makeDemoWorkspace } from '../tryout/demoWorkspace.mjs';
import { accessFaults } from './accessFaults.ts';
import { contrastFaults, overflowFaults } from './pageFaults.ts';
import { useSession } from './session.ts';
import { blockByPalette, initializeByPalette, prepareRepository, untilOnBoard, writeReadyQueue } from './workspaces.ts';

const THEMES: readonly ThemeKind[] = ['dark', 'light', 'highContrast', 'highContrastLight'];

const TABS = ['Overview', 'Board', 'Graph', 'Timeline', 'Analytics', 'Log'] as const;

describe('looks', () => {
	describe('of an empty workspace and of very long names', () => {
		const session = useSession({ prepare: prepareRepository() });

		it('say what to do when there is nothing', async () => {
			const { workbench } = session;
			await initializeByPalette(workbench);
			await workbench.quickInput.runCommand('Dream.OS: Open Dashboard');
			await workbench.editors.webviewFrame('main#page .counts');
			await workbench.screenshot('looks empty');
		});

		it('stay inside their frame', async () => {
			const { workbench, folder } = session;
			const long = 'An unreasonably long name of a task that says everything twice '.repeat(5).slice(0, 300);
			const solid = 'x'.repeat(300);
			await writeReadyQueue(folder, [
				{ task_id: 'L-1', name: long, run: ['sleep 1; false'] },
				{ task_id: 'L-2', name: solid, run: ['true'], check: ['false'] },
			]);
			await workbench.tree('Tasks').untilDrawn(/Ready \[2\]/u);
			await blockByPalette(workbench, 'xxx', solid);
			const page = await workbench.editors.webviewFrame('main#page .rows li[data-kind="blocked"]');
			assert.deepEqual(await overflowFaults(page), []);
			await workbench.screenshot('looks long names');
			await workbench.page.setViewportSize({ width: 640, height: 900 });
			assert.deepEqual(await overflowFaults(page), []);
			await workbench.screenshot('looks long names narrow');
		});
	});

	describe('of the demo', () => {
		const session = useSession({ prepare: makeDemoWorkspace });

		it('at work', async () => {
			const { workbench } = session;
			await workbench.openContainer('Dream.OS');
			await workbench.tree('Tasks').untilDrawn(/NOTES-1/u);
			await workbench.quickInput.runCommand('Dream.OS: Open Dashboard');
			await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
			const page = await workbench.editors.webviewFrame('main#page .agents li[data-state="working"]');
			await workbench.screenshot('looks demo at work');
			await workbench.tree('Tasks').untilDrawn(/Completed \[6\]/u, 60_000);
			await page.locator('.count[data-status="COMPLETED"] .figure', { hasText: '6' }).waitFor();
			await untilOnBoard(
				session.folder,
				'Completed',
				[1, 2, 3, 4, 5, 6].map((number) => `NOTES-${number}`),
			);
		});

		for (const theme of THEMES) {
			it(`in ${theme}`, async () => {
				const { workbench } = session;
				await workbench.setTheme(theme);
				await workbench.tree('Tasks').setExpanded('Completed', true);
				const page = await workbench.editors.webviewFrame('main#page .counts');
				const kind = {
					dark: 'dark',
					light: 'light',
					highContrast: 'high-contrast',
					highContrastLight: 'high-contrast-light',
				};
				await until(
					'the page to follow the theme',
					async () => (await page.locator(`body.vscode-${kind[theme]}`).count()) > 0,
				);
				await workbench.messages.dismissToasts();
				for (const tab of TABS) {
					await page.getByRole('tab', { name: tab }).click();
					await page.locator(`vscode-tab-panel[data-tab="${tab.toLowerCase()}"]`).waitFor();
					await workbench.screenshot(`looks demo ${theme} ${tab}`);
					assert.deepEqual(await contrastFaults(page), [], tab);
					assert.deepEqual(await overflowFaults(page), [], tab);
					assert.deepEqual(await accessFaults(page), [], tab);
				}
				await page.getByRole('tab', { name: 'Overview' }).click();
			});
		}
	});
});
