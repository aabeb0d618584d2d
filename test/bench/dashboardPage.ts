// Measures the dashboard's page by itself: frames while a person scrolls 10,000 cards, and what page and feed hold after an hour of
// updates, ten a second.
//
// Method: the bundle that is shipped, in Chromium, with our end of the talk played by the bench. Frames: the column of the backlog
// scrolls by 120 pixels a frame, over the whole of its cards; counted are the frames of the browser. Updates: a program of its own
// changes the tasks of a picture one after the other and notes what the page would be told; the page is told all of it as fast as it
// takes it, on each tab in turn. What is live is counted after a garbage collection, after a tenth of the updates and after all: what
// grows by then grows with time.

import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { DashboardBrowser } from '../support/dashboardBrowser.ts';
import { projectState } from '../support/dashboardTasks.ts';
import { launchBrowser } from '../support/workbench/workbench.ts';
import type { BenchContext, Measured } from './benchmark.ts';
import { defineBenchmark } from './benchmark.ts';
import type { FeedFigures } from './dashboardFeed.program.ts';
import { median, spread } from './statistics.ts';

const run = promisify(execFile);
const program = join(import.meta.dirname, 'dashboardFeed.program.ts');

const cards = 10_000;
const frames = 240;
const rounds = 5;
/** An hour at ten a second. */
const updates = 36_000;
const updatedTasks = 500;
const batch = 200;
const patience = 15 * 60_000;
const tabs = ['Overview', 'Board', 'Graph', 'Timeline', 'Analytics', 'Log'] as const;

export const dashboardPage = defineBenchmark({
	figures: {
		'dashboard.scrollFrames': {
			title: 'frames a second while 10,000 cards are scrolled, median',
			unit: 'fps',
			limit: { atLeast: 58 },
		},
		'dashboard.pageGrowth': {
			title: 'by how much the page grows in nine tenths of 36,000 updates',
			unit: 'MB',
			limit: { atMost: 2 },
		},
		'dashboard.feedGrowth': {
			title: "by how much the editor's end grows meanwhile",
			unit: 'MB',
			limit: { atMost: 2 },
		},
	},
	async measure(context) {
		const { bundles } = await context.product();
		const browser = await launchBrowser();
		context.onEnd(() => browser.close());
		return {
			'dashboard.scrollFrames': await scrollFrames(browser, bundles),
			...(await growth(context, browser, bundles)),
		};
	},
});

async function scrollFrames(browser: Browser, bundles: string): Promise<Measured> {
	const dashboard = await DashboardBrowser.open(browser, {
		bundles,
		kept: { tab: 'board' },
		width: 1400,
		height: 900,
	});
	await dashboard.show(projectState(cards, () => ({ status: 'PENDING', claimed_by: null, block_reason: null })));
	await dashboard.page.locator('.boardColumn[data-status="PENDING"] .card').first().waitFor();
	const [idle, scrolled]: [number[], number[]] = [[], []];
	for (let round = 0; round < rounds; round += 1) {
		idle.push(await framesOf(dashboard.page, 0));
		scrolled.push(await framesOf(dashboard.page, 120));
	}
	await dashboard.page.close();
	return {
		value: median(scrolled),
		notes: [`rounds ${spread(scrolled, 0)}; the same page at rest ${median(idle).toFixed(0)} (${spread(idle, 0)})`],
	};
}

/** Frames a second while the backlog moves by so many pixels a frame. */
function framesOf(page: Page, pixels: number): Promise<number> {
	return page.evaluate(
		({ step, count }) =>
			new Promise<number>((resolve, reject) => {
				const list = document.querySelector('.boardColumn[data-status="PENDING"] .scroller');
				if (list === null) {
					reject(new Error('There is no backlog.'));
					return;
				}
				let begun: number | undefined;
				let seen = 0;
				const next = (now: number) => {
					begun ??= now;
					if (seen === count) {
						resolve((count * 1000) / (now - begun));
						return;
					}
					seen += 1;
					list.scrollTop += step;
					requestAnimationFrame(next);
				};
				requestAnimationFrame(next);
			}),
		{ step: pixels, count: frames },
	);
}

async function growth(context: BenchContext, browser: Browser, bundles: string) {
	const file = join(context.folder, 'messages.jsonl');
	context.say(`… changing tasks ${updates} times`);
	const words = ['--expose-gc', program, file, String(updates), String(updatedTasks)];
	const { stdout } = await run(process.execPath, words, { timeout: patience });
	const feed = JSON.parse(stdout) as FeedFigures;
	context.say(`… telling the page ${feed.messages} messages`);
	const { page } = await DashboardBrowser.open(browser, { bundles });
	const client = await page.context().newCDPSession(page);
	const live = async () => {
		await page.getByRole('tab', { name: 'Overview' }).click();
		await client.send('HeapProfiler.collectGarbage');
		return (await client.send('Runtime.getHeapUsage')).usedSize / 1_048_576;
	};
	let early = Number.NaN;
	let told = 0;
	let waiting: string[] = [];
	for await (const line of createInterface({ input: createReadStream(file) })) {
		waiting.push(line);
		if (waiting.length === batch) {
			await tell(page, waiting);
			told += waiting.length;
			waiting = [];
			await page.getByRole('tab', { name: tabs[(told / batch) % tabs.length] ?? '' }).click();
			if (Number.isNaN(early) && told >= updates / 10) {
				early = await live();
			}
		}
	}
	await tell(page, waiting);
	const last = await page.evaluate(
		() =>
			(globalThis as unknown as { sent: { message: string }[] }).sent.filter(({ message }) => message === 'ready')
				.length,
	);
	if (last !== 1) {
		throw new Error(`The page lost its place ${last - 1} times.`);
	}
	const late = await live();
	const show = (megabytes: number) => `${megabytes.toFixed(1)} MB`;
	return {
		'dashboard.pageGrowth': {
			value: late - early,
			notes: [`${show(early)}, then ${show(late)} (${feed.messages} messages)`],
		},
		'dashboard.feedGrowth': {
			value: feed.late - feed.early,
			notes: [`${show(feed.early)}, then ${show(feed.late)}`],
		},
	};
}

/** Posts messages as the editor does, and waits until the page took them all. */
function tell(page: Page, lines: readonly string[]): Promise<void> {
	return page.evaluate(
		(texts) =>
			new Promise<void>((resolve) => {
				for (const text of texts) {
					postMessage(JSON.parse(text), '*');
				}
				// What is posted last is taken last.
				addEventListener('message', function taken({ data }) {
					if (data === 'all told') {
						removeEventListener('message', taken);
						resolve();
					}
				});
				postMessage('all told', '*');
			}),
		lines,
	);
}
