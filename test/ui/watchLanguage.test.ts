// Owns the proof that the watch view speaks the editor's language: its words are German, none is left in English, and nothing stands
// out of its place for being longer. In a plain browser.

import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { languageAttributes, wordsBlock } from '../../src/editor/panels/pageLanguage.ts';
import type { WatchHead } from '../../src/protocol/watchApi.ts';
import { toWatchEntry } from '../../src/protocol/watchEntry.ts';
import { englishLeft, shownTexts } from '../support/englishLeft.ts';
import { bundlePath, readJson } from '../support/translations.ts';
import { resizePage } from '../support/resizePage.ts';
import { launchBrowser } from '../support/workbench/workbench.ts';
import { overflowFaults } from './pageFaults.ts';

const dist = path.join(import.meta.dirname, '..', '..', 'dist', 'webviews');
const words = readJson(bundlePath('de'));

const head: WatchHead = {
	runId: 'run-1',
	taskId: 'A',
	taskName: 'Make the parser faster',
	worker: 'Agent-1',
	driver: 'acp',
	attempt: 2,
	state: 'validating',
	reason: '',
	openedAt: Date.now() - 65_000,
	closedAt: null,
	isOpen: true,
	isDriven: true,
	isPaused: false,
	question: 'Which server is meant?',
	hasChange: true,
	hasProtocolLog: true,
	checks: { passed: 1, failed: 1, unread: 1, contradicted: 1 },
	plan: ['completed', 'in_progress', 'pending'].map((status) => ({ content: 'x', status })),
	usage: '9 %',
	size: 900,
};
const diffs = [{ path: 'a.ts', text: '+one\n-two', added: 1, removed: 2, isCut: true }];
const tools = ['completed', 'failed', 'in_progress', 'pending', 'unfinished'].map((status) => ({
	kind: 'tool',
	text: 'x',
	data: { toolCallId: status, title: 'x', kind: 'edit', status, diffs },
}));
const entries = [
	{ kind: 'message', text: 'x' },
	{ kind: 'thought', text: 'x' },
	...tools,
	{ kind: 'output', text: 'x' },
	{ kind: 'permission', text: 'x', data: {} },
	{ kind: 'note', text: 'x' },
].map((record, index) =>
	toWatchEntry({
		offset: index * 10,
		text: JSON.stringify({ at: new Date(Date.now() - 1000).toISOString(), ...record }),
	}),
);

describe('watch view in German', () => {
	let browser: Browser;
	before(async () => {
		browser = await launchBrowser();
	});
	after(() => browser.close());

	const open = async (spoken: typeof words | undefined) => {
		const page = await browser.newPage({ viewport: { width: 900, height: 700 } });
		await page.setContent(
			`<!DOCTYPE html><html ${languageAttributes('de', spoken)}><body class="vscode-light"><main id="page" data-run="run-1"></main>${wordsBlock(spoken)}</body></html>`,
		);
		await page.addStyleTag({ content: readFileSync(path.join(dist, 'watch.css'), 'utf8') });
		await page.evaluate(() => {
			const api = { postMessage: () => undefined, getState: () => undefined, setState: () => undefined };
			Object.assign(globalThis, { acquireVsCodeApi: () => api });
		});
		await page.addScriptTag({ content: readFileSync(path.join(dist, 'watch.js'), 'utf8') });
		const say = (message: string, data: unknown) =>
			page.evaluate((envelope) => postMessage(envelope, '*'), { message, data });
		await say('head', { head, events: [], isWhole: true });
		await say('page', { ask: { newest: true }, from: 0, to: 900, size: 900, entries });
		await page.locator('.item.note').waitFor();
		return page;
	};

	it('says everything in German, and has room for it', async () => {
		const page = await open(words);
		await page.getByRole('button', { name: String(words['Review Change']) }).waitFor();
		assert.deepEqual(englishLeft(await shownTexts(page), words), []);
		for (const width of [320, 700, 1400]) {
			await resizePage(page, width);
			assert.deepEqual(await overflowFaults(page.mainFrame()), [], `${width} wide`);
		}
		await page.close();
	});

	it('finds what is left in English', async () => {
		const page = await open(undefined);
		const left = englishLeft(await shownTexts(page), words);
		for (const text of ['Review Change', 'What the agent did', 'Open Diff of a.ts']) {
			assert.ok(left.includes(text), `${text} was not found among ${left.join('; ')}`);
		}
		await page.close();
	});
});
