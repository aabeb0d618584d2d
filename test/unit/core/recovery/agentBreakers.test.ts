// Checks how long agents are left alone that fail again and again.

import assert from 'node:assert/strict';
import type { Growth } from '../../../../src/core/recovery/backOff.ts';
import { AgentBreakers } from '../../../../src/core/recovery/agentBreakers.ts';

describe('AgentBreakers', () => {
	const fail = (breakers: AgentBreakers, times: number, first = 1, growth: Growth = 'exponential') =>
		Array.from({ length: times }, () => breakers.noteFailure('Agent-1', { first, growth }));

	it('leaves an agent alone for seconds, and from its third failure in a row for minutes', () => {
		const pauses = fail(new AgentBreakers(() => 0.5), 12);
		for (const { milliseconds, failures } of pauses) {
			const [least, most] = failures < 3 ? [1_000, 60_000] : [120_000, 1_800_000];
			assert.ok(milliseconds >= least && milliseconds <= most, `${failures}: ${milliseconds} ms`);
		}
		assert.deepEqual(
			pauses.slice(0, 5).map(({ wasBroken }) => wasBroken),
			[false, false, false, true, true],
		);
	});

	it('makes pauses grow as they are to, and by chance a little longer, so that not all come back at once', () => {
		const grown = (chance: number, growth: 'linear' | 'exponential') =>
			fail(new AgentBreakers(() => chance), 2, 10, growth).map(({ milliseconds }) => milliseconds);
		assert.deepEqual(grown(0, 'linear'), [10_000, 20_000]);
		assert.deepEqual(grown(0, 'exponential'), [10_000, 20_000]);
		assert.deepEqual(grown(0.4, 'exponential'), [11_000, 22_000]);
		const broken = (growth: 'linear' | 'exponential') =>
			fail(new AgentBreakers(() => 0), 6, 10, growth)
				.slice(2)
				.map(({ milliseconds }) => milliseconds / 1000);
		assert.deepEqual(broken('linear'), [120, 240, 360, 480]);
		assert.deepEqual(broken('exponential'), [120, 240, 480, 960]);
	});

	it('forgets what was before it worked', () => {
		const breakers = new AgentBreakers(() => 0.5);
		fail(breakers, 5);
		breakers.noteWork('Agent-1');
		const { failures, wasBroken, milliseconds } = breakers.noteFailure('Agent-1');
		assert.deepEqual([failures, wasBroken], [1, false]);
		assert.ok(milliseconds < 60_000);
	});

	it('knows agents apart', () => {
		const breakers = new AgentBreakers(() => 0.5);
		fail(breakers, 3);
		assert.equal(breakers.noteFailure('Agent-2').failures, 1);
	});

	it('begins with the longer pause that is asked for', () => {
		const [first] = fail(new AgentBreakers(() => 0.5), 1, 30);
		assert.ok((first?.milliseconds ?? 0) >= 30_000);
	});
});
