// Owns the patterns of permission rules: of file paths and of plain text. A backslash takes a character as it is. No regular
// expressions: an agent chooses the text, and could choose one on which they never end.

/** A piece of a pattern: one character as it is, any one character, or any text. */
type Piece = string | typeof one | typeof many;
const one = Symbol('one');
const many = Symbol('many');

/** Patterns are compared often and written once; there are never more of them than a person writes. */
const known = new Map<string, readonly Piece[]>();
const mostKnown = 5000;

function piecesOf(pattern: string): readonly Piece[] {
	let pieces = known.get(pattern);
	if (pieces === undefined) {
		pieces = [...pattern.matchAll(/\\(?<plain>[\s\S])|(?<star>\*+)|(?<single>\?)|(?<text>[\s\S])/g)].map(
			({ groups = {} }) => {
				const { plain, star, single, text } = groups;
				return star !== undefined ? many : single !== undefined ? one : (plain ?? text ?? '');
			},
		);
		if (known.size >= mostKnown) {
			known.clear();
		}
		known.set(pattern, pieces);
	}
	return pieces;
}

/** Greedy with one way back: at most as many steps as pattern times text. */
function matchesPieces(pieces: readonly Piece[], text: string): boolean {
	let piece = 0;
	let place = 0;
	let lastMany = -1;
	let resumeAt = 0;
	while (place < text.length) {
		const wanted = pieces[piece];
		if (wanted === many) {
			lastMany = piece;
			resumeAt = place;
			piece += 1;
		} else if (wanted === one) {
			piece += 1;
			place += (text.codePointAt(place) ?? 0) > 0xff_ff ? 2 : 1;
		} else if (wanted !== undefined && wanted === text[place]) {
			piece += 1;
			place += 1;
		} else if (lastMany >= 0) {
			piece = lastMany + 1;
			resumeAt += 1;
			place = resumeAt;
		} else {
			return false;
		}
	}
	while (pieces[piece] === many) {
		piece += 1;
	}
	return piece === pieces.length;
}

/** `*` is any text; a pattern that ends with ` *` also means what stands before it alone. */
export function matchesText(pattern: string, text: string): boolean {
	const hasTail = /[^\\] \*$/u.test(pattern);
	return matchesPieces(piecesOf(pattern), text) || (hasTail && matchesPieces(piecesOf(pattern.slice(0, -2)), text));
}

/** A pattern of a place outside of the workspace folder. */
export const isOutsidePattern = (pattern: string): boolean => pattern.startsWith('/') || pattern.startsWith('~');

/**
 * Whether a path is meant by a pattern: itself, or anything in the folder it names. Both with forward slashes. `isAnyCase` is for
 * what forbids: on some systems `Secrets` and `secrets` are one file.
 */
export function matchesPath(pattern: string, path: string, isAnyCase: boolean): boolean {
	const inCase = (text: string) => (isAnyCase ? text.toLowerCase() : text);
	const names = inCase(path)
		.split('/')
		.filter((name, index) => index === 0 || name !== '');
	const wanted = partsOf(inCase(pattern));
	// reached[i]: whether the first i parts can mean the names so far. What is left over lies below, and is meant too.
	let reached = [true, ...wanted.map((_part, index) => wanted.slice(0, index + 1).every((part) => part === '**'))];
	if (reached.at(-1) === true) {
		return true;
	}
	for (const name of names) {
		const next = [false];
		wanted.forEach((part, index) => {
			const isMeant =
				part === '**'
					? reached[index + 1] === true || next[index] === true || reached[index] === true
					: reached[index] === true && matchesPieces(piecesOf(part), name);
			next.push(isMeant);
		});
		reached = next;
		if (reached.at(-1) === true) {
			return true;
		}
	}
	return false;
}

/** Names of folders and files, `**` for any number of them. A pattern without a folder is meant at any depth. */
function partsOf(pattern: string): string[] {
	const folder = pattern.replace(/^(?:\.\/)+/u, '').replace(/\/+$/u, '');
	if (folder === '.' || (folder === '' && !pattern.startsWith('/'))) {
		return ['**'];
	}
	const parts = folder.split('/').map((part) => (/^\*{2,}$/u.test(part) ? '**' : part));
	return isName(pattern) ? ['**', ...parts] : parts;
}

const isName = (pattern: string): boolean => !pattern.replace(/\/+$/u, '').includes('/') && !pattern.startsWith('/');

/** Whether something a pattern may mean lies below a folder: who deletes the folder deletes that too. */
export function mayLieBelow(pattern: string, folder: string): boolean {
	const start = /^(?:[^*?\\]|\\[\s\S])*/u.exec(pattern.replace(/^\.\//u, ''))?.[0] ?? '';
	const name = folder.toLowerCase();
	return (
		isName(pattern) ||
		start === '' ||
		name === '.' ||
		start.toLowerCase().startsWith(`${name}/`) ||
		`${name}/`.startsWith(start.toLowerCase())
	);
}

/** A pattern that means exactly this text. */
export const exactPattern = (text: string): string => text.replaceAll(/[\\*?]/gu, String.raw`\$&`);
/** A pattern that means exactly this path and not a file of that name elsewhere. */
export const exactPathPattern = (path: string): string =>
	path.includes('/') || path === '' ? exactPattern(path === '' ? '.' : path) : `./${exactPattern(path)}`;

/** Whether a pattern of text has no limit at all. */
export const isAnyText = (pattern: string): boolean => /^\*+$/u.test(pattern);
export const hasJoker = (pattern: string): boolean => /[*?]/u.test(pattern.replaceAll(/\\[\s\S]/gu, ''));
