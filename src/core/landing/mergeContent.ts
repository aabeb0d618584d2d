// Owns the three-way merge of one file's bytes. Text is merged by git; line ends are merged as one property of the whole file,
// so that a checkout with other line ends than the repository is no conflict. What holds a NUL is never merged, as git does it.

import type { Git } from '../ports.ts';
import { conflictLines, describeLines, markedLines } from './conflictLines.ts';
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

/** Text in an old encoding: one character a byte, whatever it stands for, so that its lines merge as git merges them. */
function spread(bytes: Uint8Array): string {
	let text = '';
	for (let start = 0; start < bytes.length; start += 8192) {
		text += String.fromCharCode(...bytes.subarray(start, start + 8192));
	}
	return text;
}

const gather = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Two contents as texts of lines, and the way back; undefined when one of them is not text. */
export function linesOfBytes(
	base: Uint8Array,
	result: Uint8Array,
): { readonly base: string; readonly result: string; readonly bytes: (text: string) => Uint8Array } | undefined {
	if (base.includes(0) || result.includes(0)) {
		return undefined;
	}
	const [baseText, resultText] = [decodeText(base), decodeText(result)];
	return baseText === undefined || resultText === undefined
		? { base: spread(base), result: spread(result), bytes: gather }
		: { base: baseText, result: resultText, bytes: encode };
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

export interface MergeConflict {
	readonly conflict: string;
	/** The lines in conflict with git's marks. */
	readonly bothSides?: string;
}

export type MergedContent = { readonly content: Uint8Array } | MergeConflict;

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
	if ([base, ours, theirs].some((bytes) => bytes.includes(0))) {
		return { conflict: 'was changed on both sides and is not text that can be merged' };
	}
	const texts = [base, ours, theirs].map(decodeText);
	const isText = texts.every((text) => text !== undefined);
	const [baseText = '', ourText = '', theirText = ''] = isText ? texts : [base, ours, theirs].map(spread);
	const merged = await mergeLines(git, baseText, ourText, theirText);
	return 'conflict' in merged ? merged : { content: isText ? encode(merged.text) : gather(merged.text) };
}

type MergedText = { readonly text: string } | MergeConflict;

async function mergeLines(
	git: Pick<Git, 'mergeText'>,
	baseText: string,
	ourText: string,
	theirText: string,
): Promise<MergedText> {
	const [baseEnd, ourEnd, theirEnd] = [lineEndOf(baseText), lineEndOf(ourText), lineEndOf(theirText)];
	if ([baseEnd, ourEnd, theirEnd].includes('mixed')) {
		return finish(await git.mergeText(baseText, ourText, theirText), (text) => text);
	}
	const chosen = ourEnd === 'none' || ourEnd === baseEnd ? theirEnd : ourEnd;
	const render = (text: string) => (chosen === 'crlf' ? text.replaceAll('\n', '\r\n') : text);
	const [plainBase, plainOurs, plainTheirs] = [toLineFeeds(baseText), toLineFeeds(ourText), toLineFeeds(theirText)];
	if (plainOurs === plainBase || plainOurs === plainTheirs) {
		return { text: render(plainTheirs) };
	}
	if (plainTheirs === plainBase) {
		return { text: render(plainOurs) };
	}
	return finish(await git.mergeText(plainBase, plainOurs, plainTheirs), render);
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function finish(
	merged: { readonly text: string; readonly conflicts: number },
	render: (text: string) => string,
): MergedText {
	if (merged.conflicts > 0) {
		const places = merged.conflicts === 1 ? 'one place' : `${merged.conflicts} places`;
		return {
			conflict: `was changed on both sides in ${places} (${describeLines(conflictLines(merged.text))})`,
			bothSides: markedLines(merged.text),
		};
	}
	return { text: render(merged.text) };
}
