// Runs the chaos for a short while, as part of every test run: the long one is `npm run chaos`, and its figures are in the README.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const seed = 20_261_125;

describe('a short chaos run', function () {
	this.timeout(240_000);

	it('loses nothing and finds nothing, whoever is killed', () => {
		// By operations and not by the clock, so that a machine with much to do checks as much; the minutes are the worst case.
		const wishes = ['--operations', '1500', '--minutes', '1', '--seed', String(seed)];
		const words = [join(import.meta.dirname, '../../chaos/chaos.ts'), ...wishes];
		const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
		assert.equal(status, 0, `Repeat with: npm run chaos -- ${wishes.join(' ')} --keep\n${stdout}\n${stderr}`);
		assert.match(stdout, /Nothing was found/u);
	});
});
