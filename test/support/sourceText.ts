// Owns reading imports out of TypeScript text without a parser. Good for formatted sources; it does not judge them.

export interface ImportStatement {
	readonly specifier: string;
	readonly isTypeOnly: boolean;
	/** `export … from`, which hands a name on instead of using it. */
	readonly isReexport: boolean;
	/** `import * as name`. */
	readonly isNamespace: boolean;
	readonly line: number;
}

/** Comments, strings and templates, in the order in which one of them swallows the others. */
const tokens = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/gu;

const blank = (text: string) => text.replaceAll(/[^\n]/gu, ' ');

/** The same text with every comment blanked out; lines and columns stay. */
export function withoutComments(text: string): string {
	return text.replaceAll(tokens, (token) => (token.startsWith('/') ? blank(token) : token));
}

/** The same text with comments and the insides of templates blanked out, so that quoted code is not taken for code. */
function withoutTemplates(text: string): string {
	return text.replaceAll(tokens, (token) => (token.startsWith('/') || token.startsWith('`') ? blank(token) : token));
}

const lineAt = (text: string, index: number) => text.slice(0, index).split('\n').length;

/** Every static, dynamic and re-exporting import of a file. */
export function importsOf(source: string): ImportStatement[] {
	const text = withoutTemplates(source);
	const found: ImportStatement[] = [];
	const statement = /^[ \t]*(import|export)(\s+type)?\b([^'";()]*?)\bfrom\s*['"]([^'"]+)['"]/gmu;
	for (const match of text.matchAll(statement)) {
		const [, keyword, type, names = '', specifier = ''] = match;
		found.push({
			specifier,
			isTypeOnly: type !== undefined,
			isReexport: keyword === 'export',
			isNamespace: names.trim().startsWith('*'),
			line: lineAt(text, match.index),
		});
	}
	for (const match of text.matchAll(/^[ \t]*import\s*['"]([^'"]+)['"]/gmu)) {
		found.push({
			specifier: match[1] ?? '',
			isTypeOnly: false,
			isReexport: false,
			isNamespace: false,
			line: lineAt(text, match.index),
		});
	}
	// `typeof import('x')` in a type also matches; it ties the file to x all the same.
	for (const match of text.matchAll(/\b(?:import|require)\s*\(\s*['"]([^'"]+)['"]/gu)) {
		found.push({
			specifier: match[1] ?? '',
			isTypeOnly: false,
			isReexport: false,
			isNamespace: false,
			line: lineAt(text, match.index),
		});
	}
	return found;
}
