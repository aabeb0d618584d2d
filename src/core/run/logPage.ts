// Owns reading the log of a run by page: from its end, before or after a place. It costs the page, never the log, and hands out
// whole lines only; a line that is still being written is left for the next look.

import type { FileSystem } from '../ports.ts';

/** One line of a log with its place in the file, in bytes. The place names the line for good: a log only grows. */
export interface LogLine {
	readonly offset: number;
	readonly text: string;
}

/** Lines that follow each other, and the part of the file they are. */
export interface LogPage {
	readonly from: number;
	/** Where the next page begins. */
	readonly to: number;
	/** Bytes of the whole file; what comes after `to` may be half a line. */
	readonly size: number;
	readonly lines: readonly LogLine[];
}

/** Which page: the newest, or the one that ends at or begins with a place. */
export type LogPlace = { readonly before: number } | { readonly after: number } | 'newest';

export interface PageLimits {
	/** Bytes read at once; a single line that is longer is read all the same. */
	readonly bytes: number;
	readonly lines: number;
}

const usualPage: PageLimits = { bytes: 64 * 1024, lines: 300 };

const lineFeed = 0x0a;
const decoder = new TextDecoder();

/** One page of a log; undefined when there is no such file. Places beyond the file are moved into it. */
export async function readLogPage(
	files: Pick<FileSystem, 'stat' | 'readPart'>,
	path: string,
	place: LogPlace,
	limits: PageLimits = usualPage,
): Promise<LogPage | undefined> {
	const size = (await files.stat(path))?.size;
	if (size === undefined) {
		return undefined;
	}
	const inFile = (offset: number) => Math.min(size, Math.max(0, offset));
	if (place !== 'newest' && 'after' in place) {
		return pageAfter(files, path, inFile(place.after), size, limits);
	}
	return pageBefore(files, path, place === 'newest' ? size : inFile(place.before), size, limits);
}

type Reading = Pick<FileSystem, 'readPart'>;

async function pageBefore(
	files: Reading,
	path: string,
	end: number,
	size: number,
	limits: PageLimits,
): Promise<LogPage> {
	for (let length = limits.bytes; ; length *= 2) {
		// One byte more than wanted tells whether the part begins with a line.
		const start = Math.max(0, end - length - 1);
		const bytes = await files.readPart(path, start, end);
		const first = start === 0 ? 0 : bytes.indexOf(lineFeed) + 1;
		const last = bytes.lastIndexOf(lineFeed) + 1;
		if (start === 0 || (first > 0 && last > first)) {
			const lines = linesOf(bytes, first, last, start).slice(-limits.lines);
			return { from: lines[0]?.offset ?? start + first, to: start + last, size, lines };
		}
	}
}

async function pageAfter(
	files: Reading,
	path: string,
	place: number,
	size: number,
	limits: PageLimits,
): Promise<LogPage> {
	for (let length = limits.bytes; ; length *= 2) {
		const start = Math.max(0, place - 1);
		const bytes = await files.readPart(path, start, place + length);
		const first = place === 0 ? 0 : bytes.indexOf(lineFeed) + 1;
		const last = bytes.lastIndexOf(lineFeed) + 1;
		if (last > first || place + length >= size) {
			const all = linesOf(bytes, first, last, start);
			const lines = all.slice(0, limits.lines);
			const from = place === 0 || first > 0 ? start + first : size;
			return { from, to: all[limits.lines]?.offset ?? Math.max(from, start + last), size, lines };
		}
	}
}

function linesOf(bytes: Uint8Array, first: number, last: number, start: number): LogLine[] {
	const lines: LogLine[] = [];
	for (let begin = first; begin < last;) {
		const end = bytes.indexOf(lineFeed, begin);
		lines.push({ offset: start + begin, text: decoder.decode(bytes.subarray(begin, end)) });
		begin = end + 1;
	}
	return lines;
}
