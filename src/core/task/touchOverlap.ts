// Owns whether two tasks may change the same file, judged by the globs they declare. In doubt they may: what is not understood of a
// glob counts as any text, a name without an extension counts as a folder too, and capitals do not tell two files apart.

/** A piece of one segment: a character, or any text. */
type Piece = string | typeof many;
const many = Symbol('many');
/** `deep` stands for any number of segments. */
type Segment = readonly Piece[] | 'deep';

/** Alternatives of one glob that are looked at one by one. */
const mostAlternatives = 64;
/** Globs are compared often and written once. */
const known = new Map<string, readonly (readonly Segment[])[]>();
const mostKnown = 5000;

/** The first two globs that can mean the same file; undefined when none can. Who declares nothing is taken to be in nobody's way. */
export function touchOverlap(
	left: readonly string[],
	right: readonly string[],
): { readonly left: string; readonly right: string } | undefined {
	for (const mine of positive(left)) {
		for (const theirs of positive(right)) {
			if (readGlob(mine).some((path) => readGlob(theirs).some((other) => pathsMeet(path, other)))) {
				return { left: mine, right: theirs };
			}
		}
	}
	return undefined;
}

/** A glob that only takes away leaves everything else. */
function positive(globs: readonly string[]): readonly string[] {
	const said = globs.map((glob) => glob.trim()).filter((glob) => glob !== '');
	const adding = said.filter((glob) => !glob.startsWith('!') || glob.startsWith('!('));
	return said.length > 0 && adding.length === 0 ? ['**'] : adding;
}

function readGlob(glob: string): readonly (readonly Segment[])[] {
	let paths = known.get(glob);
	if (paths === undefined) {
		paths = alternativesOf(glob.normalize('NFC').toLowerCase()).map(segmentsOf);
		if (known.size >= mostKnown) {
			known.clear();
		}
		known.set(glob, paths);
	}
	return paths;
}

/** `{a,b}` written out; with too many of them, or with ones that hold something else, the glob as it is. */
function alternativesOf(glob: string): readonly string[] {
	let open = [glob];
	for (;;) {
		const next = open.flatMap((each) => {
			const group = /\{(?<inner>[^{}]*,[^{}]*)\}/u.exec(each);
			const inner = group?.groups?.['inner'];
			return group === null || inner === undefined
				? [each]
				: inner
						.split(',')
						.map((word) => each.slice(0, group.index) + word + each.slice(group.index + group[0].length));
		});
		if (next.length > mostAlternatives) {
			return ['**'];
		}
		if (next.length === open.length && next.every((each, index) => each === open[index])) {
			return open;
		}
		open = next;
	}
}

function segmentsOf(glob: string): readonly Segment[] {
	const segments: Segment[] = [];
	for (const text of glob.split('/')) {
		if (text === '..') {
			return ['deep'];
		}
		if (text === '' || text === '.') {
			continue;
		}
		if (text.includes('\\') || !isClosed(text)) {
			// A backslash may part two folders, and a group that is open here goes on behind the slash.
			return [...segments, 'deep'];
		}
		segments.push(text === '**' ? 'deep' : /[()[\]{}]/u.test(text) ? [many] : piecesOf(text));
	}
	return isFile(segments, glob) ? segments : [...segments, 'deep'];
}

/** What has an extension is taken for a file, unless a slash says otherwise. */
const isFile = (segments: readonly Segment[], glob: string): boolean =>
	!glob.endsWith('/') && Array.isArray(segments.at(-1)) && (segments.at(-1)?.lastIndexOf('.') ?? -1) > 0;

function isClosed(text: string): boolean {
	const count = (character: string) => text.split(character).length;
	return count('(') === count(')') && count('[') === count(']') && count('{') === count('}');
}

/** One character at a place can be two once it is small, so that `?` is any text. */
const piecesOf = (text: string): readonly Piece[] =>
	Array.from(text, (character) => (character === '*' || character === '?' ? many : character));

/** Whether one path fits both. Each pair of places is looked at once. */
const pathsMeet = (left: readonly Segment[], right: readonly Segment[]): boolean =>
	meet(left, right, {
		isAny: (segment) => segment === 'deep',
		fit: (mine, theirs) => mine === 'deep' || theirs === 'deep' || segmentsMeet(mine, theirs),
	});

const segmentsMeet = (left: readonly Piece[], right: readonly Piece[]): boolean =>
	meet(left, right, { isAny: (piece) => piece === many, fit: (mine, theirs) => mine === theirs });

function meet<Item>(
	left: readonly Item[],
	right: readonly Item[],
	{ isAny, fit }: { readonly isAny: (item: Item) => boolean; readonly fit: (mine: Item, theirs: Item) => boolean },
): boolean {
	/** For each place in `right`, whether the rest from there meets the rest of `left` from the place below. */
	let below: boolean[] = [];
	for (let row = left.length; row >= 0; row--) {
		const mine = left[row];
		const current: boolean[] = [];
		for (let column = right.length; column >= 0; column--) {
			const theirs = right[column];
			if (mine === undefined && theirs === undefined) {
				current[column] = true;
			} else {
				const isOpen = (mine !== undefined && isAny(mine)) || (theirs !== undefined && isAny(theirs));
				current[column] = isOpen
					? (mine !== undefined && below[column] === true) ||
						(theirs !== undefined && current[column + 1] === true)
					: mine !== undefined && theirs !== undefined && fit(mine, theirs) && below[column + 1] === true;
			}
		}
		below = current;
	}
	return below[0] === true;
}
