// Owns the proof that the dashboard looks right at every time of day, in every language and width: labels of the timeline's axis are
// whole, at their places and apart, and nothing stands out of a tab when a day begins.

import { strict as assert } from 'node:assert';
import type { Browser, Page } from 'playwright-core';
import { reportedLines } from '../support/reportedLines.ts';
import { resizePage } from '../support/resizePage.ts';
import { DashboardBrowser } from '../support/dashboardBrowser.ts';
import { projectState } from '../support/dashboardTasks.ts';
import { launchBrowser } from '../support/workbench/workbench.ts';
import { overflowFaults } from './pageFaults.ts';

const widths = [282, 320, 420, 700, 1100, 1400];
const locales = ['en-US', 'pt-BR', 'ar-EG'];

/** A day in steps that meet every part of an hour, each at every length of time the timeline shows. */
function axisFaults(page: Page): Promise<string[]> {
	return page.evaluate(() => {
		const button = (name: string) => document.querySelector<HTMLButtonElement>(`[aria-label="${name}"]`);
		const midnight = new Date(2026, 10, 26).getTime();
		const faults: string[] = [];
		for (let minutes = 0; minutes < 1440; minutes += 53) {
			Date.now = () => midnight + minutes * 60_000;
			button('Longer time')?.click();
			button('Now: follow the clock')?.click();
			for (let zoom = 0; zoom < 4; zoom += 1) {
				const axis = document.querySelector('.axis')?.getBoundingClientRect() ?? new DOMRect();
				const labels = [...document.querySelectorAll('.axis span')];
				const where = `${minutes} minutes past midnight, zoom ${zoom}`;
				if (labels.length === 0) {
					faults.push(`no label ${where}`);
				}
				let end = axis.left;
				for (const label of labels) {
					const { left, right } = label.getBoundingClientRect();
					if (left < end - 0.5 || right > axis.right + 0.5) {
						faults.push(
							`${label.textContent} reaches from ${left} to ${right}, free from ${end} to ${axis.right}, ${where}`,
						);
					}
					end = right;
				}
				button(zoom < 2 ? 'Shorter time' : 'Longer time')?.click();
			}
		}
		return faults;
	});
}

const yesterday = () => ({
	...projectState(40),
	log: reportedLines(
		40,
		'reads the parser, and says what it found there in a sentence that is longer than any line',
		1,
	),
});

describe('times in the dashboard', () => {
	let browser: Browser;

	before(async () => {
		browser = await launchBrowser();
	});
	after(() => browser.close());

	for (const locale of locales) {
		it(`has whole labels on the axis of the timeline at every time of day and width (${locale})`, async () => {
			const dashboard = await DashboardBrowser.open(browser, { kept: { tab: 'timeline' }, locale });
			await dashboard.show(projectState(40));
			await dashboard.page.locator('.axis span').first().waitFor();
			for (const width of widths) {
				await resizePage(dashboard.page, width, 800);
				assert.deepEqual(await axisFaults(dashboard.page), [], `${width} wide`);
			}
			await dashboard.page.close();
		});
	}

	it('keeps every tab within its page when all of it was yesterday', async () => {
		const at = new Date(Date.now() + 86_400_000).setHours(0, 3);
		const dashboard = await DashboardBrowser.open(browser, { at, locale: 'pt-BR' });
		await dashboard.show(yesterday());
		for (const tab of ['Overview', 'Board', 'Graph', 'Timeline', 'Analytics', 'Log']) {
			await dashboard.openTab(tab);
			for (const width of widths) {
				await resizePage(dashboard.page, width, 800);
				assert.deepEqual(await overflowFaults(dashboard.page.mainFrame()), [], `${tab}, ${width} wide`);
			}
		}
		await dashboard.page.close();
	});
});
