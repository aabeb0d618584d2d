// Checks that an agent is told by two signs at most, whatever it is called.

import assert from 'node:assert/strict';
import { holderBadge } from '../../../src/editor/holderBadge.ts';

describe('holderBadge', () => {
	it('is what tells one agent from another, in two signs at most', () => {
		const names = ['Agent-3', 'Agent-12', 'Agent-112', 'claude', 'x', '7', '', '-', 'Ötzi'];
		assert.deepEqual(names.map(holderBadge), ['A3', '12', '12', 'Cl', 'X', '77', '?', '?', 'Öt']);
	});
});
