// Owns one editor window in Chromium, driven as a person drives it: keys and clicks, never extension API.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { CHROMIUM_FLAGS, ensureChromium } from '../chromium.mjs';
import { RESULTS_FOLDER } from '../project.mjs';
import type { ServedEditor } from '../servedEditor.mjs';
import { Editors } from './editors.ts';
import { Messages } from './messages.ts';
import { QuickInput } from './quickInput.ts';
import { Tree } from './tree.ts';
import { PATIENCE_MILLISECONDS, until } from './until.ts';

/** Editor settings for driven windows: nothing may lie over what a test wants to click, or still be moving. */
export const DRIVEN_SETTINGS = {
	'workbench.reduceMotion': 'on',
	'workbench.hover.delay': 60_000,
	'editor.hover.enabled': 'off',
	'workbench.tree.enableStickyScroll': false,
};

const THEMES = {
	light: { name: 'Light Modern', cssClass: 'vs' },
	dark: { name: 'Dark Modern', cssClass: 'vs-dark' },
	highContrast: { name: 'Default High Contrast', cssClass: 'hc-black' },
	highContrastLight: { name: 'Default High Contrast Light', cssClass: 'hc-light' },
};

export type ThemeKind = keyof typeof THEMES;

/** Starts the Chromium that windows are opened in; close it after the last one. */
export async function launchBrowser(): Promise<Browser> {
	return await chromium.launch({ executablePath: await ensureChromium(), args: CHROMIUM_FLAGS });
}

/** One editor window. */
export class Workbench {
	readonly page: Page;
	readonly quickInput: QuickInput;
	readonly messages: Messages;
	readonly editors: Editors;
	readonly #editor: ServedEditor;
	readonly #console: string[] = [];

	private constructor(page: Page, editor: ServedEditor) {
		this.page = page;
		this.#editor = editor;
		this.quickInput = new QuickInput(page);
		this.messages = new Messages(page);
		this.editors = new Editors(page, this.quickInput);
		page.on('console', (message) => this.#console.push(`[${message.type()}] ${message.text()}`));
		page.on('pageerror', (error) => this.#console.push(`[uncaught] ${error.stack ?? error.message}`));
	}

	/** Opens a folder in a new window and waits until it can be used. Without a folder: an empty window. */
	static async open(browser: Browser, editor: ServedEditor, folder: string | undefined): Promise<Workbench> {
		const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, reducedMotion: 'reduce' });
		page.setDefaultTimeout(PATIENCE_MILLISECONDS);
		const workbench = new Workbench(page, editor);
		await page.goto(folder === undefined ? `${editor.origin}/?ew=true` : editor.url(folder));
		await workbench.#ready();
		return workbench;
	}

	/** The tree view with this title; its container must be open. */
	tree(title: string): Tree {
		return new Tree(this.page, title);
	}

	/** Shows a container of the activity bar, e.g. `Dream.OS`. */
	async openContainer(title: string): Promise<void> {
		const item = this.#containerItem(title);
		await until(`the container "${title}" to open`, async () => {
			if (((await item.getAttribute('class')) ?? '').includes('checked')) {
				return true;
			}
			await item.click({ timeout: 1_000 });
			return undefined;
		});
	}

	/** The number on a container's icon; empty when there is none. */
	async badge(title: string): Promise<string> {
		const badge = this.#containerItem(title).locator('.badge-content');
		return (await badge.isVisible()) ? ((await badge.textContent()) ?? '').trim() : '';
	}

	/** Texts of the status bar, left to right. */
	async statusBar(): Promise<string[]> {
		const items = await this.page.locator('.part.statusbar .statusbar-item').allInnerTexts();
		return items.map((text) => text.replaceAll('\u00a0', ' ').trim()).filter(Boolean);
	}

	/** Clicks the status bar item whose text contains this. */
	async pressStatusBar(text: string): Promise<void> {
		await this.page.locator('.part.statusbar .statusbar-item a').filter({ hasText: text }).first().click();
	}

	/** Changes the colour theme as the settings file does, and waits until it is painted. */
	async setTheme(kind: ThemeKind): Promise<void> {
		const theme = THEMES[kind];
		await this.#editor.changeSettings({ 'workbench.colorTheme': theme.name });
		const workbench = this.page.locator(`.monaco-workbench.${theme.cssClass}`);
		await until(`the theme ${theme.name}`, async () => (await workbench.count()) > 0);
	}

	/** Saves what is seen now; returns the path. */
	async screenshot(name: string): Promise<string> {
		await mkdir(RESULTS_FOLDER, { recursive: true });
		const path = join(RESULTS_FOLDER, `${fileName(name)}.png`);
		await this.page.screenshot({ path, animations: 'disabled' });
		return path;
	}

	/** Saves a picture, the page's console and the editor's logs for a person who wonders why a test failed. */
	async saveStory(name: string): Promise<string> {
		const picture = await this.screenshot(name).catch((error: unknown) => `no picture: ${String(error)}`);
		const path = join(RESULTS_FOLDER, `${fileName(name)}.log`);
		const parts = [`==> page console\n${this.#console.join('\n')}`, await this.#editor.logs()];
		await mkdir(RESULTS_FOLDER, { recursive: true });
		await writeFile(path, `${parts.join('\n\n')}\n\n==> server\n${this.#editor.output()}\n`);
		return `${picture}\n${path}`;
	}

	/** Reloads the window, as a person's "Developer: Reload Window". */
	async reload(): Promise<void> {
		await this.page.reload();
		await this.#ready();
	}

	/** Closes the window. The server and what the extension started outlive it. */
	async close(): Promise<void> {
		await this.page.close();
	}

	#containerItem(title: string): Locator {
		const icon = this.page.locator(`.action-label[aria-label^="${title}"]`);
		return this.page.locator('.activitybar .action-item').filter({ has: icon }).first();
	}

	async #ready(): Promise<void> {
		const isReady = async () =>
			(await this.page.locator('.monaco-workbench .part.statusbar .statusbar-item').count()) > 0;
		await until('the workbench', isReady, () => this.#console.join('\n'), 60_000);
	}
}

function fileName(name: string): string {
	return name.replaceAll(/[^\w.-]+/g, '-').replaceAll(/^-+|-+$/g, '');
}
