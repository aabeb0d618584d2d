// Checks the two clocks of the machine.

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { timestamp } from '../../../src/core/ports.ts';
import { systemClock } from '../../../src/node/systemClock.ts';

describe('systemClock', () => {
	it('tells wall time, and durations that do not depend on it', async () => {
		assert.ok(Math.abs(systemClock.now() - Date.now()) < 1_000);
		assert.match(timestamp(systemClock), /^20\d\d-\d\d-\d\dT.*Z$/u);
		const { now } = Date;
		const begin = systemClock.monotonic();
		try {
			Date.now = () => 0;
			await delay(20);
			const took = systemClock.monotonic() - begin;
			assert.ok(took >= 15 && took < 5_000, String(took));
		} finally {
			Date.now = now;
		}
	});
});
