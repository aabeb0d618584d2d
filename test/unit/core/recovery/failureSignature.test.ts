// Checks which failures count as the same.

import assert from 'node:assert/strict';
import { failureSignature } from '../../../../src/core/recovery/failureSignature.ts';

describe('failureSignature', () => {
	const same = (left: string, right: string) =>
		failureSignature('gate.failed', left) === failureSignature('gate.failed', right);

	it('does not look at what differs from one attempt to the next', () => {
		assert.ok(same('a.ts:3:5 in 12.5 s (attempt 1 of 4)', 'a.ts:30:1 in 7 s'));
		assert.ok(same('in /w/run-abc-1/a.ts at c0ffee12', 'in /w/run-xyz-2/a.ts at badc0de9'));
	});

	it('looks at the code and at everything else', () => {
		assert.ok(!same('a.ts: wrong type', 'b.ts: wrong type'));
		assert.ok(!same('ended with exit code 1', 'ended with exit code 2'));
		assert.ok(!same('ended with exit code 12', 'ended with exit code 13'));
		assert.notEqual(failureSignature('gate.failed', 'x'), failureSignature('gate.timeout', 'x'));
	});
});
