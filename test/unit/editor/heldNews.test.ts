// Checks that news becomes few messages, however much of it there is at once: what comes while they can be seen is told together
// afterwards, and is never forgotten.

import assert from 'node:assert/strict';
import type { EventType, LedgerEvent } from '../../../src/core/events.ts';
import type { NewsMessage } from '../../../src/editor/heldNews.ts';
import { HeldNews, mostMessages, seenMilliseconds } from '../../../src/editor/heldNews.ts';
import { digestOf } from '../../../src/editor/newsWords.ts';

const event = (sequence: number, type: EventType, data: LedgerEvent['data'], taskId?: string): LedgerEvent => ({
	sequence,
	at: '2026-01-01T00:00:00.000Z',
	type,
	actor: 'host:h',
	message: 'm',
	data,
	...(taskId === undefined ? {} : { task_id: taskId }),
});
const review = (sequence: number) => event(sequence, 'run.changed', { state: 'review' }, `R-${sequence}`);
const stopped = (sequence: number) => event(sequence, 'task.moved', { to: 'FAILED' }, `F-${sequence}`);
const budget = (sequence: number) => event(sequence, 'budget.warned', {});
const hook = (sequence: number) => event(sequence, 'hook.failed', {});
const all = () => true;
const sequences = (messages: readonly NewsMessage[]) =>
	messages.map((message) =>
		Object.fromEntries([...message].map(([kind, events]) => [kind, events.map((each) => each.sequence)])),
	);

describe('HeldNews', () => {
	it('tells one, holds those that come while it is seen, and tells them together then', () => {
		const news = new HeldNews();
		assert.deepEqual(sequences(news.take([review(1)], 0, all)), [{ review: [1] }]);
		assert.deepEqual(sequences(news.take([review(2)], 1000, all)), []);
		assert.deepEqual(sequences(news.take([review(3)], 2000, all)), []);
		assert.deepEqual(
			sequences(news.take([stopped(4)], 2000, all)),
			[{ stopped: [4] }],
			'another kind does not wait',
		);
		assert.equal(news.isHolding, true);
		assert.deepEqual(sequences(news.take([], seenMilliseconds - 1, all)), []);
		assert.deepEqual(sequences(news.take([], seenMilliseconds, all)), [{ review: [2, 3] }]);
		assert.equal(news.isHolding, false);
		assert.deepEqual(news.take([], 10 * seenMilliseconds, all), []);
	});

	it('goes on at once when the person has closed the message', () => {
		const news = new HeldNews();
		const [first = new Map()] = news.take([review(1)], 0, all);
		assert.deepEqual(news.take([review(2)], 10, all), []);
		news.close(first);
		assert.deepEqual(sequences(news.take([], 20, all)), [{ review: [2] }]);
	});

	it('makes one message of more kinds than there is room for', () => {
		const news = new HeldNews();
		const [message = new Map(), ...others] = news.take([hook(1), stopped(2), stopped(3), review(4)], 0, all);
		assert.deepEqual(others, []);
		assert.equal(
			digestOf(message),
			'1 change waits for your review. 2 tasks could not be finished. 1 hook failed; nothing waits for it.',
		);
		assert.deepEqual(sequences(news.take([budget(5)], 0, all)), [{ budget: [5] }]);
		assert.deepEqual(news.take([event(6, 'landing.returned', {}, 'T')], 0, all), [], 'two stand on the screen');
	});

	it('counts a task once, however often it stopped', () => {
		const again = (sequence: number) => event(sequence, 'task.moved', { to: 'BLOCKED' }, 'T-1');
		const [message = new Map()] = new HeldNews().take([again(1), again(2), stopped(3)], 0, all);
		assert.equal(digestOf(message), '2 tasks could not be finished.');
	});

	it('leaves out what is not wanted', () => {
		const news = new HeldNews();
		assert.deepEqual(sequences(news.take([review(1), hook(2)], 0, (kind) => kind !== 'hook')), [{ review: [1] }]);
		assert.equal(news.isHolding, false);
	});

	it('makes a handful of messages of a flood, in which every event is counted', () => {
		const news = new HeldNews();
		const makers = [review, stopped, budget, hook];
		const told: NewsMessage[] = [];
		let now = 0;
		for (let sequence = 0; sequence < 200; sequence += 1) {
			const before = told.length;
			told.push(...news.take([makers[sequence % makers.length]?.(sequence) ?? hook(sequence)], now, all));
			assert.ok(told.length - before <= mostMessages);
			now += 100;
		}
		assert.equal(now, seenMilliseconds, 'the flood ends when the first messages have had their time');
		assert.equal(told.length, mostMessages);
		told.push(...news.take([], now + seenMilliseconds, all));
		assert.equal(told.length, mostMessages + 1);
		assert.equal(news.isHolding, false);
		const counted = told.flatMap((message) => [...message.values()].flat().map((each) => each.sequence));
		assert.deepEqual(
			counted.toSorted((one, other) => one - other),
			Array.from({ length: 200 }, (_, sequence) => sequence),
		);
	});
});
