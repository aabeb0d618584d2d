// Owns the middle of the window and the panel below it: files, tabs, webviews, problems, output.
import type { Frame, Page } from 'playwright-core';
import type { QuickInput } from './quickInput.ts';
import { until } from './until.ts';

/** One editor tab. */
export interface Tab {
	readonly title: string;
	readonly isActive: boolean;
	readonly isDirty: boolean;
}

/** A file that was chosen is open long before. */
const retryMilliseconds = 10_000;

/** Drives editors and panel of one page. */
export class Editors {
	readonly #page: Page;
	readonly #quickInput: QuickInput;

	constructor(page: Page, quickInput: QuickInput) {
		this.#page = page;
		this.#quickInput = quickInput;
	}

	/** Opens a file of the workspace by its relative path, through Quick Open, and waits for its text. */
	async open(path: string): Promise<void> {
		const name = path.split('/').at(-1) ?? path;
		const isActive = async () => (await this.tabs()).some((tab) => tab.isActive && tab.title === name);
		const seen = async () => JSON.stringify(await this.tabs());
		await this.#choose(path, name);
		try {
			await until(`the tab ${name}`, isActive, seen, retryMilliseconds);
		} catch {
			// A page that takes the focus late closes the list under the choice: a person opens it once more.
			await this.#choose(path, name);
			await until(`the tab ${name}`, isActive, seen);
		}
		await this.#page.locator('.editor-group-container.active .monaco-editor .view-line').first().waitFor();
	}

	async #choose(path: string, name: string): Promise<void> {
		await until(`Quick Open to find ${name}`, async () => {
			// It closes when something else takes the focus, such as a notification that goes.
			if (!(await this.#quickInput.isOpen())) {
				await this.#page.keyboard.press('Control+P');
				await this.#quickInput.type(path, { accept: false });
			}
			return (await this.#quickInput.items()).some(({ label }) => label === name);
		});
		await this.#quickInput.pick(name);
	}

	/** Brings a tab to the front. */
	async openTab(title: string): Promise<void> {
		const tab = this.#page.locator('.tabs-container .tab').filter({ hasText: title });
		await tab.first().click();
	}

	/** The visible lines of the active text editor; a diff editor gives its right side. */
	async text(): Promise<string> {
		const editor = this.#page.locator('.editor-group-container.active .editor-container .monaco-editor').last();
		return await editor.evaluate(visibleText);
	}

	/** Types at the cursor of the active editor. `at` places the cursor first. */
	async type(text: string, at: 'start' | 'end' | 'here' = 'here'): Promise<void> {
		const lines = this.#page.locator('.editor-group-container.active .editor-container .monaco-editor .view-lines');
		if (at !== 'here') {
			await lines.last().click();
			await this.#page.keyboard.press(at === 'start' ? 'Control+Home' : 'Control+End');
		}
		await this.#page.keyboard.insertText(text);
	}

	/** Replaces one line of the active editor, counted from 1, by a line. */
	async replaceLine(line: number, text: string): Promise<void> {
		await this.#page.keyboard.press('Control+G');
		await this.#quickInput.type(`:${line}`);
		await until('Go to Line to close', async () => !(await this.#quickInput.isOpen()));
		// Home twice: the first one may stop at the indentation.
		for (const key of ['End', 'Home', 'Home', 'Shift+End']) {
			await this.#page.keyboard.press(key);
		}
		await this.#page.keyboard.insertText(text);
	}

	/** All tabs, left to right. */
	async tabs(): Promise<Tab[]> {
		return await this.#page.locator('.tabs-container .tab').evaluateAll((tabs) =>
			tabs.map((tab) => ({
				title: (tab.querySelector('.monaco-icon-label-container')?.textContent ?? '').trim(),
				isActive: tab.classList.contains('active'),
				isDirty: tab.classList.contains('dirty'),
			})),
		);
	}

	/** Opens the Problems panel and returns its lines, files included. */
	async problems(filter = ''): Promise<string[]> {
		await this.#quickInput.runCommand('Problems: Focus on Problems View');
		const panel = this.#page.locator('.markers-panel');
		await panel.waitFor();
		const box = this.#page.getByPlaceholder(/^Filter \(e\.g\./u).first();
		if ((await box.inputValue()) !== filter) {
			await box.fill(filter);
			await until('the filter to be applied', async () => {
				const files = await panel.locator('.monaco-list-row[aria-level="1"]').allInnerTexts();
				return files.length > 0 && files.every((file) => file.includes(filter));
			});
		}
		const rows = await panel.locator('.monaco-list-row').allInnerTexts();
		return rows.map((row) => row.replaceAll(/\s+/g, ' ').trim());
	}

	/** The visible lines of the Output panel, whichever channel it shows. */
	async output(): Promise<string> {
		const output = this.#page.locator('.part.panel .output-view .monaco-editor');
		await output.waitFor();
		return await output.evaluate(visibleText);
	}

	/** The innermost frame of the visible webview that contains something matching the selector. */
	async webviewFrame(selector: string): Promise<Frame> {
		return await until(`a webview with ${selector}`, async () => {
			for (const frame of this.#page.frames()) {
				const isInWebview = frame.parentFrame()?.url().includes('/webview/browser/pre/') === true;
				if (isInWebview && (await frame.locator(selector).first().isVisible())) {
					return frame;
				}
			}
			return undefined;
		});
	}
}

/** Runs in the page: lines are positioned freely, so their order is their height on the screen. */
function visibleText(editor: Element): string {
	const lines = [...editor.querySelectorAll<HTMLElement>('.view-lines .view-line')];
	return lines
		.toSorted((a, b) => Number.parseFloat(a.style.top) - Number.parseFloat(b.style.top))
		.map((line) => (line.textContent ?? '').replaceAll('\u00a0', ' '))
		.join('\n');
}
