// Owns whether two tasks may change the same file, judged by the globs they declare. In doubt they may: what is not understood of a
// glob counts as any text, a name without an extension counts as a folder too, and capitals do not tell two files apart.

/** A piece of a segment that is no plain name: a character, or any text. */
type Piece = string | typeof many;
const many = Symbol('many');
/** A plain name, a pattern for one, or any number of segments. */
type Segment = string | readonly Piece[] | typeof deep;
const deep = Symbol('deep');

/** Alternatives of one glob that are looked at one by one. */
const mostAlternatives = 64;
interface ReadGlob {
	readonly glob: string;
	/** One for each alternative. */
	readonly paths: readonly (readonly Segment[])[];
}

/** Lists are compared at every look of the host, and belong to tasks that do not change. */
const known = new WeakMap<readonly string[], readonly ReadGlob[]>();

/** The first two globs that can mean the same file; undefined when none can. Who declares nothing is taken to be in nobody's way. */
export function touchOverlap(
	left: readonly string[],
	right: readonly string[],
): { readonly left: string; readonly right: string } | undefined {
	for (const mine of readGlobs(left)) {
		for (const theirs of readGlobs(right)) {
			if (mine.paths.some((path) => theirs.paths.some((other) => pathsMeet(path, other)))) {
				return { left: mine.glob, right: theirs.glob };
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

function readGlobs(globs: readonly string[]): readonly ReadGlob[] {
	let read = known.get(globs);
	if (read === undefined) {
		read = positive(globs).map((glob) => ({
			glob,
			paths: alternativesOf(glob.normalize('NFC').toLowerCase()).map(segmentsOf),
		}));
		known.set(globs, read);
	}
	return read;
}

/** `{a,b}` written out; with too many of them, or with ones that hold something else, the glob as it is. */
function alternativesOf(glob: string): readonly string[] {
	let open = [glob];
	if (!glob.includes('{')) {
		return open;
	}
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
	const isPlain = !/[*?\\()[\]{}]/u.test(glob);
	for (const text of glob.split('/')) {
		if (text === '..') {
			return [deep];
		}
		if (text === '' || text === '.') {
			continue;
		}
		if (!isPlain && (text.includes('\\') || !isClosed(text))) {
			// A backslash may part two folders, and a group that is open here goes on behind the slash.
			return [...segments, deep];
		}
		segments.push(isPlain ? text : segmentOf(text));
	}
	return isFile(segments.at(-1), glob) ? segments : [...segments, deep];
}

/** What has an extension is taken for a file, unless a slash says otherwise. */
const isFile = (last: Segment | undefined, glob: string): boolean =>
	last !== undefined && last !== deep && last.lastIndexOf('.') > 0 && !glob.endsWith('/');

function segmentOf(text: string): Segment {
	if (text === '**') {
		return deep;
	}
	if (/[()[\]{}]/u.test(text)) {
		return [many];
	}
	return /[*?]/u.test(text) ? piecesOf(text) : text;
}

function isClosed(text: string): boolean {
	const count = (character: string) => text.split(character).length;
	return count('(') === count(')') && count('[') === count(']') && count('{') === count('}');
}

/** One character at a place can be two once it is small, so that `?` is any text. */
const piecesOf = (text: string): readonly Piece[] =>
	Array.from(text, (character) => (character === '*' || character === '?' ? many : character));

/** Whether one path fits both. What differs before anything is open is seen at once. */
function pathsMeet(left: readonly Segment[], right: readonly Segment[]): boolean {
	let place = 0;
	for (; place < left.length && place < right.length; place++) {
		const mine = left[place];
		const theirs = right[place];
		if (mine === undefined || theirs === undefined || mine === deep || theirs === deep) {
			break;
		}
		if (!segmentsMeet(mine, theirs)) {
			return false;
		}
	}
	return meet<Segment>(left.slice(place), right.slice(place), {
		isAny: (segment) => segment === deep,
		fit: (mine, theirs) => mine !== deep && theirs !== deep && segmentsMeet(mine, theirs),
	});
}

function segmentsMeet(left: Exclude<Segment, typeof deep>, right: Exclude<Segment, typeof deep>): boolean {
	if (typeof left === 'string' && typeof right === 'string') {
		return left === right;
	}
	return meet<Piece>(Array.from(left), Array.from(right), {
		isAny: (piece) => piece === many,
		fit: (mine, theirs) => mine === theirs,
	});
}

/** Each pair of places is looked at once. */
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
