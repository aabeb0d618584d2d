// Compares the figures of an import of a real project with those that another program counted, key by key. Skipped where the project is
// not beside the repository.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../../src/base/json.ts';
import { isJsonObject } from '../../../../src/base/json.ts';
import { importBoards } from '../../../../src/core/import/importBoards.ts';
import { nodeFileSystem } from '../../../../src/node/nodeFileSystem.ts';
import { victorFixture } from '../../../support/boardWorkspace.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { ann } from '../../../support/temporaryLedger.ts';

describe('the import of a real project', () => {
	const folders = useTemporaryFolders();
	let expected: JsonObject = {};
	let found: JsonObject = {};

	before(async function () {
		if (victorFixture === undefined) {
			this.skip();
		}
		expected = JSON.parse(readFileSync(join(victorFixture, 'EXPECTED.json'), 'utf8')) as JsonObject;
		const tools = { files: nodeFileSystem, folder: folders.make(), ledger: undefined };
		found = (await importBoards(tools, { path: victorFixture, isDryRun: true }, ann)).data;
	});

	/** Every key of the expectation, as far down as objects go. */
	function compare(wanted: JsonObject, got: JsonObject, path: string, differences: string[]): void {
		for (const key of new Set([...Object.keys(wanted), ...Object.keys(got)])) {
			const [left, right] = [wanted[key], got[key]];
			if (isJsonObject(left) && isJsonObject(right)) {
				compare(left, right, `${path}.${key}`, differences);
			} else if (JSON.stringify(left) !== JSON.stringify(right)) {
				differences.push(`${path}.${key}: wanted ${JSON.stringify(left)}, got ${JSON.stringify(right)}`);
			}
		}
	}

	// `generatedBy` names the program that counted; `root` is the name of the folder.
	for (const key of ['files', 'tasks', 'duplicates', 'dependencies', 'messages']) {
		it(`has the same ${key}`, () => {
			const differences: string[] = [];
			assert.ok(isJsonObject(expected[key]) && isJsonObject(found[key]), key);
			compare(expected[key], found[key], key, differences);
			assert.deepEqual(differences, []);
		});
	}

	it('has no other key but what it says about the import itself', () => {
		assert.deepEqual(
			Object.keys(found).filter((key) => !Object.hasOwn(expected, key)),
			['import'],
		);
	});

	it('would notice a figure that differs', () => {
		const differences: string[] = [];
		compare({ a: { b: 1 } }, { a: { b: 2 } }, 'x', differences);
		assert.deepEqual(differences, ['x.a.b: wanted 1, got 2']);
	});

	it('makes a task of every id, tells apart what only shares one, and loses no record', () => {
		const plan = found['import'];
		assert.ok(isJsonObject(plan));
		const { created, merged, contradictions, unreadable } = plan as Record<string, JsonObject[]>;
		const others = (merged ?? []).flatMap(({ others: each }) => each);
		assert.equal(created?.length, 367);
		assert.equal((created?.length ?? 0) + others.length, 390);
		// Archived directives 001 and 002 are not the live ones of the same number; one id stands for two different jobs.
		assert.deepEqual(
			created
				?.filter(({ renamed_because: why }) => /different things/u.test(JSON.stringify(why ?? null)))
				.map(({ task_id: id }) => id),
			['duplicates-POST-RESTRUCTURE-INITPY-003'],
		);
		assert.ok(created?.some(({ task_id: id }) => id === 'pending_tasks_agent1-12'));
		const about = new Set(contradictions?.filter(({ field }) => field === 'status').map(({ task_id: id }) => id));
		// The ten across files, less the one that proved to be two tasks, and one inside a file.
		assert.equal(about.size, 10);
		assert.deepEqual(
			unreadable?.map(({ kind }) => kind),
			['nul-filled-file', 'plain-text-in-json-file'],
		);
	});
});
