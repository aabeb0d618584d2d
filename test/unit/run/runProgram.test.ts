// A program that hangs, or leaves a child behind in a group of its own, must not outlive its stage.
import assert from 'node:assert/strict';
import { runProgram } from '../../run/runProgram.mjs';
import { findProcesses } from '../../support/processTree.mjs';

const node = process.execPath;

describe('runProgram', () => {
	it('returns the exit code and finds nothing left', async () => {
		const end = await runProgram(node, ['-e', 'process.exit(3)'], { milliseconds: 5_000 });
		assert.deepEqual(end, { code: 3, isLate: false, leftRunning: [] });
	});

	it('stops a program at its deadline', async () => {
		const end = await runProgram(node, ['-e', 'setInterval(() => {}, 1000)'], { milliseconds: 200 });
		assert.equal(end.isLate, true);
	});

	it('names and ends a child that was moved out of the group', async function () {
		if (process.platform !== 'linux') {
			// Elsewhere an orphan cannot be told from a stranger.
			this.skip();
		}
		const forever = 'setInterval(() => {}, 1000)';
		const parent = `require('child_process').spawn(process.execPath, ['-e', '${forever}'], { detached: true, stdio: 'ignore' }).unref()`;
		const end = await runProgram(node, ['-e', parent], { milliseconds: 5_000, settleMilliseconds: 200 });
		assert.equal(end.code, 0);
		assert.equal(end.leftRunning.length, 1);
		assert.match(end.leftRunning[0] ?? '', /setInterval/);
		assert.deepEqual(
			(await findProcesses('', undefined)).filter(({ command }) => command.includes(forever)),
			[],
		);
	});
});
