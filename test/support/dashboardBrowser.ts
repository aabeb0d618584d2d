// Owns the dashboard's page in a plain browser, with a stand-in for the editor's end: what was posted is read, what the editor would
// say is said. Themes are the editor's own variables, as far as the page uses them.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { DashboardDelta, DashboardState } from '../../src/protocol/dashboardState.ts';
import { DashboardFeed } from '../../src/protocol/dashboardState.ts';
import type { Envelope } from '../../src/protocol/define.ts';
import { languageAttributes, wordsBlock } from '../../src/editor/panels/pageLanguage.ts';
import { PATIENCE_MILLISECONDS } from './workbench/until.ts';

const usualBundles = path.join(import.meta.dirname, '..', '..', 'dist');

/** The policy of src/editor/panels/html.ts with one nonce: what the page may not do there, it may not do here. */
const nonce = 'test';
const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; font-src data:`;

interface PageLanguage {
	readonly tag: string;
	readonly words: Readonly<Record<string, unknown>>;
}

export interface DashboardBrowserParts {
	/** The layout the editor kept. */
	readonly kept?: unknown;
	readonly width?: number;
	readonly height?: number;
	/** Language of the browser, as in `de-DE`. */
	readonly locale?: string;
	/** What the editor speaks, and its words; English without. */
	readonly language?: PageLanguage;
	/** Folder of the bundles; `dist` unless told. */
	readonly bundles?: string;
	/** Wall time in milliseconds at which the page's clock stands; it runs when there is none. */
	readonly at?: number;
	/** Class of the body, and variables of the theme. */
	readonly theme?: { readonly className: string; readonly variables: Readonly<Record<string, string>> };
}

/** One page of the dashboard. */
export class DashboardBrowser {
	readonly page: Page;
	private readonly feed = new DashboardFeed();

	private constructor(page: Page) {
		this.page = page;
	}

	static async open(browser: Browser, parts: DashboardBrowserParts = {}): Promise<DashboardBrowser> {
		const { kept, width = 1100, height = 800, locale, at, theme, language, bundles = usualBundles } = parts;
		const page = await browser.newPage({ viewport: { width, height }, ...(locale && { locale }) });
		if (at !== undefined) {
			await page.clock.setFixedTime(at);
		}
		page.setDefaultTimeout(PATIENCE_MILLISECONDS);
		const read = (name: string) => readFileSync(path.join(bundles, 'webviews', name), 'utf8');
		const variables = Object.entries(theme?.variables ?? {})
			.map(([name, value]) => `${name}: ${value};`)
			.join(' ');
		const stand = `globalThis.sent = []; globalThis.kept = ${JSON.stringify(kept ?? null)} ?? undefined;
			globalThis.acquireVsCodeApi = () => ({
				postMessage: (message) => globalThis.sent.push(message),
				getState: () => globalThis.kept,
				setState: (state) => { globalThis.kept = state; },
			});`;
		await page.setContent(`<!DOCTYPE html><html ${languageAttributes(language?.tag, language?.words)}><head><meta charset="utf-8"><title>Dream.OS Dashboard</title>
			<meta http-equiv="Content-Security-Policy" content="${policy}">
			<style nonce="${nonce}">:root { ${variables} }</style>
			<style nonce="${nonce}">${read('dashboard.css').replaceAll(/url\([^)]*\)/gu, 'url(data:,)')}</style>
			</head><body class="${theme?.className ?? 'vscode-light'}"><main id="page"></main>
			${wordsBlock(language?.words)}
			<script nonce="${nonce}">${stand}</script>
			<script nonce="${nonce}">${read('dashboard.js').replaceAll('</script', '<\\/script')}</script></body></html>`);
		return new DashboardBrowser(page);
	}

	/** What the page posted so far. */
	sent(): Promise<Envelope[]> {
		return this.page.evaluate(() => (globalThis as unknown as { sent: Envelope[] }).sent);
	}

	/** The layout as the page last kept it. */
	kept(): Promise<unknown> {
		return this.page.evaluate(() => (globalThis as unknown as { kept: unknown }).kept);
	}

	/** Sends a whole picture. */
	async show(state: DashboardState): Promise<void> {
		await this.say('snapshot', this.feed.whole(state));
	}

	/** Sends what is new in a picture; as it is told, or as the caller spoils it. */
	async tell(
		state: DashboardState,
		spoil: (delta: DashboardDelta) => DashboardDelta = (delta) => delta,
	): Promise<void> {
		const delta = this.feed.next(state);
		if (delta !== undefined) {
			await this.say('delta', spoil(delta));
		}
	}

	/** Says something as the editor does. */
	async say(name: string, data: unknown): Promise<void> {
		// As one string, as the editor sends it: thousands of objects take this way seconds.
		const text = JSON.stringify({ message: name, data });
		await this.page.evaluate((message) => postMessage(JSON.parse(message), '*'), text);
	}

	async openTab(title: string): Promise<void> {
		await this.page.getByRole('tab', { name: title }).click();
	}
}
