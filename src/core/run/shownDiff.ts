// Owns how a change of one file is shown in a few lines, as an agent tells of it: added and removed lines with a little of what is
// around them. Capped; it is a picture of a change, never a patch to apply. Pure.

import { minimalEdits } from '../landing/lineEdits.ts';

export interface ShownDiff {
	/** Lines that begin with `+`, `-`, a space, or `@` where something between was left out. */
	readonly text: string;
	readonly added: number;
	readonly removed: number;
	readonly isCut: boolean;
}

const context = 2;
const mostLines = 80;
const longestLine = 300;
/** Texts larger than this are not compared: the agent's own words would hold up the run. */
const mostCharacters = 200_000;

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/u, '').split('\n'));

/** The lines of a change; a text that is too large to compare is shown as all removed and all added. */
export function shownDiff(before: string, after: string): ShownDiff {
	const isLarge = before.length + after.length > mostCharacters;
	const edits = isLarge ? [{ start: 0, end: before.length, text: after }] : minimalEdits(before, after);
	const shown: string[] = [];
	let [added, removed, place] = [0, 0, 0];
	edits.forEach((edit, index) => {
		const between = linesOf(before.slice(place, edit.start));
		const [tail, head] = [index === 0 ? [] : between.slice(0, context), between.slice(-context)];
		if (tail.length + head.length >= between.length) {
			shown.push(...between.map((line) => ` ${line}`));
		} else {
			shown.push(...tail.map((line) => ` ${line}`), '@', ...head.map((line) => ` ${line}`));
		}
		const gone = linesOf(before.slice(edit.start, edit.end));
		const come = linesOf(edit.text);
		removed += gone.length;
		added += come.length;
		shown.push(...gone.map((line) => `-${line}`), ...come.map((line) => `+${line}`));
		place = edit.end;
	});
	const rest = linesOf(before.slice(place));
	if (edits.length > 0) {
		shown.push(...rest.slice(0, context).map((line) => ` ${line}`));
	}
	const kept = shown
		.slice(0, mostLines)
		.map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line));
	return { text: kept.join('\n'), added, removed, isCut: shown.length > mostLines };
}
