// Owns the proof that the dashboard speaks the editor's language: every tab says its words in German, none is left in English, nothing
// stands out of its place for being longer, and a translation is text, whatever it holds.

import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import { dashboardTabs } from '../../src/protocol/dashboardApi.ts';
import { DashboardBrowser } from '../support/dashboardBrowser.ts';
import { projectState } from '../support/dashboardTasks.ts';
import { englishLeft, shownTexts } from '../support/englishLeft.ts';
import { bundlePath, readJson } from '../support/translations.ts';
import { reportedLines } from '../support/reportedLines.ts';
import { resizePage } from '../support/resizePage.ts';
import { launchBrowser } from '../support/workbench/workbench.ts';
import { overflowFaults } from './pageFaults.ts';

const words = readJson(bundlePath('de'));
const german = { tag: 'de', words };
const widths = [320, 700, 1400];
const titles = {
	overview: 'Overview',
	board: 'Board',
	graph: 'Graph',
	timeline: 'Timeline',
	analytics: 'Analytics',
	log: 'Log',
};

/** Every tab has something to show. */
function filled() {
	const state = projectState(64);
	return {
		...state,
		...(state.overview && {
			overview: {
				...state.overview,
				today: { ...state.overview.today, completed: 1234, failed: 2, tokens: 1_234_567, cost: 12.5 },
				agents: state.overview.agents.map((agent) => ({
					...agent,
					strays: 2,
					drift: {
						percent: 72,
						reasons: ['Nothing was changed for 80 steps', '7 of the last 9 steps failed'],
					},
				})),
				problems: [{ severity: 'warning' as const, place: 'board.json:3', message: 'x' }],
				problemTotal: 1,
			},
		}),
		log: reportedLines(40, 'x', 1),
	};
}

describe('dashboard in German', () => {
	let browser: Browser;
	before(async () => {
		browser = await launchBrowser();
	});
	after(() => browser.close());

	for (const tab of dashboardTabs) {
		it(`says everything of ${titles[tab]} in German, and has room for it`, async () => {
			const { page } = await open(tab, german);
			assert.equal(await page.locator('html').getAttribute('lang'), 'de');
			await page.getByRole('tab', { name: String(words[titles[tab]]), selected: true }).waitFor();
			assert.deepEqual(englishLeft(await shownTexts(page), words), []);
			// Fonts differ from machine to machine: there has to be room for one that is a good deal wider than this one's.
			await page.evaluate(() => {
				const wider = new CSSStyleSheet();
				wider.replaceSync('* { letter-spacing: 0.1em; }');
				document.adoptedStyleSheets.push(wider);
			});
			for (const width of widths) {
				await resizePage(page, width);
				assert.deepEqual(await overflowFaults(page.mainFrame()), [], `${width} wide`);
			}
			await page.close();
		});
	}

	const open = async (tab: string, language?: typeof german) => {
		const dashboard = await DashboardBrowser.open(browser, {
			kept: { tab },
			...(language && { language, locale: 'en-US' }),
		});
		await dashboard.show(filled());
		await dashboard.page.locator('.swarm[data-state]').waitFor();
		return dashboard;
	};

	it('finds what is left in English', async () => {
		const { page } = await open('overview');
		const left = englishLeft(await shownTexts(page), words);
		for (const text of ['Overview', 'Needs You', 'Swarm running', 'Log of Agent-1', 'In progress', 'by Agent-1']) {
			assert.ok(left.includes(text), `${text} was not found among ${left.join(', ')}`);
		}
		await page.close();
	});

	it('writes numbers as German does, also where the system speaks English', async () => {
		const { page } = await open('overview', german);
		assert.equal(await page.locator('.today .count[data-outcome=tokens] .figure').innerText(), '1.234.567');
		assert.equal(await page.locator('.today .count[data-outcome=cost] .figure').innerText(), '12,50');
		await page.close();
	});

	it('takes a translation as text', async () => {
		const evil = '</script><script>isHacked = true</script><img src=x onerror="isHacked = true"><!--';
		const { page } = await open('overview', { tag: 'de', words: { ...words, Overview: evil, Agents: evil } });
		await page.getByRole('tab', { name: evil }).waitFor();
		await page.getByRole('heading', { name: evil }).waitFor();
		assert.equal(await page.locator('img').count(), 0);
		assert.equal(await page.evaluate(() => 'isHacked' in globalThis), false);
		await page.close();
	});
});
