// Owns the pairs of the landing corpus about the files themselves: new and gone, folders, names, modes, links.

import type { LandingPair } from './landingPair.ts';
import { lines, ten, upper, large, merges, conflicts } from './landingPair.ts';

export const filesAndFolders: readonly LandingPair[] = [
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

export const renames: readonly LandingPair[] = [
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

export const modesAndLinks: readonly LandingPair[] = [
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
