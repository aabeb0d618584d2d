// Owns the golden corpus of landings: what a repository held, what an agent made of it, what is open and not committed here, and
// whether the two go together. What comes out of a pair is not written down: git's own merge says it (landingOracle.ts).

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

const lines = (...words: string[]): string => `${words.join('\n')}\n`;
const ten = lines('one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten');
const upper = (text: string, ...words: string[]): string =>
	words.reduce((result, word) => result.replace(word, word.toUpperCase()), text);
const windows = (text: string): string => text.replaceAll('\n', '\r\n');
const open = (text: string): string => text.replace(/\n$/u, '');
const mark = '\uFEFF';
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const latin = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

function utf16(text: string, order: 'little' | 'big' = 'little'): Uint8Array {
	const whole = `${mark}${text}`;
	const view = new DataView(new ArrayBuffer(whole.length * 2));
	for (let index = 0; index < whole.length; index += 1) {
		view.setUint16(index * 2, whole.charCodeAt(index), order === 'little');
	}
	return new Uint8Array(view.buffer);
}

/** 50 MB of lines, of which one can be another. */
function large(change: (line: string, index: number) => string = (line) => line): string {
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
const merges = (...rest: Parameters<typeof pair> extends [unknown, ...infer Rest] ? Rest : never) =>
	pair('merges', ...rest);
const conflicts = (...rest: Parameters<typeof pair> extends [unknown, ...infer Rest] ? Rest : never) =>
	pair('conflicts', ...rest);

const texts: readonly LandingPair[] = [
	merges('an edit of a file nobody touched here', { a: ten }, { a: upper(ten, 'two') }),
	merges('edits in different places', { a: ten }, { a: upper(ten, 'two') }, { a: upper(ten, 'nine') }),
	merges('edits of different files', { a: ten, b: ten }, { a: upper(ten, 'two') }, { b: upper(ten, 'two') }),
	merges('the same edit on both sides', { a: ten }, { a: upper(ten, 'two') }, { a: upper(ten, 'two') }),
	merges(
		'the same edit and another one',
		{ a: ten },
		{ a: upper(ten, 'two', 'nine') },
		{ a: upper(ten, 'two', 'five') },
	),
	conflicts(
		'the same line differently',
		{ a: ten },
		{ a: ten.replace('two', 'zwei') },
		{ a: ten.replace('two', 'deux') },
	),
	conflicts(
		'the same line differently, and elsewhere what would merge',
		{ a: ten, b: ten },
		{ a: ten.replace('two', 'zwei'), b: upper(ten, 'one') },
		{ a: ten.replace('two', 'deux'), b: upper(ten, 'ten') },
	),
	conflicts('neighbouring lines', { a: ten }, { a: upper(ten, 'two') }, { a: upper(ten, 'three') }),
	conflicts('both add at the end', { a: ten }, { a: `${ten}agent\n` }, { a: `${ten}person\n` }),
	merges('both add, at different ends', { a: ten }, { a: `agent\n${ten}` }, { a: `${ten}person\n` }),
	conflicts(
		'lines deleted here that the agent edited',
		{ a: ten },
		{ a: upper(ten, 'five') },
		{ a: ten.replace('five\n', '') },
	),
	merges(
		'lines deleted on both sides',
		{ a: ten },
		{ a: ten.replace('five\n', '') },
		{ a: ten.replace('five\n', '') },
	),
	merges('a file emptied by the agent', { a: ten }, { a: '' }),
	conflicts('a file emptied by the agent and edited here', { a: ten }, { a: '' }, { a: upper(ten, 'two') }),
	merges('an empty file that is filled', { a: '' }, { a: ten }),
	conflicts('an empty file that both fill', { a: '' }, { a: 'agent\n' }, { a: 'person\n' }),
	merges('a new empty file', { a: ten }, { empty: '' }),
	merges(
		'long words, quotes, control characters',
		{ a: `"\t'\u0001\n${ten}` },
		{ a: `"\t'\u0001\n${upper(ten, 'two')}` },
		{
			a: `"\t'\u0001\n${ten}\u0002`,
		},
	),
];

const lineEnds: readonly LandingPair[] = [
	merges(
		'CRLF on all sides',
		{ a: windows(ten) },
		{ a: windows(upper(ten, 'two')) },
		{ a: windows(upper(ten, 'nine')) },
	),
	merges('CRLF that the agent makes LF', { a: windows(ten) }, { a: ten }),
	merges('LF that the agent makes CRLF', { a: ten }, { a: windows(ten) }),
	merges('CRLF here only', { a: ten }, { a: upper(ten, 'two') }, { a: upper(ten, 'nine') }, { lineEndsHere: 'crlf' }),
	merges(
		'CRLF here only, nothing edited here',
		{ a: ten, b: ten },
		{ a: upper(ten, 'two') },
		{},
		{ lineEndsHere: 'crlf' },
	),
	conflicts(
		'CRLF here only, the same line differently',
		{ a: ten },
		{ a: ten.replace('two', 'zwei') },
		{ a: ten.replace('two', 'deux') },
		{ lineEndsHere: 'crlf' },
	),
	merges(
		'mixed line ends',
		{ a: `one\r\n${ten}` },
		{ a: `one\r\n${upper(ten, 'three')}` },
		{
			a: `one\r\n${upper(ten, 'nine')}`,
		},
	),
	merges(
		'CRLF by attributes',
		{ '.gitattributes': '* text eol=crlf\r\n', a: windows(ten) },
		{ a: windows(upper(ten, 'two')) },
		{ a: windows(upper(ten, 'nine')) },
	),
	merges(
		'no final newline anywhere',
		{ a: open(ten) },
		{ a: open(upper(ten, 'two')) },
		{ a: open(upper(ten, 'eight')) },
	),
	merges('a final newline the agent adds', { a: open(ten) }, { a: ten }, { a: open(upper(ten, 'two')) }),
	merges('a final newline the agent removes', { a: ten }, { a: open(ten) }, { a: upper(ten, 'two') }),
	conflicts(
		'a final newline added here, the last line edited by the agent',
		{ a: open(ten) },
		{ a: open(upper(ten, 'ten')) },
		{ a: ten },
	),
	merges('one line without a newline', { a: 'one' }, { a: 'two' }),
	merges(
		'lone carriage returns are no line ends',
		{ a: `a\rb\n${ten}` },
		{ a: `a\rb\n${upper(ten, 'two')}` },
		{
			a: `a\rb\n${upper(ten, 'nine')}`,
		},
	),
];

const encodings: readonly LandingPair[] = [
	merges(
		'a byte order mark on all sides',
		{ a: mark + ten },
		{ a: mark + upper(ten, 'two') },
		{ a: mark + upper(ten, 'nine') },
	),
	merges('a byte order mark the agent adds', { a: ten }, { a: mark + ten }, { a: upper(ten, 'nine') }),
	merges('a byte order mark the agent removes', { a: mark + ten }, { a: ten }),
	conflicts(
		'a byte order mark added here, the first line edited',
		{ a: ten },
		{ a: upper(ten, 'one') },
		{ a: mark + ten },
	),
	merges('UTF-16 edited by the agent', { a: utf16(ten) }, { a: utf16(upper(ten, 'two')) }),
	merges('UTF-16 of the other byte order', { a: utf16(ten, 'big') }, { a: utf16(upper(ten, 'two'), 'big') }),
	conflicts(
		'UTF-16 edited on both sides',
		{ a: utf16(ten) },
		{ a: utf16(upper(ten, 'two')) },
		{ a: utf16(upper(ten, 'nine')) },
	),
	merges(
		'Latin-1 edited on both sides',
		{ a: latin(`é\n${ten}`) },
		{ a: latin(`é\n${upper(ten, 'two')}`) },
		{
			a: latin(`é\n${upper(ten, 'nine')}ß\n`),
		},
	),
	conflicts(
		'Latin-1, the same line',
		{ a: latin(`é\n${ten}`) },
		{ a: latin(`è\n${ten}`) },
		{ a: latin(`ê\n${ten}`) },
	),
	merges(
		'Latin-1 that becomes UTF-8',
		{ a: latin(`é\n${ten}`) },
		{ a: `é\n${ten}` },
		{ a: latin(`é\n${upper(ten, 'nine')}`) },
	),
	merges('many scripts', { a: `日本\n🦀\n${ten}` }, { a: `日本\n🦀🦀\n${ten}` }, { a: `日本\n🦀\n${ten}и\n` }),
	merges('a binary file changed by the agent', { a: bytes(0, 1, 2, 255) }, { a: bytes(0, 1, 3, 254) }),
	conflicts(
		'a binary file changed on both sides',
		{ a: bytes(0, 1, 2) },
		{ a: bytes(0, 1, 3) },
		{ a: bytes(0, 1, 4) },
	),
	merges('a binary file changed alike', { a: bytes(0, 1, 2) }, { a: bytes(0, 1, 3) }, { a: bytes(0, 1, 3) }),
	conflicts('text that becomes binary, edited here', { a: ten }, { a: bytes(0, 1, 3) }, { a: upper(ten, 'two') }),
];

const filesAndFolders: readonly LandingPair[] = [
	merges('a new file, in new folders', { a: ten }, { 'b/c/d': 'new\n' }),
	merges('the same new file on both sides', { a: ten }, { b: 'new\n' }, { b: 'new\n' }),
	conflicts('different new files of one name', { a: ten }, { b: 'agent\n' }, { b: 'person\n' }),
	merges('new files of both sides in one new folder', { a: ten }, { 'b/c': '1\n' }, { 'b/d': '2\n' }),
	merges('a deletion', { a: ten, 'b/c/d': ten }, { 'b/c/d': null }),
	merges('a deletion beside a new file here', { a: ten, 'b/c': ten }, { 'b/c': null }, { 'b/d': 'here\n' }),
	merges('a deletion on both sides', { a: ten, b: ten }, { b: null }, { b: null }),
	conflicts('deleted by the agent, edited here', { a: ten, b: ten }, { b: null }, { b: upper(ten, 'two') }),
	conflicts('edited by the agent, deleted here', { a: ten, b: ten }, { b: upper(ten, 'two') }, { b: null }),
	merges('deleted here, untouched by the agent', { a: ten, b: ten }, { a: upper(ten, 'two') }, { b: null }),
	merges('a folder in place of a file', { d: ten, a: ten }, { d: null, 'd/x': 'x\n', 'd/y': 'y\n' }),
	merges(
		'a file in place of a folder',
		{ 'd/x': 'x\n', 'd/y/z': 'z\n', a: ten },
		{ d: 'file\n', 'd/x': null, 'd/y/z': null },
	),
	merges('a file that moves into a folder of its name', { tool: ten, a: ten }, { tool: null, 'tool/main': ten }),
	conflicts(
		'a file in place of a folder that has more here',
		{ 'd/x': 'x\n', a: ten },
		{ d: 'file\n', 'd/x': null },
		{
			'd/new': 'here\n',
		},
	),
	conflicts(
		'a folder in place of a file that was edited here',
		{ d: ten, a: ten },
		{ d: null, 'd/x': 'x\n' },
		{
			d: upper(ten, 'two'),
		},
	),
	merges('deleted by the agent, a folder here', { d: ten, a: ten }, { d: null }, { d: null, 'd/x': 'x\n' }),
	conflicts(
		'edited by the agent, a folder here',
		{ d: ten, a: ten },
		{ d: upper(ten, 'two') },
		{ d: null, 'd/x': 'x\n' },
	),
	conflicts('a new file where a folder is here', { a: ten }, { d: 'file\n' }, { 'd/x': 'x\n' }),
	conflicts('a new folder where a file is here', { a: ten }, { 'd/x': 'x\n' }, { d: 'file\n' }),
	merges(
		'names with spaces, quotes and other scripts',
		{ 'a b': ten, 'ü"\'': ten },
		{ 'a b': upper(ten, 'two'), '日本/–': 'x\n' },
		{
			'ü"\'': upper(ten, 'two'),
		},
	),
	merges(
		'large files edited on both sides',
		{ a: large() },
		{ a: large((line, index) => (index === 3 ? 'agent\n' : line)) },
		{
			a: large((line, index) => (index === 990 ? 'person\n' : line)),
		},
	),
	merges('a new large file', { a: ten }, { big: large() }),
];

const renames: readonly LandingPair[] = [
	merges('a rename', { a: ten }, { a: null, b: ten }),
	merges('a rename with an edit', { a: ten }, { a: null, 'b/c': upper(ten, 'two') }),
	merges('a rename of what was edited here', { a: ten }, { a: null, b: ten }, { a: upper(ten, 'nine') }),
	merges(
		'a rename with an edit of what was edited here',
		{ a: ten },
		{ a: null, b: upper(ten, 'two') },
		{
			a: upper(ten, 'nine'),
		},
	),
	conflicts(
		'a rename with an edit of the same line',
		{ a: ten },
		{ a: null, b: ten.replace('two', 'zwei') },
		{
			a: ten.replace('two', 'deux'),
		},
	),
	conflicts('renamed by the agent, deleted here', { a: ten, c: 'c\n' }, { a: null, b: ten }, { a: null }),
	conflicts('deleted by the agent, renamed here', { a: ten, c: 'c\n' }, { a: null }, { a: null, b: ten }),
	merges('edited by the agent, renamed here', { a: ten }, { a: upper(ten, 'two') }, { a: null, 'b/c': ten }),
	merges(
		'edited by the agent, renamed and edited here',
		{ a: ten },
		{ a: upper(ten, 'two') },
		{ a: null, b: upper(ten, 'nine') },
	),
	merges(
		'edited by the agent, moved here into a folder of its name',
		{ tool: ten, a: ten },
		{ tool: upper(ten, 'two') },
		{
			tool: null,
			'tool/main': ten,
		},
	),
	merges(
		'renamed alike on both sides',
		{ a: ten },
		{ a: null, b: upper(ten, 'two') },
		{ a: null, b: upper(ten, 'nine') },
	),
	conflicts('renamed differently on both sides', { a: ten }, { a: null, b: ten }, { a: null, c: ten }),
	conflicts('renamed to a name that is taken here', { a: ten }, { a: null, b: ten }, { b: 'here\n' }),
	merges('two files that change names', { a: ten, b: lines('x', 'y', 'z') }, { a: lines('x', 'y', 'z'), b: ten }),
	merges(
		'a name that changes its case',
		{ 'readme.md': ten },
		{ 'readme.md': null, 'README.md': upper(ten, 'two') },
		{
			'readme.md': upper(ten, 'nine'),
		},
	),
	merges(
		'a whole folder that is renamed',
		{ 'src/a': ten, 'src/b': upper(ten, 'one') },
		{
			'src/a': null,
			'src/b': null,
			'lib/a': ten,
			'lib/b': upper(ten, 'one'),
		},
	),
	merges(
		'a folder that is renamed while a file comes to it here',
		{ 'src/a': ten, 'src/b': upper(ten, 'one') },
		{
			'src/a': null,
			'src/b': null,
			'lib/a': ten,
			'lib/b': upper(ten, 'one'),
		},
		{ 'src/new': 'here\n' },
	),
	merges('a file renamed to what another one was called', { a: ten, b: lines('x', 'y', 'z') }, { a: null, b: ten }),
];

const modesAndLinks: readonly LandingPair[] = [
	merges('made executable by the agent', { a: ten }, { a: { run: ten } }),
	merges('made executable by the agent, edited here', { a: ten }, { a: { run: ten } }, { a: upper(ten, 'two') }),
	merges('edited by the agent, made executable here', { a: ten }, { a: upper(ten, 'two') }, { a: { run: ten } }),
	merges(
		'renamed by the agent, made executable here',
		{ a: ten },
		{ a: null, b: upper(ten, 'two') },
		{ a: { run: ten } },
	),
	merges('no longer executable', { a: { run: ten } }, { a: upper(ten, 'two') }, { a: { run: upper(ten, 'nine') } }),
	merges('a new executable', { a: ten }, { 'bin/run': { run: 'echo\n' } }),
	merges('a new link', { a: ten }, { link: { link: 'a' } }),
	merges('a link that points elsewhere', { a: ten, link: { link: 'a' } }, { link: { link: 'b' } }),
	conflicts(
		'a link that both point elsewhere',
		{ a: ten, link: { link: 'a' } },
		{ link: { link: 'b' } },
		{ link: { link: 'c' } },
	),
	merges('a link in place of a file', { a: ten, b: ten }, { b: { link: 'a' } }),
	conflicts(
		'a link in place of a file that was edited here',
		{ a: ten, b: ten },
		{ b: { link: 'a' } },
		{
			b: upper(ten, 'two'),
		},
	),
	merges('a file in place of a link', { a: ten, b: { link: 'a' } }, { b: 'file\n' }),
	merges('a link that goes', { a: ten, b: { link: 'a' } }, { b: null }),
	merges(
		'a link that is renamed',
		{ a: ten, 'b/link': { link: '../a' } },
		{ 'b/link': null, 'c/link': { link: '../a' } },
	),
	merges('a folder in place of a link', { a: ten, 'r/x': 'x\n', d: { link: 'r' } }, { d: null, 'd/y': 'y\n' }),
	merges('a link to nowhere', { a: ten }, { link: { link: 'not/there' } }),
];

export const landingCorpus: readonly LandingPair[] = [
	...texts,
	...lineEnds,
	...encodings,
	...filesAndFolders,
	...renames,
	...modesAndLinks,
];
