// Owns one tree view: reads it as a drawing, clicks its rows, opens their menus. Knows nothing of what is in it.
import type { Locator, Page } from 'playwright-core';
import { bestMatch } from './quickInput.ts';
import { until } from './until.ts';

interface Row {
	readonly index: number;
	readonly level: number;
	readonly label: string;
	readonly description: string;
	readonly isExpanded: boolean | undefined;
}

/** Drives the view with the given title, e.g. `Tasks`. */
export class Tree {
	readonly #page: Page;
	readonly #title: string;
	readonly #pane: Locator;
	readonly #list: Locator;

	constructor(page: Page, title: string) {
		this.#page = page;
		this.#title = title;
		this.#pane = page
			.locator('.pane')
			.filter({ has: page.locator(`.pane-header[aria-label^="${title}"][aria-label$=" Section"]`) });
		this.#list = this.#pane.locator('.monaco-list[role="tree"]');
	}

	/**
	 * The whole tree, also what is scrolled away:
	 * `▾` open and `▸` closed parents, two spaces a level, the description in brackets.
	 */
	async draw(): Promise<string> {
		return (await this.#readAll()).map(drawRow).join('\n');
	}

	/** Waits until the drawing equals the string, matches the expression, or satisfies the function; returns it. */
	async untilDrawn(
		expected: string | RegExp | ((drawing: string) => boolean),
		milliseconds?: number,
	): Promise<string> {
		return await until(
			`the view "${this.#title}" to show ${typeof expected === 'string' ? `\n${expected}\n` : String(expected)}`,
			async () => {
				const drawing = await this.draw();
				const holds =
					typeof expected === 'string'
						? drawing === expected
						: typeof expected === 'function'
							? expected(drawing)
							: expected.test(drawing);
				return holds ? { drawing } : undefined;
			},
			() => this.draw(),
			milliseconds,
		).then(({ drawing }) => drawing);
	}

	/** What an empty view says: its message or welcome text, buttons and links included. */
	async message(): Promise<string> {
		const parts = await this.#pane
			.locator('.tree-explorer-viewlet-tree-view > .message, .welcome-view-content')
			.all();
		const texts = await Promise.all(
			parts.map(async (part) => ((await part.isVisible()) ? await part.innerText() : '')),
		);
		return texts.filter(Boolean).join('\n').trim();
	}

	/** Presses a button or link of the view's message or welcome text. */
	async pressInMessage(label: string): Promise<void> {
		const message = this.#pane.locator('.message, .welcome-view-content');
		await message.locator('a, .monaco-button').filter({ hasText: label }).first().click();
	}

	/** Clicks a row, as if to open it. */
	async click(row: string): Promise<void> {
		await (await this.#find(row)).locator('.monaco-tl-contents').click();
	}

	/** Opens or closes a parent row; does nothing when it already is. */
	async setExpanded(row: string, isExpanded: boolean): Promise<void> {
		await until(`"${row}" to be ${isExpanded ? 'open' : 'closed'}`, async () => {
			const found = await this.#find(row);
			if ((await found.getAttribute('aria-expanded')) === String(isExpanded)) {
				return true;
			}
			await found.locator('.monaco-tl-twistie').click({ timeout: 1_000 });
			return undefined;
		});
	}

	/** Titles in the row's context menu, top to bottom; closes it again. */
	async contextMenuItems(row: string): Promise<string[]> {
		const menu = await this.#openContextMenu(row);
		const titles = await menu.locator('.action-menu-item .action-label').allTextContents();
		await until('the menu to close', async () => {
			await this.#page.keyboard.press('Escape');
			return !(await menu.isVisible());
		});
		return titles.map((title) => title.trim()).filter(Boolean);
	}

	/** Chooses an item of the row's context menu. */
	async contextMenu(row: string, item: string): Promise<void> {
		const menu = await this.#openContextMenu(row);
		const target = menu.locator('.action-menu-item').filter({ hasText: item }).first();
		await target.waitFor();
		await until(`"${item}" to be chosen`, async () => {
			if (!(await menu.isVisible())) {
				return true;
			}
			// A menu ignores clicks in its first moments, which are meant for whatever opened it.
			await target.click({ timeout: 1_000 });
			return undefined;
		});
	}

	/** Titles of the buttons at the row's right end. */
	async inlineActions(row: string): Promise<string[]> {
		const buttons = (await this.#find(row)).locator('.actions .action-label');
		return await buttons.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label') ?? ''));
	}

	/** Presses a button at the row's right end, by its title. */
	async inlineAction(row: string, title: string): Promise<void> {
		const found = await this.#find(row);
		await found.hover();
		await found.locator(`.actions .action-label[aria-label^="${title}"]`).click();
	}

	/** Presses a button in the title bar of the view. */
	async viewAction(title: string): Promise<void> {
		const header = this.#pane.locator('.pane-header');
		await header.hover();
		await header.locator(`.action-label[aria-label^="${title}"]`).click();
	}

	async #openContextMenu(row: string): Promise<Locator> {
		const found = await this.#find(row);
		await found.locator('.monaco-tl-contents').click({ button: 'right' });
		const menu = this.#page.locator('.context-view .monaco-menu').last();
		await menu.waitFor({ state: 'visible' });
		return menu;
	}

	/** Brings a row into sight; waits for it when it is not there yet. */
	async #find(text: string): Promise<Locator> {
		const index = await until(
			`the row "${text}" in "${this.#title}"`,
			async () => {
				const rows = await this.#readAll();
				const label = bestMatch(
					rows.map((row) => row.label),
					text,
				);
				const row = rows.find((each) => each.label === label);
				return row === undefined ? undefined : { at: row.index };
			},
			() => this.draw(),
		);
		await this.#list.evaluate(readRows, index.at);
		return this.#list.locator(`.monaco-list-rows > .monaco-list-row[data-index="${index.at}"]`);
	}

	async #readAll(): Promise<Row[]> {
		return (await this.#list.count()) === 0 ? [] : await this.#list.evaluate(readRows, undefined);
	}
}

function drawRow(row: Row): string {
	const mark = row.isExpanded === undefined ? '' : row.isExpanded ? '▾ ' : '▸ ';
	const description = row.description ? ` [${row.description}]` : '';
	return `${'  '.repeat(row.level - 1)}${mark}${row.label}${description}`;
}

/**
 * Runs in the page, in one go, so that nothing re-renders in between. Rows are drawn only where they are seen: scrolls
 * through the list page by page and returns to where it was; with a row to show, stays there instead.
 */
async function readRows(list: HTMLElement, indexToShow: number | undefined): Promise<Row[]> {
	const content = list.querySelector<HTMLElement>('.monaco-list-rows');
	const drawn = () => [...list.querySelectorAll('.monaco-list-rows > .monaco-list-row')];
	const indexOf = (row: Element) => Number(row.getAttribute('data-index'));
	const position = () => -Number.parseFloat(content?.style.top || '0');
	const text = (row: Element, selector: string) =>
		(row.querySelector(selector)?.textContent ?? '').replaceAll('\u00a0', ' ');
	const scroll = async (pixels: number) => {
		// The list reads the old name of the wheel's distance: upwards positive, 120 for 50 pixels.
		const distance = { wheelDeltaY: (-pixels * 120) / 50 };
		content?.dispatchEvent(new WheelEvent('wheel', { ...distance, bubbles: true, cancelable: true }));
		await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
	};

	const start = position();
	const rows = new Map<number, Row>();
	if (start > 0) {
		await scroll(-start);
	}
	for (let before = -1; rows.size > before;) {
		before = rows.size;
		for (const row of drawn()) {
			const expanded = row.getAttribute('aria-expanded');
			rows.set(indexOf(row), {
				index: indexOf(row),
				level: Number(row.getAttribute('aria-level')),
				label: text(row, '.monaco-icon-name-container'),
				description: text(row, '.label-description'),
				isExpanded: expanded === null ? undefined : expanded === 'true',
			});
		}
		const target = drawn().find((row) => indexOf(row) === indexToShow);
		if (target) {
			const hidden = target.getBoundingClientRect().bottom - list.getBoundingClientRect().bottom;
			if (hidden > 0) {
				await scroll(hidden);
			}
			break;
		}
		if (!drawn().some((row) => row.getAttribute('data-last-element') === 'true')) {
			await scroll(Math.max(list.clientHeight - 44, 22));
		}
	}
	if (indexToShow === undefined && position() !== start) {
		await scroll(start - position());
	}
	return [...rows.values()].toSorted((a, b) => a.index - b.index);
}
