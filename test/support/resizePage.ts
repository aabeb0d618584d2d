// Owns another size of a page: done once the page has answered it.

import type { Page } from 'playwright-core';

export async function resizePage(page: Page, width: number, height = 900): Promise<void> {
	await page.setViewportSize({ width, height });
	// Observers of sizes are told within a frame; the second one begins after it.
	await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}
