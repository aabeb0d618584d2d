// Checks the event primitive: order, removal, and that a throwing listener stops nobody else.

import assert from 'node:assert/strict';
import { Emitter } from '../../../src/base/event.ts';

describe('Emitter', () => {
	it('calls listeners in order and stops after dispose', () => {
		const emitter = new Emitter<number>();
		const seen: string[] = [];
		const first = emitter.event((value) => seen.push(`a${value}`));
		emitter.event((value) => seen.push(`b${value}`));
		emitter.fire(1);
		first.dispose();
		emitter.fire(2);
		assert.deepEqual(seen, ['a1', 'b1', 'b2']);
		assert.equal(emitter.listenerCount, 1);
		emitter.dispose();
		assert.equal(emitter.listenerCount, 0);
	});

	it('goes on after a listener that throws, and tells of it', () => {
		const errors: unknown[] = [];
		const emitter = new Emitter<void>((error) => errors.push(error));
		let reached = false;
		emitter.event(() => {
			throw new Error('broken view');
		});
		emitter.event(() => {
			reached = true;
		});
		emitter.fire();
		assert.equal(reached, true);
		assert.equal(errors.length, 1);
	});
});
