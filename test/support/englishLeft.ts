// Owns the search for words a page shows in English although the bundle has them in the page's language: in texts, names for screen
// readers, titles and hints. What tasks, agents and files say is looked at too, and is no fault unless it says what we say.

import type { Page } from 'playwright-core';

/** What is seen or heard of the page, each text once. */
export function shownTexts(page: Page): Promise<string[]> {
	return page.evaluate(() => {
		const texts = new Set<string>();
		const add = (text: string | null | undefined) => {
			for (const part of (text ?? '').split(/ · |\n/u)) {
				texts.add(part.trim());
			}
		};
		for (const element of document.querySelectorAll('main *')) {
			const { label, placeholder } = element as { readonly label?: unknown; readonly placeholder?: unknown };
			add(typeof label === 'string' ? label : undefined);
			add(typeof placeholder === 'string' ? placeholder : undefined);
			for (const name of ['aria-label', 'aria-description', 'title', 'placeholder']) {
				add(element.getAttribute(name));
			}
			for (const node of element.childNodes) {
				add(node instanceof Text ? node.data : undefined);
			}
		}
		texts.delete('');
		return [...texts];
	});
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);

/** The texts that are English; `words` has the translation of each English text. */
export function englishLeft(texts: readonly string[], words: Readonly<Record<string, unknown>>): string[] {
	const keys = Object.entries(words).flatMap(([key, word]) => (word === key ? [] : [key]));
	const plain = new Set(keys);
	// A pattern of little more than placeholders fits everything.
	const patterns = keys
		.filter((key) => /\{\d\}/u.test(key) && /\p{L}{2,}/u.test(key.replaceAll(/\{\d\}/gu, '')))
		.map(
			(key) =>
				new RegExp(
					`^${key
						.split(/\{\d\}/u)
						.map(escaped)
						.join('.+')}$`,
					'u',
				),
		);
	return texts.filter((text) => plain.has(text) || patterns.some((pattern) => pattern.test(text)));
}
