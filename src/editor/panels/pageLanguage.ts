// Owns how the editor's language gets into a page: what it is, and its words as data that is never run and that no text can end.

type Words = Readonly<Record<string, unknown>>;

/**
 * Attributes of the page's root, by which screen readers speak it, and dates and numbers are written. `language` is the editor's,
 * undefined where the page is to follow the browser. What nobody translated is English, whatever the editor speaks.
 */
export function languageAttributes(language: string | undefined, words: Words | undefined): string {
	const spoken = words === undefined || language === undefined ? 'en' : language;
	return `lang="${spoken}"${language === undefined ? '' : ` data-locale="${language}"`}`;
}

/** The block a page reads its words from; it is empty where there are none, and English stays. */
export function wordsBlock(words: Words | undefined): string {
	// The one sign that ends such a block, or begins a comment in it, is written another way; JSON reads it back.
	const text = words === undefined ? '' : JSON.stringify(words).replaceAll('<', '\\u003c');
	return `<script type="application/json" id="words">${text}</script>`;
}
