// Checks that what was started for a run can be ended by another program that knows nothing but the run's id.

import assert from 'node:assert/strict';
import { createProcessRunner } from '../../../src/node/processRunner.ts';
import { newRunId } from '../../../src/base/ids.ts';

describe('endRun', () => {
	before(function () {
		if (process.platform !== 'linux') {
			// Other systems do not show the environment of a process.
			this.skip();
		}
	});

	it('ends what carries the run, though nobody recorded it, and nothing of another run', async () => {
		const runner = createProcessRunner();
		const mine = newRunId(1);
		const start = (runId: string, isMarked = false) =>
			runner.spawn({
				command: { program: 'sleep', arguments: ['60'] },
				folder: process.cwd(),
				...(isMarked ? { mark: runId } : { environment: { DREAMOS_RUN_ID: runId } }),
				onErrorOutput: () => undefined,
			});
		const lost = await start(mine);
		const marked = await start(mine, true);
		const other = await start(newRunId(2));
		try {
			await createProcessRunner().endRun(mine);
			assert.equal(await runner.isAlive(lost.identity), false);
			assert.equal(await runner.isAlive(marked.identity), false);
			assert.equal(await runner.isAlive(other.identity), true);
		} finally {
			await other.stop(0);
		}
	});
});
