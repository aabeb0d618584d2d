// Checks that each normaliser takes any value, and leaves alone what it made itself.

import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { JsonValue } from '../../../../src/base/json.ts';
import { normaliseAgent } from '../../../../src/core/board/normaliseAgent.ts';
import { normalisePriority } from '../../../../src/core/board/normalisePriority.ts';
import { normaliseStatus } from '../../../../src/core/board/normaliseStatus.ts';
import { normaliseTime } from '../../../../src/core/board/normaliseTime.ts';

describe('the normalisers', () => {
	it('leave alone what they made, and never throw', () => {
		fc.assert(
			fc.property(
				fc.oneof(fc.string(), fc.constantFrom('Captain-Agent-5', 'cursor_03', 'ALL_AGENTS_A1_A8')),
				(raw) => {
					const once = normaliseAgent(raw);
					assert.equal(once === null ? null : normaliseAgent(once), once);
				},
			),
		);
		fc.assert(
			fc.property(fc.jsonValue(), (raw) => {
				const value = raw as JsonValue;
				const priority = normalisePriority(value);
				assert.equal(priority === undefined ? undefined : normalisePriority(priority), priority);
				const time = normaliseTime(value);
				assert.equal(time === undefined ? undefined : normaliseTime(time), time);
				const status = normaliseStatus(value);
				if (status.kind === 'known') {
					assert.deepEqual(normaliseStatus(status.status), status);
				}
			}),
		);
	});

	it('fold every name of everybody, and no other name that begins so', () => {
		for (const name of [
			'ALL',
			'ALL_AGENTS',
			'All Swarm Agents',
			'ALL_ACTIVE_AGENTS',
			'ALL_AGENTS_A1_A8',
			'broadcast',
		]) {
			assert.equal(normaliseAgent(name), 'ALL');
		}
		assert.equal(normaliseAgent('Allison'), 'Allison');
		assert.equal(normaliseAgent('SYSTEM_BROADCAST'), 'SYSTEM_BROADCAST');
	});
});
