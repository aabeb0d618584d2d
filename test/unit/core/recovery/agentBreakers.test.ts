// Checks how long agents are left alone that fail again and again.

import assert from 'node:assert/strict';
import { AgentBreakers } from '../../../../src/core/recovery/agentBreakers.ts';

describe('AgentBreakers', () => {
	const fail = (breakers: AgentBreakers, times: number, seconds?: number) =>
		Array.from({ length: times }, () => breakers.noteFailure('Agent-1', seconds));

	it('leaves an agent alone for seconds, and from its third failure in a row for minutes', () => {
		const pauses = fail(new AgentBreakers(), 12);
		for (const { milliseconds, failures } of pauses) {
			const [least, most] = failures < 3 ? [1_000, 60_000] : [120_000, 1_800_000];
			assert.ok(milliseconds >= least && milliseconds <= most, `${failures}: ${milliseconds} ms`);
		}
		assert.deepEqual(
			pauses.slice(0, 5).map(({ wasBroken }) => wasBroken),
			[false, false, false, true, true],
		);
	});

	it('forgets what was before it worked', () => {
		const breakers = new AgentBreakers();
		fail(breakers, 5);
		breakers.noteWork('Agent-1');
		const { failures, wasBroken, milliseconds } = breakers.noteFailure('Agent-1');
		assert.deepEqual([failures, wasBroken], [1, false]);
		assert.ok(milliseconds < 60_000);
	});

	it('knows agents apart', () => {
		const breakers = new AgentBreakers();
		fail(breakers, 3);
		assert.equal(breakers.noteFailure('Agent-2').failures, 1);
	});

	it('begins with the longer pause that is asked for', () => {
		const [first] = fail(new AgentBreakers(), 1, 30);
		assert.ok((first?.milliseconds ?? 0) >= 30_000);
	});
});
