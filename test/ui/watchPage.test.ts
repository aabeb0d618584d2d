// Owns the proof that the watch view's page works as a page: a run of 100,000 updates opens with a few messages and a few elements,
// it follows, it stands still for a person who scrolled up, it is the same after a reload, and foreign text is text. In a plain
// browser; the editor's end is a stand-in that reads a real log by page.

import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { readLogPage } from '../../src/core/run/logPage.ts';
import { nodeFileSystem } from '../../src/node/nodeFileSystem.ts';
import type { Envelope } from '../../src/protocol/define.ts';
import type { PageAsk, WatchHead } from '../../src/protocol/watchApi.ts';
import type { RunEvidence } from '../../src/protocol/runEvidence.ts';
import type { WatchEntry } from '../../src/protocol/watchEntry.ts';
import { toWatchEntry } from '../../src/protocol/watchEntry.ts';
import { useTemporaryFolders } from '../support/temporaryFolder.ts';
import { until } from '../support/workbench/until.ts';
import { launchBrowser } from '../support/workbench/workbench.ts';

const dist = path.join(import.meta.dirname, '..', '..', 'dist', 'webviews');
const evil = '<img src=x onerror="globalThis.isHacked = true"><b>bold</b>';

const line = (index: number, text = `Update ${index} says a few words about what was done.`) => {
	const at = new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString();
	const data = { toolCallId: `call-${index}`, title: `Read file ${index}`, kind: 'read', status: 'completed' };
	return `${JSON.stringify(index % 3 === 0 ? { at, kind: 'tool', text, data } : { at, kind: index % 3 === 1 ? 'message' : 'note', text })}\n`;
};
const lines = (from: number, to: number) =>
	Array.from({ length: to - from }, (_, index) => line(from + index)).join('');

const head: WatchHead = {
	runId: 'run-1',
	taskId: 'A',
	taskName: evil,
	worker: 'Agent-1',
	driver: 'acp',
	attempt: 1,
	state: 'working',
	reason: '',
	openedAt: Date.now() - 65_000,
	closedAt: null,
	isOpen: true,
	isDriven: true,
	isPaused: false,
	question: null,
	hasChange: false,
	hasProtocolLog: false,
	checks: null,
	plan: [
		{ content: 'Look', status: 'completed' },
		{ content: 'Change', status: 'in_progress' },
	],
	usage: 'Context: 1200 of 200000 tokens',
	size: 0,
};

describe('watch page', () => {
	const folders = useTemporaryFolders();
	let browser: Browser;
	let page: Page;
	let file: string;
	let received: Envelope[];
	let kept: unknown;
	/** Messages the editor's end sent. */
	let sent: number;

	before(async () => {
		browser = await launchBrowser();
	});
	after(() => browser.close());
	beforeEach(() => {
		file = path.join(folders.make(), 'run.jsonl');
		kept = undefined;
	});
	afterEach(() => page.close());

	const post = async (message: string, data: unknown) => {
		sent += 1;
		await page.evaluate((envelope) => postMessage(envelope, '*'), { message, data });
	};
	const tellHead = async (change: Partial<WatchHead> = {}, events: readonly WatchEntry[] = [], isWhole = false) => {
		const { size = 0 } = (await nodeFileSystem.stat(file)) ?? {};
		await post('head', { head: { ...head, size, ...change }, events, isWhole });
	};
	const answer = async (envelope: Envelope) => {
		received.push(envelope);
		if (envelope.message === 'ready') {
			await tellHead({}, [], true);
		} else if (envelope.message === 'page') {
			const { ask } = envelope.data as { readonly ask: PageAsk };
			const read = await readLogPage(nodeFileSystem, file, 'newest' in ask ? 'newest' : ask);
			const { from = 0, to = 0, size = 0 } = read ?? {};
			await post('page', { ask, from, to, size, entries: (read?.lines ?? []).map(toWatchEntry) });
		}
	};
	const open = async (theme = 'vscode-light') => {
		received = [];
		sent = 0;
		page = await browser.newPage({ viewport: { width: 900, height: 700 } });
		await page.setContent(`<body class="${theme}"><main id="page" data-run="run-1"></main></body>`);
		await page.addStyleTag({ content: readFileSync(path.join(dist, 'watch.css'), 'utf8') });
		await page.exposeFunction('toTest', (envelope: Envelope) => void answer(envelope));
		await page.exposeFunction('keepForTest', (state: unknown) => {
			kept = state;
		});
		await page.evaluate((state) => {
			const { toTest, keepForTest } = globalThis as unknown as Record<string, (value: unknown) => void>;
			const api = { postMessage: toTest, getState: () => state, setState: keepForTest };
			Object.assign(globalThis, { acquireVsCodeApi: () => api });
		}, kept);
		await page.addScriptTag({ content: readFileSync(path.join(dist, 'watch.js'), 'utf8') });
	};
	const scroller = () => page.locator('.scroller');
	const lastText = () => page.locator('.item').last().innerText();
	/** Resolves once nothing more is asked for. */
	const rest = async () => {
		let before = -1;
		await until('the page to rest', async () => {
			const count = received.length;
			const isSame = count === before;
			before = count;
			await page.waitForTimeout(100);
			return isSame;
		});
	};
	/** The first item that can be seen, and where it stands. */
	const topItem = () =>
		page.evaluate(() => {
			const box = document.querySelector('.scroller')?.getBoundingClientRect();
			const item = [...document.querySelectorAll('.item')].find(
				(each) => each.getBoundingClientRect().bottom > (box?.top ?? 0) + 1,
			);
			return {
				text: item?.querySelector('.body')?.textContent,
				top: Math.round(item?.getBoundingClientRect().top ?? 0),
			};
		});

	it('opens a run of 100,000 updates with one page and few elements, at its end', async () => {
		await writeFile(file, lines(0, 100_000));
		await open();
		await page.getByText('Read file 99999').waitFor();
		await rest();
		assert.match(await lastText(), /Read file 99999/u);
		const asked = received.filter(({ message }) => message === 'page').length;
		assert.ok(asked <= 2, `${asked} pages were asked for`);
		assert.ok(sent <= 4, `${sent} messages were sent`);
		const elements = await page.locator('*').count();
		assert.ok(elements < 1000, `${elements} elements were made`);
	});

	it('follows what comes', async () => {
		await writeFile(file, lines(0, 100));
		await open();
		await page.getByText('Read file 99').waitFor();
		await appendFile(file, lines(100, 112));
		await tellHead();
		await page.getByText('Read file 111').waitFor();
		await until('the end', async () =>
			page.evaluate(() => {
				const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = document.querySelector('.scroller') ?? {};
				return scrollHeight - scrollTop - clientHeight < 2;
			}),
		);
		assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'BODY');
	});

	it('jumps to the end of a log that grew by more than it reads through', async () => {
		await writeFile(file, lines(0, 100));
		await open();
		await page.getByText('Read file 99').waitFor();
		await rest();
		const before = received.length;
		await appendFile(file, lines(100, 50_001));
		await tellHead();
		await page.getByText('Update 50000').first().waitFor();
		await rest();
		assert.ok(received.length - before <= 3, `${received.length - before} messages were received`);
	});

	it('stands still for a person who scrolled up, until they jump to the newest', async () => {
		await writeFile(file, lines(0, 5000));
		await open();
		await page.getByText('Read file 4998').waitFor();
		await rest();
		await scroller().hover();
		await page.mouse.wheel(0, -3000);
		await page.getByRole('button', { name: /Jump to newest/u }).waitFor();
		await rest();
		const before = await topItem();
		await appendFile(file, lines(5000, 5600));
		await tellHead();
		await tellHead({ state: 'validating' });
		await rest();
		assert.deepEqual(await topItem(), before);
		await page.getByRole('button', { name: /Jump to newest/u }).click();
		await page.getByText('Read file 5598').waitFor();
		assert.equal(await page.getByRole('button', { name: /Jump to newest/u }).isVisible(), false);
	});

	it('stands still when there is more or less room for it', async () => {
		await writeFile(file, lines(0, 5000));
		await open();
		await page.getByText('Read file 4998').waitFor();
		await rest();
		await scroller().hover();
		await page.mouse.wheel(0, -3000);
		await page.getByRole('button', { name: /Jump to newest/u }).waitFor();
		await rest();
		const { text } = await topItem();
		const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
		for (const size of [
			{ width, height: height - 150 },
			{ width: width - 200, height },
			{ width, height },
		]) {
			await page.setViewportSize(size);
			await rest();
			assert.equal((await topItem()).text, text, `${size.width} × ${size.height}`);
		}
	});

	it('is read back to its beginning by scrolling, and stays small', async () => {
		await writeFile(file, lines(0, 9000));
		await open();
		await page.getByText('Read file 8997').waitFor();
		await scroller().hover();
		await until(
			'the beginning',
			async () => {
				await page.mouse.wheel(0, -20_000);
				return await page.getByText('The run begins here.').isVisible();
			},
			undefined,
			60_000,
		);
		await rest();
		await page.mouse.wheel(0, -200_000);
		await page.getByText('Read file 0', { exact: true }).waitFor();
		assert.ok((await page.locator('*').count()) < 1000);
	});

	it('is the same after a reload: where a person was, or at the end', async () => {
		await writeFile(file, lines(0, 5000));
		await open();
		await page.getByText('Read file 4998').waitFor();
		await rest();
		await scroller().hover();
		await page.mouse.wheel(0, -15_000);
		await rest();
		const before = await topItem();
		await page.close();
		await open();
		await page.locator('.item').first().waitFor();
		await rest();
		const after = await topItem();
		assert.equal(after.text, before.text);
		// A place between two pixels may be drawn at either.
		assert.ok(Math.abs(after.top - before.top) <= 1, `from ${before.top} to ${after.top}`);
		await page.getByRole('button', { name: /Jump to newest/u }).click();
		await page.getByText('Read file 4998').waitFor();
		await rest();
		await page.close();
		await open();
		await page.getByText('Read file 4998').waitFor();
	});

	it('shows foreign text as text, and sends what is pressed', async () => {
		const diffs = [{ path: 'src/a.ts', text: `-${evil}\n+new`, added: 1, removed: 1, isCut: false }];
		const data = { toolCallId: '1', title: evil, kind: 'edit', status: 'completed', diffs };
		await writeFile(file, `${line(1, evil)}${JSON.stringify({ kind: 'tool', text: evil, data })}\n`);
		await open();
		await page.getByText(evil).first().waitFor();
		assert.equal(await page.locator('img, b').count(), 0);
		assert.equal(await page.evaluate(() => 'isHacked' in globalThis), false);
		await page.getByRole('button', { name: 'Open Diff of src/a.ts' }).click();
		await page.getByRole('button', { name: 'Stop' }).click();
		assert.deepEqual(received.slice(-2), [
			{ message: 'openDiff', data: { path: 'src/a.ts' } },
			{ message: 'perform', data: { command: 'task.release' } },
		]);
	});

	it('opens the evidence of a run that is over, as text, and asks anew when it changed', async () => {
		await writeFile(file, lines(0, 20));
		await open();
		await tellHead({
			isOpen: false,
			state: 'failed',
			checks: { passed: 1, failed: 1, unread: 1, contradicted: 1 },
		});
		const asked = () => received.filter(({ message }) => message === 'evidence').length;
		await until('the evidence to be asked for', () => Promise.resolve(asked() === 1));
		const gate = { kind: 'tests', how: 'exit code 1', took: '3 s', output: `${evil}\nthe end` };
		const told: RunEvidence = {
			commit: 'c'.repeat(40),
			base: 'b'.repeat(40),
			gates: [
				{ ...gate, command: evil, verdict: 'failed' },
				{ ...gate, command: 'make', verdict: 'passed', output: '' },
			],
			claims: [{ claim: 'the tests pass', verdict: 'contradicted', found: 'They do not.' }],
			acceptance: [{ text: 'b is there', state: 'shown', by: 'grep b' }],
			reviews: [{ by: 'human:ann', verdict: 'rejected', reason: 'no' }],
			files: ['src/a.ts'],
			moreFiles: 2,
		};
		await post('evidence', told);
		const shown = page.locator('.evidence');
		await until('it to be drawn', async () => (await shown.innerText()).includes('src/a.ts'));
		const text = await shown.innerText();
		for (const part of [
			'gates failed: 1',
			'claims contradicted: 1',
			evil,
			'tests, exit code 1, 3 s',
			'the end',
			'c'.repeat(40),
		]) {
			assert.ok(text.includes(part), `${part} in\n${text}`);
		}
		assert.equal(await page.evaluate(() => 'isHacked' in globalThis), false);
		await tellHead({
			isOpen: false,
			state: 'failed',
			checks: { passed: 2, failed: 0, unread: 0, contradicted: 0 },
		});
		await until('it to be asked for again', () => Promise.resolve(asked() === 2));
		await shown.getByText('Export Evidence…').click();
		await until('the export to be asked for', () =>
			Promise.resolve(
				received.some(
					({ message, data }) => message === 'perform' && JSON.stringify(data).includes('run.evidence'),
				),
			),
		);
	});

	it('keeps the evidence of a run that goes on folded, and shows none where there is none', async () => {
		await writeFile(file, lines(0, 20));
		await open();
		await rest();
		assert.equal(await page.locator('.evidence').isVisible(), false);
		await tellHead({ checks: { passed: 1, failed: 0, unread: 0, contradicted: 0 } });
		await until('it to be seen', () => page.locator('.evidence').isVisible());
		await rest();
		assert.equal(
			received.some(({ message }) => message === 'evidence'),
			false,
		);
	});

	it('shows only messages, or only tools, when asked', async () => {
		await writeFile(file, lines(0, 30));
		await open();
		await page.getByText('Read file 27').waitFor();
		await page.getByRole('button', { name: 'Messages', exact: true }).click();
		assert.equal(await page.locator('.item.tool, .item.note').count(), 0);
		await page.getByRole('button', { name: 'Tools', exact: true }).click();
		assert.equal(await page.locator('.item.tool').count(), 10);
		assert.equal(await page.locator('.item.message').count(), 0);
	});

	it('looks like this', async () => {
		const folder = path.join(import.meta.dirname, '..', '..', 'test-results');
		await mkdir(folder, { recursive: true });
		await writeFile(file, lines(0, 20));
		await open();
		await page.getByText('Read file 18').waitFor();
		await page.screenshot({ path: path.join(folder, 'watch page.png') });
	});
});
