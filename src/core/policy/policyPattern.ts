// Owns the patterns of permission rules: of file paths and of plain text. A backslash takes a character as it is.

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/gu, String.raw`\$&`);

/** A pattern is compared often and written once; there are never more of them than a person writes. */
const known = new Map<string, RegExp>();
const mostKnown = 5000;

function compiled(key: string, source: () => string, isAnyCase: boolean): RegExp {
	let expression = known.get(key);
	if (expression === undefined) {
		expression = new RegExp(`^${source()}$`, isAnyCase ? 'isu' : 'su');
		if (known.size >= mostKnown) {
			known.clear();
		}
		known.set(key, expression);
	}
	return expression;
}

/** What each piece of a pattern stands for; `star` and `stars` are its jokers. */
function translate(pattern: string, star: string, stars: string, one: string): string {
	return [
		...pattern.matchAll(
			/\\(?<plain>[\s\S])|(?<deep>(?:\*\*\/)+)|(?<many>\*{2,})|(?<joker>\*)|(?<single>\?)|(?<text>[\s\S])/gu,
		),
	]
		.map(({ groups = {} }) => {
			const { plain, deep, many, joker, single, text } = groups;
			if (deep !== undefined) {
				return `(?:${stars}/)?`;
			}
			if (many !== undefined) {
				return stars;
			}
			if (joker !== undefined) {
				return star;
			}
			return single !== undefined ? one : escape(plain ?? text ?? '');
		})
		.join('');
}

/** `*` is any text; a pattern that ends with ` *` also means what stands before it alone. */
export function matchesText(pattern: string, text: string): boolean {
	const source = () => {
		const hasTail = /[^\\] \*$/u.test(pattern);
		const head = translate(hasTail ? pattern.slice(0, -2) : pattern, '.*', '.*', '.');
		return hasTail ? `${head}(?: .*)?` : head;
	};
	return compiled(`text ${pattern}`, source, false).test(text);
}

/**
 * Whether a path is meant by a pattern: itself, or anything in the folder it names. Both with forward slashes. `isAnyCase` is for
 * what forbids: on some systems `Secrets` and `secrets` are one file.
 */
export function matchesPath(pattern: string, path: string, isAnyCase: boolean): boolean {
	const source = () => {
		const folder = pattern.replace(/^\.\//u, '').replace(/\/+$/u, '');
		if (folder === '' || folder === '.') {
			return pattern.startsWith('/') ? '/.*' : '[^/~].*';
		}
		return `${isName(pattern) ? '(?:.*/)?' : ''}${translate(folder, '[^/]*', '.*', '[^/]')}(?:/.*)?`;
	};
	return compiled(`path ${String(isAnyCase)} ${pattern}`, source, isAnyCase).test(path);
}

/** A pattern without a folder is meant at any depth. */
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
