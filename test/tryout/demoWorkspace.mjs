// Owns the workspace that `npm start` opens: a small library in a real git repository, set up by the real CLI, with six
// tasks for the command driver, which needs no model. Each task changes files for real and is checked for real.
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_FOLDER, projectEnvironment, projectNode } from '../support/project.mjs';

const run = promisify(execFile);

/** The CLI that was built before. */
export const CLI_PATH = join(PROJECT_FOLDER, 'dist', 'cli.cjs');

const READY_QUEUE = 'runtime/agent_comms/project_boards/task_ready_queue.json';

/** Tests of the library itself. */
const PASSES_ITS_TESTS = 'node --test';

/** @type {Readonly<Record<string, string>>} */
const FILES = {
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
const TASKS = [
	{
		task_id: 'NOTES-1',
		name: 'Rename helpers.js to text.js',
		priority: 'HIGH',
		task_type: 'refactor',
		dependencies: [],
		params: {
			run: ['git mv src/helpers.js src/text.js', replaceIn('src/notes.js', './helpers.js', './text.js')],
		},
		validation: { commands: [PASSES_ITS_TESTS, holds("!fs.existsSync('src/helpers.js')")] },
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
		validation: { commands: [PASSES_ITS_TESTS, holds("fs.existsSync('test/search.test.js')")] },
	},
	{
		task_id: 'NOTES-3',
		name: 'Delete the format nobody uses',
		priority: 'MEDIUM',
		task_type: 'cleanup',
		dependencies: [],
		params: { run: ['git rm --quiet src/legacyFormat.js'] },
		validation: { commands: [PASSES_ITS_TESTS, holds("!fs.existsSync('src/legacyFormat.js')")] },
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
				PASSES_ITS_TESTS,
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
			commands: [PASSES_ITS_TESTS, holds("JSON.parse(fs.readFileSync('package.json')).version === '0.2.0'")],
		},
	},
];

/**
 * Fills an empty folder. The boards come from the CLI; the ready queue is then written by hand, as a person would.
 * @param {string} folder
 */
export async function makeDemoWorkspace(folder) {
	for (const [path, text] of Object.entries(FILES)) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), text);
	}
	const author = [
		'-c',
		'user.name=Dream.OS Demo',
		'-c',
		'user.email=demo@dreamos.invalid',
		'-c',
		'commit.gpgSign=false',
	];
	await run('git', ['init', '--quiet', '--initial-branch=main'], { cwd: folder });
	await run('git', ['add', '--all'], { cwd: folder });
	await run('git', [...author, 'commit', '--quiet', '--message', 'A list of short notes'], { cwd: folder });
	await cli(['init', '--workspace', folder, '--yes']);
	const tasks = TASKS.map((task) => ({ ...task, status: 'PENDING' }));
	await writeFile(join(folder, READY_QUEUE), `${JSON.stringify(tasks, undefined, 2)}\n`);
}

/**
 * Runs the built CLI and returns what it printed.
 * @param {readonly string[]} args
 */
export async function cli(args) {
	const { stdout } = await run(projectNode(), [CLI_PATH, ...args], {
		cwd: PROJECT_FOLDER,
		env: projectEnvironment(),
		maxBuffer: 64 * 1024 * 1024,
	});
	return stdout;
}

/**
 * @param {string} path
 * @param {readonly string[]} lines
 */
function write(path, lines) {
	return `node -e "fs.writeFileSync('${path}', ${quote(`${lines.join('\\n')}\\n`)})"`;
}

/**
 * @param {string} path
 * @param {readonly string[]} lines
 */
function append(path, lines) {
	return `node -e "fs.appendFileSync('${path}', ${quote(`${lines.join('\\n')}\\n`)})"`;
}

/**
 * @param {string} path
 * @param {string} before
 * @param {string} after
 */
function replaceIn(path, before, after) {
	return `node -e "fs.writeFileSync('${path}', fs.readFileSync('${path}', 'utf8').replace(${quote(before)}, ${quote(after)}))"`;
}

/** @param {string} condition */
function holds(condition) {
	return `node -e "process.exit(${condition} ? 0 : 1)"`;
}

/**
 * A JavaScript string in single quotes; its escapes are left for Node to read.
 * @param {string} text
 */
function quote(text) {
	return `'${text.replaceAll("'", "\\'")}'`;
}
