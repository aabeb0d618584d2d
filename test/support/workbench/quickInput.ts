// Owns the command palette, quick picks and input boxes: everything that drops down from the top of the window.
import type { Locator, Page } from 'playwright-core';
import { describeScreen } from './describeScreen.ts';
import { until } from './until.ts';

/** One line of a quick pick, as a person reads it. */
export interface QuickItem {
	readonly label: string;
	readonly description: string;
	readonly detail: string;
}

/** Drives the quick input widget of one page. */
export class QuickInput {
	readonly #page: Page;
	readonly #widget: Locator;
	readonly #input: Locator;

	constructor(page: Page) {
		this.#page = page;
		this.#widget = page.locator('.quick-input-widget');
		this.#input = this.#widget.locator('.quick-input-box input');
	}

	/** Runs a command through the palette (F1), by its full title such as `Dream.OS: Create Task`. */
	async runCommand(title: string): Promise<void> {
		// A panel that was opened a moment ago may take the focus, and the palette closes: then it is opened again.
		await until(
			`"${title}" in the palette`,
			async () => {
				await this.#openPalette(title);
				return await this.#tryClick(title, (label) => label === title);
			},
			() => this.#drawList(),
		);
		// What the command asks next uses the same widget: do not mistake the palette for it.
		await until('the palette to close', async () => !(await this.#isPalette()));
	}

	/** Titles the palette offers for a search text. Empty when there is none. Closes the palette again. */
	async commands(search: string): Promise<string[]> {
		await this.#openPalette(search);
		// The list is filtered a moment after typing: believe it when two looks agree.
		let last = '';
		const labels = await until(`a steady palette for "${search}"`, async () => {
			const items = (await this.items()).map(({ label }) => label);
			const isSteady = items.length > 0 && items.join('\n') === last;
			last = items.join('\n');
			return isSteady && items;
		});
		await this.escape();
		return labels.filter((label) => label.toLowerCase().includes(search.toLowerCase()));
	}

	/** Whether anything is dropped down. */
	async isOpen(): Promise<boolean> {
		return await this.#widget.isVisible();
	}

	/** The visible lines of the open quick pick (a long list shows its first screen). */
	async items(): Promise<QuickItem[]> {
		return await this.#widget.locator('.quick-input-list .monaco-list-row').evaluateAll((rows) => {
			const text = (row: Element, selector: string) =>
				(row.querySelector(selector)?.textContent ?? '').replaceAll('\u00a0', ' ').trim();
			return rows
				.toSorted((a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')))
				.map((row) => ({
					label: text(
						row,
						'.quick-input-list-rows > .quick-input-list-row:first-child .monaco-icon-name-container',
					),
					description: text(row, '.label-description'),
					detail: text(row, '.quick-input-list-label-meta'),
				}));
		});
	}

	/** Picks the line whose label is, else begins with, else contains the text. */
	async pick(text: string): Promise<void> {
		await this.#click(text);
	}

	/** Fills the input box and accepts it; with `accept: false` leaves it open, e.g. to read the validation. */
	async type(text: string, options: { accept?: boolean } = {}): Promise<void> {
		await this.#input.fill(text);
		if (options.accept ?? true) {
			await this.#input.press('Enter');
		}
	}

	/**
	 * Answers the dialog for a file or folder, which the served editor shows at the top where a desktop shows the system's. It looks
	 * the path up while one types, and a key that comes meanwhile is lost: so it is pressed until the dialog has gone.
	 */
	async choosePath(title: string, path: string): Promise<void> {
		await until(`the dialog "${title}"`, () => this.#asks(title));
		await until(
			`the dialog "${title}" to take ${path}`,
			async () => {
				if (!(await this.#asks(title))) {
					return true;
				}
				if ((await this.#input.inputValue({ timeout: 1_000 })) === path) {
					await this.#input.press('Enter', { timeout: 1_000 });
				} else {
					await this.#input.fill(path, { timeout: 1_000 });
				}
				return undefined;
			},
			() => this.#drawList(),
		);
	}

	async #asks(title: string): Promise<boolean> {
		return (await this.isOpen()) && (await this.#text('.quick-input-title')).includes(title);
	}

	/** Presses the confirming key once more, e.g. after choosing several lines. */
	async accept(): Promise<void> {
		await this.#input.press('Enter');
	}

	/** Title, prompt, placeholder and validation of what is open: the sentences a person is asked. */
	async question(): Promise<string> {
		await until('a question at the top', () => this.isOpen());
		const placeholder = await this.#input.getAttribute('placeholder');
		const parts = [
			await this.#text('.quick-input-title'),
			placeholder ?? '',
			await this.#text('.quick-input-message'),
		];
		return parts.filter(Boolean).join('\n');
	}

	/** Leaves with Esc and waits until nothing is open. */
	async escape(): Promise<void> {
		await until('the quick input to close', async () => {
			if (!(await this.isOpen())) {
				return true;
			}
			await this.#page.keyboard.press('Escape');
			return undefined;
		});
	}

	async #openPalette(search: string): Promise<void> {
		await until('the command palette', async () => {
			if (!(await this.#isPalette())) {
				await this.#page.keyboard.press('F1');
			}
			if ((await this.#input.inputValue({ timeout: 1_000 })) !== `>${search}`) {
				await this.#input.fill(`>${search}`, { timeout: 1_000 });
			}
			return true;
		});
	}

	async #isPalette(): Promise<boolean> {
		return (await this.isOpen()) && (await this.#input.inputValue({ timeout: 1_000 })).startsWith('>');
	}

	async #click(text: string): Promise<void> {
		let wasPressed = false;
		await until(
			`"${text}" in the list`,
			async () => {
				// On a slow machine a click comes through and is not reported in time: then the list it was for is gone.
				if (wasPressed && !(await this.isOpen())) {
					return true;
				}
				return await this.#tryClick(text, () => (wasPressed = true));
			},
			() => this.#drawList(),
		);
	}

	async #tryClick(text: string, fits = (_label: string) => true): Promise<true | undefined> {
		const labels = (await this.items()).map(({ label }) => label);
		const label = bestMatch(labels, text);
		if (label === undefined || !fits(label)) {
			return undefined;
		}
		const row = this.#widget.locator('.quick-input-list .monaco-list-row').filter({
			has: this.#page.locator('.monaco-icon-name-container').getByText(label, { exact: true }),
		});
		await row.first().click({ timeout: 1_000 });
		return true;
	}

	async #drawList(): Promise<string> {
		const labels = (await this.isOpen()) ? (await this.items()).map(({ label }) => label) : ['(nothing is open)'];
		return [...labels, await describeScreen(this.#page)].join('\n');
	}

	async #text(selector: string): Promise<string> {
		const part = this.#widget.locator(selector);
		return (await part.isVisible()) ? ((await part.textContent()) ?? '').trim() : '';
	}
}

/** Exact beats beginning beats containing; several hits of one kind: the first. */
export function bestMatch(labels: readonly string[], text: string): string | undefined {
	return (
		labels.find((label) => label === text) ??
		labels.find((label) => label.startsWith(text)) ??
		labels.find((label) => label.includes(text))
	);
}
