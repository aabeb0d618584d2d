// Owns the pairs of the landing corpus about what is in a file: lines, line ends, encodings.

import type { LandingPair } from './landingPair.ts';
import { ten, upper, windows, open, mark, bytes, latin, utf16, merges, conflicts } from './landingPair.ts';

export const texts: readonly LandingPair[] = [
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

export const lineEnds: readonly LandingPair[] = [
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

export const encodings: readonly LandingPair[] = [
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
