// Checks runtime/hooks.json: what it may say, and that every fault is told with its line and field.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HooksFile, readHooks } from '../../../../src/core/hooks/hooksFile.ts';
import { nodeFileSystem } from '../../../../src/node/nodeFileSystem.ts';
import { createProcessRunner } from '../../../../src/node/processRunner.ts';
import { findMissingPrograms } from '../../../../src/workspace/examineHooks.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';

describe('hooks.json', () => {
	const folders = useTemporaryFolders();
	const faults = (text: string) =>
		readHooks(text).problems.map(({ line, column, message }) => [line, column, message]);

	it('holds hooks with their defaults, in file order, apart from guards and what is switched off', () => {
		const { hooks, guards, problems } = readHooks(
			JSON.stringify([
				{ on: 'task.completed', command: 'echo done', name: 'tell' },
				{ on: ['task.*', 'run.opened'], command: ['node', 'hook.mjs'], timeout_seconds: 5 },
				{ on: 'task.claim', command: 'true', guard: true },
				{ on: '*', command: 'false', enabled: false },
			]),
		);
		assert.deepEqual(problems, []);
		assert.deepEqual(
			hooks.map(({ label, timeoutSeconds, command }) => [label, timeoutSeconds, command]),
			[
				['hook tell', 30, 'echo done'],
				['the hook in runtime/hooks.json, line 1', 5, { program: 'node', arguments: ['hook.mjs'] }],
			],
		);
		assert.equal(guards.length, 1);
	});

	it('tells faults with their place, and runs what is good', () => {
		const text = [
			'[',
			'  { "on": "task.finished", "command": "x" },',
			'  { "on": "task.failed",',
			'    "timeout_seconds": "long", "command": "x" },',
			'  { "on": "run.opened", "command": "x", "guard": true },',
			'  { "on": "task.ready", "command": "x", "colour": "red" },',
			'  { "on": "task.failed", "command": "good" }',
			']',
		].join('\n');
		const { hooks, doubt } = readHooks(text);
		assert.deepEqual(
			hooks.map(({ command }) => command),
			['good'],
		);
		assert.deepEqual(
			faults(text).map(([line, column]) => [line, column]),
			[
				[2, 11],
				[4, 24],
				[5, 11],
				[6, 3],
			],
		);
		assert.match(String(faults(text)[0]?.[2]), /There is no event task\.finished\./u);
		assert.equal(doubt?.line, 5, 'a guard that cannot be read leaves it open what is guarded');
		assert.equal(readHooks('[{ "on": "x", "command": "y" }]').doubt, undefined);
		assert.equal(readHooks('[{ "guard": true, ').doubt?.line, 1);
		assert.equal(readHooks('[{ ').doubt, undefined);
	});

	it('is read again when it changes, and no file means no hooks', async () => {
		const path = join(folders.make(), 'hooks.json');
		const file = new HooksFile(nodeFileSystem, path);
		assert.equal((await file.read()).hooks.length, 0);
		writeFileSync(path, '[{ "on": "*", "command": "x" }]');
		const first = await file.read();
		assert.equal(first.hooks.length, 1);
		assert.equal(await file.read(), first, 'the same reading while nothing changed');
		writeFileSync(path, '[]  ');
		assert.equal((await file.read()).hooks.length, 0);
	});

	it('says which programs are not there, without running any', async () => {
		const folder = folders.make();
		const reading = readHooks(
			JSON.stringify([
				{ on: '*', command: 'no-such-program-here --now' },
				{ on: '*', command: ['no-such-program-either'] },
				{ on: '*', command: 'echo built in' },
				{ on: '*', command: 'VARIABLE=1 whatever && touch ran' },
				{ on: '*', command: [process.execPath] },
			]),
		);
		const missing = await findMissingPrograms(reading, createProcessRunner(), folder);
		assert.deepEqual(
			missing.map(({ message }) => /wants (\S+),/u.exec(message)?.[1]),
			['no-such-program-here', 'no-such-program-either'],
		);
	});
});
