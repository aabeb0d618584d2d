// Checks what counts as silence of an agent. The clock is moved by hand.

import { strict as assert } from 'node:assert';
import { sleep } from '../../../src/base/async.ts';
import type { SilenceWatch } from '../../../src/drivers/silenceWatch.ts';
import { watchSilence } from '../../../src/drivers/silenceWatch.ts';

describe('The silence of an agent', () => {
	let now = 0;
	let waited = 0;
	let isExcused = false;
	let hasTold = false;
	let silent: Promise<void>;
	let watch: SilenceWatch;
	beforeEach(() => {
		[now, waited, isExcused, hasTold] = [0, 0, false, false];
		silent = new Promise((resolve) => {
			watch = watchSilence({ monotonic: () => now }, 20, {
				isExcused: () => isExcused,
				waitedMilliseconds: () => waited,
				onSilent: () => {
					hasTold = true;
					resolve();
				},
			});
		});
	});
	afterEach(() => watch.dispose());
	/** Long enough for some looks. */
	const look = () => sleep(70);

	it('is told once nothing was heard for so long', async () => {
		now = 20;
		await silent;
	});

	it('is not the time in which it waits for a person, and begins anew with the answer', async () => {
		[now, waited] = [10_000, 10_000];
		await look();
		// Answered; what it needs to think is its own time again.
		now += 15;
		await look();
		assert.equal(hasTold, false);
		now += 5;
		await silent;
	});

	it('is none while it is excused or heard', async () => {
		isExcused = true;
		now = 1_000;
		await look();
		isExcused = false;
		watch.hear();
		await look();
		assert.equal(hasTold, false);
	});
});
