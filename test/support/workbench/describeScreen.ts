// Owns the words for what a window shows when a wait was in vain: of a run elsewhere the picture is seldom at hand.
import type { Page } from 'playwright-core';

/** Dialogs, notifications, what is dropped down, and where the keys go; a line each. */
export async function describeScreen(page: Page): Promise<string> {
	return await page.evaluate(() => {
		const texts = (selector: string) =>
			[...document.querySelectorAll<HTMLElement>(selector)]
				.filter((element) => element.checkVisibility())
				.map((element) => element.innerText.trim().replaceAll(/\s+/gu, ' ').slice(0, 300));
		const focused = document.activeElement;
		const name = focused?.getAttribute('aria-label') ?? focused?.className ?? '';
		return [
			`dialogs: ${JSON.stringify(texts('.monaco-dialog-box'))}`,
			`notifications: ${JSON.stringify(texts('.notification-toast'))}`,
			`dropped down: ${JSON.stringify(texts('.quick-input-widget'))}`,
			`the keys go to: ${focused?.tagName} ${name}${document.hasFocus() ? '' : ' (the page has no focus)'}`,
		].join('\n');
	});
}
