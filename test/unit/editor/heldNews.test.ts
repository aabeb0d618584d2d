// Checks that news waits while a message of its kind can be seen, is told together afterwards, and is never forgotten.

import assert from 'node:assert/strict';
import type { LedgerEvent } from '../../../src/core/events.ts';
import { HeldNews, seenMilliseconds } from '../../../src/editor/heldNews.ts';

const event = (sequence: number): LedgerEvent => ({
	sequence,
	at: '2026-01-01T00:00:00.000Z',
	type: 'run.changed',
	actor: 'host:h',
	message: 'm',
});

describe('HeldNews', () => {
	it('tells one, holds those that come while it is seen, and tells them together then', () => {
		const news = new HeldNews();
		assert.deepEqual(news.take('review', [event(1)], 0), [event(1)]);
		assert.deepEqual(news.take('review', [event(2)], 1000), []);
		assert.deepEqual(news.take('review', [event(3)], 2000), []);
		assert.deepEqual(news.take('stopped', [event(4)], 2000), [event(4)], 'another kind does not wait for it');
		assert.equal(news.isHolding, true);
		assert.deepEqual(news.take('review', [], seenMilliseconds - 1), []);
		assert.deepEqual(news.take('review', [], seenMilliseconds), [event(2), event(3)]);
		assert.equal(news.isHolding, false);
		assert.deepEqual(news.take('review', [], 10 * seenMilliseconds), []);
	});

	it('goes on at once when the person has closed the message', () => {
		const news = new HeldNews();
		news.take('review', [event(1)], 0);
		news.take('review', [event(2)], 10);
		news.close('review');
		assert.deepEqual(news.take('review', [], 20), [event(2)]);
	});
});
