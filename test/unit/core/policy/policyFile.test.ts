// Checks the file of permission rules: what is read of it, what is said of what cannot be read, and that remembering an answer changes
// nothing else in it.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDreamError } from '../../../../src/base/errors.ts';
import { policyPath } from '../../../../src/core/paths.ts';
import { PolicyFile } from '../../../../src/core/policy/policyFile.ts';
import { readPolicy } from '../../../../src/core/policy/readPolicy.ts';
import { nodeFileSystem } from '../../../../src/node/nodeFileSystem.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';

describe('Reading permission rules', () => {
	it('gives every rule its line, and takes one pattern for a list of one', async () => {
		const text =
			'# rules\nversion: 1\nrules:\n  - decision: deny\n    path: .env\n\n  # why\n  - { decision: ask, kind: [execute, edit] }\n';
		const { rules, problems, doubt } = await readPolicy(text);
		assert.deepEqual([problems, doubt], [[], undefined]);
		assert.deepEqual(
			rules.map(({ line, decision, kinds, paths }) => [line, decision, kinds, paths]),
			[
				[4, 'deny', undefined, ['.env']],
				[8, 'ask', ['execute', 'edit'], undefined],
			],
		);
	});

	it('takes an empty file, only comments, or no list for no rules', async () => {
		for (const text of ['', '# nothing\n', 'version: 1\n', 'rules:\n', 'rules: []\n']) {
			assert.deepEqual(await readPolicy(text), { rules: [], problems: [], doubt: undefined }, text);
		}
	});

	const unreadable: readonly (readonly [string, string, number])[] = [
		['no YAML', 'rules:\n  - decision: deny\n   path: x\n', 3],
		['a key that stands twice', 'rules:\n  - decision: deny\n    path: a\n    path: b\n', 4],
		['two documents', 'rules: []\n---\nrules: []\n', 2],
		['a list at the top', '- decision: deny\n', 1],
		['a word nobody knows', 'version: 1\nrule:\n  - decision: deny\n', 2],
		['another version', 'version: 2\nrules: []\n', 1],
		['rules that are no list', 'rules: deny\n', 1],
	];
	for (const [title, text, line] of unreadable) {
		it(`doubts a file with ${title}, on its line`, async () => {
			const { rules, doubt, problems } = await readPolicy(text);
			assert.deepEqual([rules, doubt?.line, problems.length], [[], line, 1]);
			assert.equal(doubt?.file, policyPath);
		});
	}

	const bad: readonly (readonly [string, string, boolean])[] = [
		['denies with a misspelt limit', 'decision: deny\n    comand: rm', true],
		['says no decision', 'path: a', true],
		['decides something else', 'decision: maybe', true],
		['is no rule', '"deny everything"', true],
		['allows with a misspelt limit', 'decision: allow\n    comand: rm', false],
	];
	for (const [title, rule, isDoubted] of bad) {
		it(`keeps the other rules when one ${title}`, async () => {
			const text = `rules:\n  - decision: deny\n    path: a\n  - ${rule}\n`;
			const { rules, doubt, problems } = await readPolicy(text);
			assert.deepEqual([rules.length, problems.length, doubt !== undefined], [1, 1, isDoubted]);
			assert.ok((problems[0]?.line ?? 0) >= 4);
		});
	}
});

describe('Remembering an answer', () => {
	const folders = useTemporaryFolders();
	let current = '';
	beforeEach(() => {
		current = folders.make();
	});
	const folder = () => current;
	const path = () => join(folder(), policyPath);
	const put = (text: string) => {
		mkdirSync(join(folder(), '.dreamos'), { recursive: true });
		writeFileSync(path(), text);
	};
	const remember = (file = new PolicyFile(nodeFileSystem, folder())) =>
		file.remember({ decision: 'allow', kind: 'execute', command: 'npm "test"' }, 'ann said allow');

	it('makes the file, and reads what it wrote', async () => {
		const file = new PolicyFile(nodeFileSystem, folder());
		assert.deepEqual((await file.read()).rules, []);
		await remember(file);
		const { rules, problems } = await file.read();
		assert.deepEqual(problems, []);
		assert.deepEqual(rules[0]?.commands, ['npm "test"']);
		assert.match(readFileSync(path(), 'utf8'), /# ann said allow\n {2}- decision: allow/u);
	});

	it('adds lines and changes no other', async () => {
		const before =
			'# mine\nversion: 1   # one\nrules: # all of them\n    # about secrets\n    - decision: "deny"   # never\n      path: [ ".env" , secrets/** ]\n# the end\n';
		put(before);
		await remember();
		const after = readFileSync(path(), 'utf8');
		const added = after.split('\n').filter((line) => !before.split('\n').includes(line));
		assert.deepEqual(added, [
			'    # ann said allow',
			'    - decision: allow',
			'      kind: execute',
			'      command: npm "test"',
		]);
		assert.equal(
			after
				.split('\n')
				.filter((line) => !added.includes(line))
				.join('\n'),
			before,
		);
	});

	for (const [title, text] of [
		['written in one line', 'rules: [{decision: deny, path: x}] # kept\n'],
		['with no rules yet', '# kept\nversion: 1\nrules:\n'],
		['with Windows line ends', 'rules: # kept\r\n- decision: deny\r\n  path: x\r\n'],
		['without a last line end', 'rules:\n- decision: deny # kept'],
		['empty but for a comment', '# kept\n'],
	] as const) {
		it(`works in a file ${title}`, async () => {
			put(text);
			const before = await readPolicy(text);
			await remember();
			const { rules, problems } = await readPolicy(readFileSync(path(), 'utf8'));
			assert.deepEqual(problems, []);
			assert.deepEqual(
				rules.slice(1).map(({ decision, paths }) => [decision, paths]),
				before.rules.map(({ decision, paths }) => [decision, paths]),
			);
			assert.equal(rules[0]?.decision, 'allow');
			assert.match(readFileSync(path(), 'utf8'), /# kept/u);
		});
	}

	it('never touches a file that cannot be read, and says so', async () => {
		const text = 'rules:\n  - decision: deny\n   path: x\n';
		put(text);
		await assert.rejects(remember(), (error) => isDreamError(error, 'policy.notWritten'));
		assert.equal(readFileSync(path(), 'utf8'), text);
	});

	it('loses no rule when many remember at once', async () => {
		const files = Array.from({ length: 4 }, () => new PolicyFile(nodeFileSystem, folder()));
		await Promise.all(
			files.map((file, index) => file.remember({ decision: 'allow', command: `c${index}` }, `number ${index}`)),
		);
		const { rules } = await readPolicy(readFileSync(path(), 'utf8'));
		assert.deepEqual(rules.flatMap(({ commands }) => commands ?? []).toSorted(), ['c0', 'c1', 'c2', 'c3']);
	});

	it('is a doubt, not an error, when the file cannot be opened', async () => {
		mkdirSync(path(), { recursive: true });
		const { doubt } = await new PolicyFile(nodeFileSystem, folder()).read();
		assert.equal(doubt?.code, 'policy.unreadable');
		assert.ok(existsSync(path()));
	});
});
