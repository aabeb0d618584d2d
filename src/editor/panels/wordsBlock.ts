// Owns how the words of a language get into a page: as data that is never run, and that no text in it can end.

/** The block a page reads its words from; empty where there are none, and English stays. */
export function wordsBlock(bundle: Readonly<Record<string, unknown>> | undefined): string {
	// The one sign that ends such a block, or begins a comment in it, is written another way; JSON reads it back.
	const text = bundle === undefined ? '' : JSON.stringify(bundle).replaceAll('<', '\\u003c');
	return `<script type="application/json" id="words">${text}</script>`;
}
