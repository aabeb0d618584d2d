// Owns the proof of how soon a host is started again.

import { strict as assert } from 'node:assert';
import { RestartPace } from '../../../../src/core/swarm/restartPace.ts';

/** Milliseconds between starts of a host that ends as soon as it was started. */
function dyingFor(milliseconds: number, look = 500): number[] {
	const pace = new RestartPace();
	const starts: number[] = [];
	for (let now = 0; now <= milliseconds; now += look) {
		if (pace.isDue(now)) {
			pace.note(now);
			starts.push(now);
		}
	}
	return starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
}

describe('restart pace', () => {
	it('starts a host again at once that ended once or twice', () => {
		const pace = new RestartPace();
		assert.ok(pace.isDue(0));
		assert.deepEqual(pace.note(1000), { count: 1, isNews: false });
		assert.ok(pace.isDue(1001));
		assert.equal(pace.note(6000).count, 2);
		assert.equal(pace.isDue(7999), false);
		assert.ok(pace.isDue(8000));
	});

	it('waits ever longer for one that cannot stay alive, and never gives it up', () => {
		const gaps = dyingFor(600_000);
		assert.deepEqual(gaps.slice(0, 5), [500, 2000, 10_000, 30_000, 60_000]);
		assert.ok(gaps.length > 8);
		assert.ok(gaps.slice(1).every((gap) => gap >= 2000));
	});

	it('tells of it once in a series', () => {
		const pace = new RestartPace();
		const news = [0, 1000, 4000, 15_000, 50_000].map((now) => pace.note(now).isNews);
		assert.deepEqual(news, [false, false, true, false, false]);
		assert.deepEqual(
			[300_000, 301_000, 304_000].map((now) => pace.note(now).isNews),
			[false, false, true],
		);
	});

	it('begins anew when a host lived for two minutes', () => {
		const pace = new RestartPace();
		[0, 1000, 4000].forEach((now) => pace.note(now));
		assert.equal(pace.note(124_001).count, 1);
		assert.ok(pace.isDue(124_002));
	});
});
