// Checks which failures count as the same: what differs by chance does not matter, what says something else does.

import assert from 'node:assert/strict';
import { isSameFailure } from '../../../../src/core/recovery/sameFailure.ts';

const gate = (reason: string) => ({ code: 'gate.failed', reason });

describe('the same failure', () => {
	it('is one that differs only in ids, numbers, times and folders', () => {
		const one = gate(
			'Gate npm test ended with exit code 1. Its output ended with:\n3 failing in 41.2 s at /tmp/w/run-mwyc-1/src/a.ts:12 (c0ffee1)',
		);
		const other = gate(
			'Gate npm test ended with exit code 1. Its output ended with:\n3 failing in 39.9 s at /var/w/run-mwyd-2/src/a.ts:12 (deadbee)',
		);
		assert.equal(isSameFailure(one, other), true);
	});

	it('is none with another gate, another message or another code', () => {
		const one = gate('Gate npm test ended with exit code 1. Its output ended with:\nlogin is broken');
		assert.equal(
			isSameFailure(one, gate('Gate npm test ended with exit code 1. Its output ended with:\nlogout is broken')),
			false,
		);
		assert.equal(isSameFailure(one, gate('Gate npm run lint ended with exit code 1. It printed nothing.')), false);
		assert.equal(isSameFailure(one, { ...one, code: 'agent.refused' }), false);
		assert.equal(isSameFailure({ ...one, code: undefined }, { ...one, code: undefined }), false);
	});

	it('is never one of the agent, its entry or the machine: those say nothing about the task', () => {
		for (const code of ['agent.exited', 'agent.timeout', 'agent.rateLimited', 'agent.notFound', 'file.full']) {
			assert.equal(isSameFailure({ code, reason: 'x' }, { code, reason: 'x' }), false, code);
		}
	});
});
