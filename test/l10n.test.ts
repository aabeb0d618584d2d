// Owns the comparison of the shown words with their translations: nothing is said in one language only.

import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { manifest } from './support/manifest.ts';
import {
	bundlePath,
	checkTranslation,
	exportedBundle,
	languages,
	manifestKeys,
	manifestWordsPath,
	readJson,
	shownSources,
	wordsOf,
} from './support/translations.ts';
import type { Words } from './support/translations.ts';
import { unwrappedTexts } from './support/unwrappedTexts.ts';

/** What is called the same in both languages. */
const sameInGerman = [
	// Names of products, and of things that have no other name here.
	'Agent',
	'Backlog',
	'Board',
	'Budget',
	'Epic',
	'Filter {0}: {1}',
	'Filter {0}: {1}.',
	'Name',
	'Tag',
	'Markdown',
	'Pull Request',
	'Worktrees',
	'Backlog',
	'Board',
	'Boards',
	'Dashboard',
	'Graph',
	'Tokens',
	'Gates',
	'Budgets',
	'Drift',
	'Agent',
	'Status',
	'Plan {0}/{1}',
];

/** What these say becomes the reason of a run, which is stored, and told to agents: English. */
const storedWords = ['src/editor/landing/**', 'src/editor/models/**'];

const root = path.join(import.meta.dirname, '..');

describe('localisation', () => {
	it('has an English bundle that holds what the sources say; `npm run l10n` writes it', async () => {
		assert.deepEqual(readJson(bundlePath()), await exportedBundle(shownSources()));
	});

	for (const language of languages) {
		it(`has all words of the sources in ${language}`, () => {
			const translated = wordsOf(readJson(bundlePath(language)));
			assert.equal(checkTranslation(wordsOf(readJson(bundlePath())), translated, sameInGerman).join('\n'), '');
		});

		it(`has all words of the manifest in ${language}`, () => {
			const translated = wordsOf(readJson(manifestWordsPath(language)));
			const english = wordsOf(readJson(manifestWordsPath()));
			assert.equal(checkTranslation(english, translated, sameInGerman).join('\n'), '');
		});
	}

	it('hands every text that stands in a shown place to the translator', () => {
		const isStored = (file: string) => storedWords.some((pattern) => path.matchesGlob(file, pattern));
		const sources = [...shownSources()].filter(([file]) => !isStored(file));
		assert.equal(unwrappedTexts(new Map(sources)).join('\n'), '');
	});

	it('has a text for every key of the manifest, and no text without a key', () => {
		const keys = manifestKeys(readJson(path.join(root, 'package.json')));
		assert.deepEqual([...new Set(keys)].toSorted(), Object.keys(readJson(manifestWordsPath())).toSorted());
	});

	it('lies where the manifest says, and has no file of a language nobody checks', () => {
		assert.equal(manifest.l10n, './l10n');
		const files = readdirSync(path.dirname(bundlePath()));
		assert.deepEqual(
			files.toSorted(),
			[undefined, ...languages].map((language) => path.basename(bundlePath(language))).toSorted(),
		);
	});

	describe('finds a planted fault:', () => {
		const english: Words = { 'Start {0}': 'Start {0}', Help: '[Help](command:a)' };
		const german: Words = { 'Start {0}': '{0} starten', Help: '[Hilfe](command:a)' };
		const problemsOf = (translated: Words) => checkTranslation(english, translated, []);

		it('none in a good translation', () => assert.deepEqual(problemsOf(german), []));

		it('a text nobody translated', () => {
			assert.deepEqual(problemsOf({ Help: '[Hilfe](command:a)' }), ['Start {0} has no translation.']);
			assert.deepEqual(problemsOf({ ...german, 'Start {0}': 'Start {0}' }), ['Start {0} is not translated.']);
			assert.deepEqual(problemsOf({ ...german, 'Start {0}': ' ' }), ['Start {0} is empty.']);
		});

		it('a text that is said no longer', () => {
			assert.deepEqual(problemsOf({ ...german, Stop: 'Anhalten' }), ['Stop is said nowhere.']);
		});

		it('a lost placeholder or link', () => {
			assert.deepEqual(problemsOf({ ...german, 'Start {0}': 'Starten' }), ['Start {0} has other placeholders: ']);
			assert.deepEqual(problemsOf({ ...german, Help: '[Hilfe](command:b)' }), ['Help has other signs or links.']);
		});

		it('a text that nobody can translate', () => {
			const source = [
				"import { l10n, window } from 'vscode';",
				"window.showInformationMessage('It is done.');",
				"export const pick = { label: isOne ? 'One' : `${count} of them`, description: 'READY', detail: l10n.t('A b') };",
				"item.tooltip = ['Dream.OS', 'Press here'].join(', ') + `${took} ms`;",
				"throw new DreamError('task.none', 'There is no task.', { advice: 'Create one first.' });",
				"log.error('It is not shown.');",
			];
			assert.deepEqual(unwrappedTexts(new Map([['src/editor/planted.ts', source.join('\n')]])), [
				"src/editor/planted.ts:2: 'It is done.'",
				"src/editor/planted.ts:3: 'One'",
				'src/editor/planted.ts:3: `${count} of them`',
				"src/editor/planted.ts:5: 'There is no task.'",
				"src/editor/planted.ts:5: 'Create one first.'",
			]);
		});

		it('a text of a page that nobody can translate', () => {
			const source = [
				"import * as l10n from '@vscode/l10n';",
				"const box = element('p', { className: 'note', text: 'run', attributes: { role: 'list', 'aria-label': 'Output' } });",
				"setText(box, isOne ? 'One task' : `${count} tasks of ${all}`);",
				"setAttribute(box, 'title', 'Press here');",
				"setAttribute(box, 'data-state', 'paused');",
				"header.textContent = 'Board';",
				"element('h1', { text: 'Dream.OS' }, [document.createTextNode(' '), element('p', { text: l10n.t('Fine') })]);",
			];
			assert.deepEqual(unwrappedTexts(new Map([['webviews/planted.ts', source.join('\n')]])), [
				"webviews/planted.ts:2: 'run'",
				"webviews/planted.ts:2: 'Output'",
				"webviews/planted.ts:3: 'One task'",
				'webviews/planted.ts:3: `${count} tasks of ${all}`',
				"webviews/planted.ts:4: 'Press here'",
				"webviews/planted.ts:6: 'Board'",
			]);
		});

		it('a text that is put together where it is said', async () => {
			const source = new Map([['src/planted.ts', "l10n.t('Fine');\nvscode.l10n.t(`Start ${name}`);"]]);
			await assert.rejects(exportedBundle(source), /src\/planted\.ts:2: l10n\.t takes its text/u);
		});

		it('a key deep in a manifest', () => {
			assert.deepEqual(manifestKeys({ a: ['%one%', { b: '%two.three%' }], c: '100%', d: 1 }), [
				'one',
				'two.three',
			]);
		});
	});
});
