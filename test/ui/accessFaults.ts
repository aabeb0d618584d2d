// Owns what a program can judge of a page for people who do not see or point: axe finds nothing serious in it.
import axe from 'axe-core';
import type { Frame, Page } from 'playwright-core';

/** Serious and critical faults, each with the first elements that have it; colours are judged where a theme is. */
export async function accessFaults(frame: Frame | Page, hasTheme = true): Promise<string[]> {
	// As a person's debugger does it, which the page's policy does not stop.
	await frame.evaluate(axe.source);
	return await frame.evaluate(async (hasColours) => {
		const { axe: checker } = globalThis as unknown as { readonly axe: typeof axe };
		const { violations } = await checker.run(document.querySelector('main') ?? document.body, {
			resultTypes: ['violations'],
			rules: { 'color-contrast': { enabled: hasColours } },
		});
		return violations
			.filter(({ impact }) => impact === 'serious' || impact === 'critical')
			.map(({ id, help, nodes }) => {
				const where = nodes.slice(0, 3).map(({ html }) => html.slice(0, 160));
				return `${id}: ${help} (${nodes.length}) ${where.join(' | ')}`;
			});
	}, hasTheme);
}
