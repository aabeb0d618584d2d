// Owns the sample project: a small library, and six tasks on it for an agent without a model. Each task changes files for real and is
// checked for real.

import type { TaskDraft } from '../task/createTask.ts';

/** Tests of the library itself. */
const passesItsTests = 'node --test';

/** Paths from the top of the folder, with their texts. */
export const sampleFiles: Readonly<Record<string, string>> = {
	'package.json': `{
	"name": "notes",
	"version": "0.1.0",
	"private": true,
	"type": "module",
	"main": "src/notes.js",
	"scripts": {
		"test": "node --test"
	}
}
`,
	'README.md': `# notes

A list of short notes, kept in memory.
`,
	'.gitignore': 'node_modules/\n',
	'src/notes.js': `import { clean } from './helpers.js';

/** A list of short notes. */
export function createNotes() {
	const notes = [];
	return {
		add(text) {
			const note = { id: notes.length + 1, text: clean(text) };
			notes.push(note);
			return note;
		},
		list() {
			return [...notes];
		},
	};
}
`,
	'src/helpers.js': `/** One line, without blanks around it. */
export function clean(text) {
	return text.trim().replace(/\\s+/g, ' ');
}
`,
	'src/legacyFormat.js': `/** Nobody imports this any more. */
export function toLegacyFormat(notes) {
	return notes.map((note) => note.id + ';' + note.text).join('\\r\\n');
}
`,
	'test/notes.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNotes } from '../src/notes.js';

test('a note is kept on one line', () => {
	const notes = createNotes();
	notes.add('  buy\\n milk ');
	assert.deepEqual(notes.list(), [{ id: 1, text: 'buy milk' }]);
});
`,
};

/**
 * The six tasks, as a person would write them on the board: rename, create, delete, edit, and some wait for others.
 * The commands use double quotes outside and single quotes inside, so that every shell reads them alike.
 */
export const sampleTasks: readonly (TaskDraft & { readonly task_id: string })[] = [
	{
		task_id: 'NOTES-1',
		name: 'Rename helpers.js to text.js',
		priority: 'HIGH',
		task_type: 'refactor',
		dependencies: [],
		params: {
			run: ['git mv src/helpers.js src/text.js', replaceIn('src/notes.js', './helpers.js', './text.js')],
		},
		validation: { commands: [passesItsTests, holds("!fs.existsSync('src/helpers.js')")] },
	},
	{
		task_id: 'NOTES-2',
		name: 'Find notes by a word',
		priority: 'HIGH',
		task_type: 'feature',
		dependencies: [],
		params: {
			run: [
				write('src/search.js', [
					'/** The notes that contain the word, in any case. */',
					'export function search(notes, word) {',
					'\\treturn notes.filter((note) => note.text.toLowerCase().includes(word.toLowerCase()));',
					'}',
				]),
				write('test/search.test.js', [
					"import assert from 'node:assert/strict';",
					"import { test } from 'node:test';",
					"import { search } from '../src/search.js';",
					'',
					"test('a word is found in any case', () => {",
					"\\tconst notes = [{ id: 1, text: 'Buy milk' }, { id: 2, text: 'Call Ann' }];",
					"\\tassert.deepEqual(search(notes, 'MILK'), [notes[0]]);",
					'});',
				]),
			],
		},
		validation: { commands: [passesItsTests, holds("fs.existsSync('test/search.test.js')")] },
	},
	{
		task_id: 'NOTES-3',
		name: 'Delete the format nobody uses',
		priority: 'MEDIUM',
		task_type: 'cleanup',
		dependencies: [],
		params: { run: ['git rm --quiet src/legacyFormat.js'] },
		validation: { commands: [passesItsTests, holds("!fs.existsSync('src/legacyFormat.js')")] },
	},
	{
		task_id: 'NOTES-4',
		name: 'Offer the search on the list of notes',
		priority: 'MEDIUM',
		task_type: 'feature',
		dependencies: ['NOTES-1', 'NOTES-2'],
		params: {
			run: [
				replaceIn('src/notes.js', 'import {', "import { search } from './search.js';\\nimport {"),
				replaceIn(
					'src/notes.js',
					'\\t\\tlist() {',
					'\\t\\tsearch(word) {\\n\\t\\t\\treturn search(notes, word);\\n\\t\\t},\\n\\t\\tlist() {',
				),
			],
		},
		validation: {
			commands: [
				passesItsTests,
				`node --input-type=module -e "import { createNotes } from './src/notes.js'; const notes = createNotes(); notes.add('buy milk'); process.exit(notes.search('Milk').length === 1 ? 0 : 1)"`,
			],
		},
	},
	{
		task_id: 'NOTES-5',
		name: 'Tell in the README how to search',
		priority: 'LOW',
		task_type: 'documentation',
		dependencies: ['NOTES-4'],
		params: {
			run: [
				append('README.md', ['', '## Search', '', 'createNotes().search(word) gives the notes with a word.']),
			],
		},
		validation: { commands: [holds("fs.readFileSync('README.md', 'utf8').includes('## Search')")] },
	},
	{
		task_id: 'NOTES-6',
		name: 'Write the changelog of 0.2.0',
		priority: 'LOW',
		task_type: 'documentation',
		dependencies: ['NOTES-3', 'NOTES-4'],
		params: {
			run: [
				write('CHANGELOG.md', [
					'# Changes',
					'',
					'## 0.2.0',
					'',
					'- Notes can be searched.',
					'- The old format is gone.',
				]),
				replaceIn('package.json', '0.1.0', '0.2.0'),
			],
		},
		validation: {
			commands: [passesItsTests, holds("JSON.parse(fs.readFileSync('package.json')).version === '0.2.0'")],
		},
	},
];

function write(path: string, lines: readonly string[]): string {
	return `node -e "fs.writeFileSync('${path}', ${quote(`${lines.join('\\n')}\\n`)})"`;
}

function append(path: string, lines: readonly string[]): string {
	return `node -e "fs.appendFileSync('${path}', ${quote(`${lines.join('\\n')}\\n`)})"`;
}

function replaceIn(path: string, before: string, after: string): string {
	return `node -e "fs.writeFileSync('${path}', fs.readFileSync('${path}', 'utf8').replace(${quote(before)}, ${quote(after)}))"`;
}

function holds(condition: string): string {
	return `node -e "process.exit(${condition} ? 0 : 1)"`;
}

/** A JavaScript string in single quotes; its escapes are left for Node to read. */
function quote(text: string): string {
	return `'${text.replaceAll("'", "\\'")}'`;
}
