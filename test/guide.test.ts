// Owns the comparison of the guide in docs/ with the product: what a page names has to exist, and what exists has to be on a page.

import { strict as assert } from 'node:assert';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { catalogue } from '../src/core/actions/catalogue.ts';
import { manifest } from './support/manifest.ts';
import { expectedPackage } from './support/packageRules.ts';

const root = path.join(import.meta.dirname, '..');
const guide = path.join(root, 'docs/guide');

/** What a page may say in italics besides commands: views, tabs, answers, and parts of the editor. */
const otherNames = new Set([
	...['Tasks', 'Agents', 'Worktrees', 'Overview', 'Board', 'Dream.OS', 'MCP', 'Dream.OS: …'],
	...['Allow', 'Allow Always', 'Deny', 'Give this to the swarm', 'Claim · Start · History'],
	'Welcome: Open Walkthrough… → Get Started with Dream.OS',
]);

/** Commands of the terminal that are no action of the catalogue. */
const ownCommands = ['init', 'up', 'boards import', 'boards export', 'run log', 'task import', 'sample'];

/** Names of files and folders that look like a setting. */
const fileNames = new Set(['dreamos.db', 'dreamos.dreamos']);

interface Names {
	/** Titles of palette commands as they are shown. */
	readonly titles: ReadonlySet<string>;
	readonly settings: ReadonlySet<string>;
	/** First words of terminal commands, such as `task list`. */
	readonly terminal: ReadonlySet<string>;
}

const product: Names = {
	titles: new Set(manifest.contributes.commands.map(({ title }) => title)),
	settings: new Set(manifest.contributes.configuration.flatMap(({ properties }) => Object.keys(properties))),
	terminal: new Set([
		...ownCommands,
		...catalogue
			.filter(({ terminal }) => terminal.isHidden !== true)
			.map(({ id, terminal }) => terminal.words ?? id.replace('.', ' ')),
	]),
};

/** What a page names that does not exist, one line each. */
function faultsOf(text: string, folder: string, names: Names): string[] {
	const faults: string[] = [];
	const prose = text.replaceAll(/```[\s\S]*?```/gu, '');
	for (const [, words = ''] of prose.matchAll(/(?<![\w`*/])_([^_\n]+(?:\n[^_\n]+)?)_(?![\w`])/gu)) {
		const name = words.replaceAll(/\s+/gu, ' ');
		if (!names.titles.has(name) && !otherNames.has(name)) {
			faults.push(`no command is called "${name}"`);
		}
	}
	for (const [name] of text.matchAll(/\bdreamos\.[a-z]\w*(?:\.\w+)*/gu)) {
		if (!names.settings.has(name) && !fileNames.has(name)) {
			faults.push(`no setting is called "${name}"`);
		}
	}
	for (const [, first = '', second = ''] of text.matchAll(/(?:`|^)dreamos\s+([a-z]+)(?:\s+([a-z][a-z-]*))?/gmu)) {
		if (!names.terminal.has(first) && !names.terminal.has(`${first} ${second}`)) {
			faults.push(`the terminal has no "dreamos ${first} ${second}"`);
		}
	}
	for (const [, target = ''] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/gu)) {
		if (!/^https?:/u.test(target) && !existsSync(path.join(folder, target))) {
			faults.push(`nothing is at "${target}"`);
		}
	}
	return faults;
}

describe('guide', () => {
	const pages = globSync('*.md', { cwd: guide }).toSorted();
	const textOf = (page: string) => readFileSync(path.join(guide, page), 'utf8');

	it('names only what exists', () => {
		assert.ok(pages.length > 10);
		assert.deepEqual(
			pages.flatMap((page) => faultsOf(textOf(page), guide, product).map((fault) => `${page}: ${fault}`)),
			[],
		);
	});

	it('would find a name that does not exist (planted)', () => {
		const planted = 'Run _Fly Away_, set `dreamos.no.such`, type `dreamos task fly`, see [it](nowhere.md).';
		assert.deepEqual(faultsOf(planted, guide, product), [
			'no command is called "Fly Away"',
			'no setting is called "dreamos.no.such"',
			'the terminal has no "dreamos task fly"',
			'nothing is at "nowhere.md"',
		]);
	});

	it('ships with everything it and the README link to in docs/', () => {
		const shipped = new Set(expectedPackage([], []));
		const linked = ['README.md', ...pages.map((page) => `docs/guide/${page}`)].flatMap((file) =>
			[...readFileSync(path.join(root, file), 'utf8').matchAll(/\]\(([^)#\s]+\.md)(?:#[^)]*)?\)/gu)].map(
				([, target = '']) => path.posix.join(path.posix.dirname(file), target),
			),
		);
		assert.deepEqual(
			linked.filter((target) => target.startsWith('docs/') && !shipped.has(`extension/${target}`)),
			[],
		);
	});

	it('has every page in its contents', () => {
		const contents = textOf('README.md');
		assert.deepEqual(
			pages.filter((page) => page !== 'README.md' && !contents.includes(`](${page})`)),
			[],
		);
	});

	it('tells of every command of the palette', () => {
		const all = pages.map(textOf).join('\n').replaceAll(/\s+/gu, ' ');
		assert.deepEqual(
			[...product.titles].filter((title) => !all.includes(`_${title}_`)),
			[],
		);
	});

	it('holds for settings, commands of the terminal and links of the other documents, too', () => {
		const others = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/*.md', { cwd: root })];
		assert.deepEqual(
			others.flatMap((file) =>
				faultsOf(readFileSync(path.join(root, file), 'utf8'), path.join(root, path.dirname(file)), product)
					.filter((fault) => !fault.startsWith('no command'))
					.map((fault) => `${file}: ${fault}`),
			),
			[],
		);
	});
});
