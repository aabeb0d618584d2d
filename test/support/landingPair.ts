// Owns what a pair of the landing corpus is, and the texts and bytes pairs are made of.

export type CorpusEntry = string | Uint8Array | { readonly link: string } | { readonly run: string };
/** Files by path; `null` removes one, with whatever is below it. */
export type CorpusChange = Readonly<Record<string, CorpusEntry | null>>;

export interface LandingPair {
	readonly name: string;
	readonly base: Readonly<Record<string, CorpusEntry>>;
	readonly agent: CorpusChange;
	readonly here: CorpusChange;
	/** What git has to say of it, so that a pair that does not show what it should is found out. */
	readonly git: 'merges' | 'conflicts';
	/** Every text here has these line ends, as some checkouts have it: git is asked without them. */
	readonly lineEndsHere?: 'crlf';
}

export const lines = (...words: string[]): string => `${words.join('\n')}\n`;
export const ten = lines('one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten');
export const upper = (text: string, ...words: string[]): string =>
	words.reduce((result, word) => result.replace(word, word.toUpperCase()), text);
export const windows = (text: string): string => text.replaceAll('\n', '\r\n');
export const open = (text: string): string => text.replace(/\n$/u, '');
export const mark = '\uFEFF';
export const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
export const latin = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

export function utf16(text: string, order: 'little' | 'big' = 'little'): Uint8Array {
	const whole = `${mark}${text}`;
	const view = new DataView(new ArrayBuffer(whole.length * 2));
	for (let index = 0; index < whole.length; index += 1) {
		view.setUint16(index * 2, whole.charCodeAt(index), order === 'little');
	}
	return new Uint8Array(view.buffer);
}

/** 50 MB of lines, of which one can be another. */
export function large(change: (line: string, index: number) => string = (line) => line): string {
	const block = lines(...Array.from({ length: 1024 }, (_, index) => String(index).padStart(49, '.')));
	return Array.from({ length: 1000 }, (_, index) => change(`block ${index}\n`, index) + block).join('');
}

const pair = (
	git: LandingPair['git'],
	name: string,
	base: LandingPair['base'],
	agent: CorpusChange,
	here: CorpusChange = {},
	more: Partial<LandingPair> = {},
): LandingPair => ({ name, base, agent, here, git, ...more });
export const merges = (...rest: Parameters<typeof pair> extends [unknown, ...infer Rest] ? Rest : never) =>
	pair('merges', ...rest);
export const conflicts = (...rest: Parameters<typeof pair> extends [unknown, ...infer Rest] ? Rest : never) =>
	pair('conflicts', ...rest);
