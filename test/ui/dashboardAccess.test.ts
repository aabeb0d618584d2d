// Owns the proof that every tab of the dashboard can be used without seeing or pointing, wide and narrow: axe finds nothing serious,
// and nothing stands out of the page. Four themes of the real editor are judged in looks.test.ts.

import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import { reportedLines } from '../support/reportedLines.ts';
import { DashboardBrowser } from '../support/dashboardBrowser.ts';
import { projectState } from '../support/dashboardTasks.ts';
import { launchBrowser } from '../support/workbench/workbench.ts';
import { accessFaults } from './accessFaults.ts';
import { overflowFaults } from './pageFaults.ts';

const tabs = ['Overview', 'Board', 'Graph', 'Timeline', 'Analytics', 'Log'] as const;

const stateOf = (count: number) => ({
	...projectState(count),
	log: reportedLines(
		count,
		'reads the parser, and says what it found there in a sentence that is longer than any line '.repeat(3),
	),
});

describe('access to the dashboard', () => {
	let browser: Browser;

	before(async () => {
		browser = await launchBrowser();
	});
	after(() => browser.close());

	for (const [what, count, width] of [
		['with forty tasks', 40, 1100],
		['with forty tasks in a narrow page', 40, 420],
		['without any task', 0, 1100],
	] as const) {
		it(what, async () => {
			const dashboard = await DashboardBrowser.open(browser, { width });
			await dashboard.show(stateOf(count));
			for (const tab of tabs) {
				await dashboard.openTab(tab);
				assert.deepEqual(await accessFaults(dashboard.page, false), [], tab);
				assert.deepEqual(await overflowFaults(dashboard.page.mainFrame()), [], tab);
			}
			await dashboard.page.close();
		});
	}

	it('is judged by something that finds a planted fault', async () => {
		const dashboard = await DashboardBrowser.open(browser);
		await dashboard.show(stateOf(1));
		await dashboard.page.evaluate(() => document.querySelector('main')?.append(document.createElement('button')));
		assert.match((await accessFaults(dashboard.page, false)).join('\n'), /button-name/u);
		await dashboard.page.close();
	});
});
