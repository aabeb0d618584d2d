// Owns the three-way merge of one file's bytes. Text is merged by git; line ends are merged as one property of the whole file,
// so that a checkout with other line ends than the repository is no conflict. What is not UTF-8 text is never merged.

import type { Git } from '../ports.ts';
import { sameBytes } from './landingTarget.ts';

type LineEnd = 'lf' | 'crlf' | 'mixed' | 'none';

/** Text of UTF-8 bytes, a byte order mark included; undefined for anything else. */
function decodeText(bytes: Uint8Array): string | undefined {
	if (bytes.includes(0)) {
		return undefined;
	}
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined;
	}
}

function lineEndOf(text: string): LineEnd {
	const all = text.match(/\r?\n/gu) ?? [];
	const withReturn = all.filter((end) => end === '\r\n').length;
	if (all.length === 0) {
		return 'none';
	}
	return withReturn === 0 ? 'lf' : withReturn === all.length ? 'crlf' : 'mixed';
}

const toLineFeeds = (text: string): string => text.replaceAll('\r\n', '\n');

/** Equal, or equal but for line ends. */
export function sameContent(left: Uint8Array, right: Uint8Array): boolean {
	if (sameBytes(left, right)) {
		return true;
	}
	const [leftText, rightText] = [decodeText(left), decodeText(right)];
	return leftText !== undefined && rightText !== undefined && toLineFeeds(leftText) === toLineFeeds(rightText);
}

export type MergedContent = { readonly content: Uint8Array } | { readonly conflict: string };

/** Merges what `ours` (the open workspace) and `theirs` (the agent) made of `base`. */
export async function mergeContent(
	git: Pick<Git, 'mergeText'>,
	base: Uint8Array,
	ours: Uint8Array,
	theirs: Uint8Array,
): Promise<MergedContent> {
	if (sameBytes(ours, base) || sameBytes(ours, theirs)) {
		return { content: theirs };
	}
	if (sameBytes(theirs, base)) {
		return { content: ours };
	}
	const texts = [base, ours, theirs].map(decodeText);
	const [baseText, ourText, theirText] = texts;
	if (baseText === undefined || ourText === undefined || theirText === undefined) {
		return { conflict: 'was changed on both sides and is not text that can be merged' };
	}
	const [baseEnd, ourEnd, theirEnd] = [lineEndOf(baseText), lineEndOf(ourText), lineEndOf(theirText)];
	if ([baseEnd, ourEnd, theirEnd].includes('mixed')) {
		return finish(await git.mergeText(baseText, ourText, theirText), (text) => text);
	}
	const chosen = ourEnd === 'none' || ourEnd === baseEnd ? theirEnd : ourEnd;
	const render = (text: string) => (chosen === 'crlf' ? text.replaceAll('\n', '\r\n') : text);
	const [plainBase, plainOurs, plainTheirs] = [toLineFeeds(baseText), toLineFeeds(ourText), toLineFeeds(theirText)];
	if (plainOurs === plainBase || plainOurs === plainTheirs) {
		return { content: encode(render(plainTheirs)) };
	}
	if (plainTheirs === plainBase) {
		return { content: encode(render(plainOurs)) };
	}
	return finish(await git.mergeText(plainBase, plainOurs, plainTheirs), render);
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function finish(
	merged: { readonly text: string; readonly conflicts: number },
	render: (text: string) => string,
): MergedContent {
	if (merged.conflicts > 0) {
		const places = merged.conflicts === 1 ? 'one place' : `${merged.conflicts} places`;
		return { conflict: `was changed on both sides in ${places}` };
	}
	return { content: encode(render(merged.text)) };
}
