// Owns the cases of what every driver tells through: the bounded sink and the batches of output.

import { strict as assert } from 'node:assert';
import { setTimeout as delay } from 'node:timers/promises';
import type { DriverUpdate } from '../../../src/core/driver/driver.ts';
import { createOutputBatch } from '../../../src/drivers/outputBatch.ts';
import { createUpdateSink } from '../../../src/drivers/updateSink.ts';

function sinkWith(given: { total: number; single: number; pulse: number; permissions?: number }) {
	const limits = { permissions: 1_000, ...given };
	const told: DriverUpdate[] = [];
	let time = 0;
	const clock = { now: () => 0, monotonic: () => time };
	const sink = createUpdateSink({ onUpdate: (update) => told.push(update) }, clock, limits);
	return { sink, told, pass: (milliseconds: number) => (time += milliseconds) };
}

describe('The update sink', () => {
	it('hands updates on as they are and nothing once it is closed', () => {
		const { sink, told } = sinkWith({ total: 1_000, single: 100, pulse: 10 });
		const update = { kind: 'tool', text: 'a', data: { id: 1 } } as const;
		sink.push(update);
		sink.close();
		sink.push(update);
		assert.deepEqual(told, [update]);
	});

	it('cuts one long text and says so', () => {
		const { sink, told } = sinkWith({ total: 10_000, single: 10, pulse: 10 });
		sink.push({ kind: 'output', text: 'x'.repeat(25) });
		assert.equal(told[0]?.text, 'xxxxxxxxxx\n[… 15 characters cut …]');
	});

	it('stops at its limit, gives signs of life, keeps every permission, and counts the rest', () => {
		const { sink, told, pass } = sinkWith({ total: 200, single: 100, pulse: 1_000 });
		for (let count = 0; count < 5; count += 1) {
			sink.push({ kind: 'output', text: '0123456789' });
		}
		sink.push({ kind: 'permission', text: 'Rejected: everything' });
		pass(1_500);
		sink.push({ kind: 'output', text: 'more' });
		sink.push({ kind: 'output', text: 'more' });
		sink.close();
		assert.deepEqual(
			told.map(({ text }) => text),
			[
				'0123456789',
				'0123456789',
				'The log of this run is full; the rest is not logged. The work goes on.',
				'Rejected: everything',
				'Still working; 4 updates with 34 characters were not logged so far.',
				'The log of this run is full; 5 updates with 38 characters were not logged.',
			],
		);
	});

	it('keeps answers to requests within a room of their own, says so once, and counts the rest by their answer', () => {
		const { sink, told, pass } = sinkWith({ total: 200, single: 100, pulse: 1_000, permissions: 400 });
		for (let count = 0; count < 1_000; count += 1) {
			const answer = count % 4 === 0 ? 'rejected' : 'allowed';
			if (count === 999) {
				pass(1_500);
			}
			sink.push({ kind: 'permission', text: `${answer}: a.txt`, data: { answer } });
		}
		sink.push({ kind: 'output', text: 'work' });
		sink.close();
		const kept = told.filter(({ kind }) => kind === 'permission').length;
		assert.equal(kept, 4);
		assert.deepEqual(
			told.slice(kept).map(({ text }) => text),
			[
				'The room for answers to requests in the log of this run is full; they are counted from here on.',
				'Still working; 996 answers to requests were not logged so far.',
				'work',
				'Answers to requests that are not in the log of this run: 249 rejected, 747 allowed.',
			],
		);
		assert.deepEqual(told.at(-1)?.data, { allowed: 747, rejected: 249 });
	});

	it('is not stopped by a listener that throws', () => {
		const clock = { now: () => 0, monotonic: () => 0 };
		const sink = createUpdateSink(
			{
				onUpdate() {
					throw new Error('planted');
				},
			},
			clock,
		);
		assert.doesNotThrow(() => sink.push({ kind: 'note', text: 'a' }));
	});
});

describe('An output batch', () => {
	it('hands on whole lines and keeps half a line for a moment', async () => {
		const told: string[] = [];
		const batch = createOutputBatch((text) => told.push(text));
		batch.add('one\ntw');
		batch.add('o\nthr');
		await delay(120);
		batch.add('ee\n');
		batch.dispose();
		assert.deepEqual(told, ['one\ntwo', 'three']);
	});

	it('does not hold back a prompt that has no line end', async () => {
		const told: string[] = [];
		const batch = createOutputBatch((text) => told.push(text));
		batch.add('Continue? ');
		await delay(150);
		assert.deepEqual(told, ['Continue? ']);
		batch.dispose();
	});

	it('splits what comes all at once and loses nothing', () => {
		const told: string[] = [];
		const batch = createOutputBatch((text) => told.push(text));
		batch.add('0123456789abcde\n'.repeat(2_000));
		batch.dispose();
		assert.ok(told.length > 3 && told.every((text) => text.length <= 8_000));
		assert.equal(told.join('\n'), '0123456789abcde\n'.repeat(2_000).trimEnd());
	});
});
