// Checks when a service is asked again that said so, in the words services and agents use.

import assert from 'node:assert/strict';
import { readReopening } from '../../../../src/core/recovery/reopening.ts';

/** A Friday in winter. */
const now = Date.parse('2026-11-27T13:00:00.000Z');
const at = (text: string, from = now): string | undefined => {
	const time = readReopening(text, from);
	return time === undefined ? undefined : new Date(time).toISOString();
};

const understood: readonly (readonly [said: string, time: string])[] = [
	['Too many requests (429). Retry-After: 120', '2026-11-27T13:02:00.000Z'],
	['retry-after: Fri, 27 Nov 2026 15:30:00 GMT', '2026-11-27T15:30:00.000Z'],
	['rate limited: {"retry_after": 90.5}', '2026-11-27T13:01:30.500Z'],
	['retryAfter: 30 (-32603)', '2026-11-27T13:00:30.000Z'],
	['ratelimit-reset: 45; x', '2026-11-27T13:00:45.000Z'],
	['{"retry-after-ms": 1500}', '2026-11-27T13:00:01.500Z'],
	['Quota exceeded; "retryDelay": "37s"', '2026-11-27T13:00:37.000Z'],
	['Rate limit reached. Please try again in 1m12.5s.', '2026-11-27T13:01:12.500Z'],
	['You have hit your usage limit. Try again in 2h 30m', '2026-11-27T15:30:00.000Z'],
	['try again in 3 days, 2 hours and 5 minutes', '2026-11-30T15:05:00.000Z'],
	['overloaded, wait 20 seconds', '2026-11-27T13:00:20.000Z'],
	['please wait about 5 minutes', '2026-11-27T13:05:00.000Z'],
	['Claude AI usage limit reached|1795800000', '2026-11-27T17:20:00.000Z'],
	['x-ratelimit-reset: 1795791600', '2026-11-27T15:00:00.000Z'],
	['{"resetsAt": 1795791600000}', '2026-11-27T15:00:00.000Z'],
	['quota resets at 2026-11-28T03:00:00Z', '2026-11-28T03:00:00.000Z'],
	['limit until 2026-11-27T18:00:00+02:00', '2026-11-27T16:00:00.000Z'],
	['resets at 3pm (UTC)', '2026-11-27T15:00:00.000Z'],
	['5-hour limit reached ∙ resets 3pm (America/New_York)', '2026-11-27T20:00:00.000Z'],
	['resets at 7:30 am (Europe/Berlin)', '2026-11-28T06:30:00.000Z'],
	['resets 12am (UTC)', '2026-11-28T00:00:00.000Z'],
	['available again at 15:45 UTC', '2026-11-27T15:45:00.000Z'],
	['resets Mon, 9am (Asia/Kolkata)', '2026-11-30T03:30:00.000Z'],
	['weekly limit reached ∙ resets Dec 1, 9am (UTC)', '2026-12-01T09:00:00.000Z'],
	['try again at Nov 30 at 10:15 UTC', '2026-11-30T10:15:00.000Z'],
];

const notUnderstood = [
	'Too many requests',
	'429 rate limit; wait a while, or give the task to an agent with another service.',
	'resets at 3',
	'resets at 25:00 UTC',
	'try again in 30 days',
	'Retry-After: 0',
	'quota resets at 2026-11-20T03:00:00Z',
	'resets at 3pm (Nowhere/Atall)',
	'exceeded 5000 tokens in 20 minutes',
];

describe('the time a service opens again', () => {
	for (const [said, time] of understood) {
		it(`is read out of: ${said}`, () => assert.equal(at(said), time));
	}

	it('is left to the usual pauses where none to come is said', () => {
		assert.deepEqual(
			notUnderstood.filter((said) => at(said) !== undefined),
			[],
		);
	});

	it('is tomorrow where that time of today is past, and none where it was a moment ago', () => {
		assert.equal(at('resets at 12:30 UTC'), '2026-11-28T12:30:00.000Z');
		assert.equal(at('resets at 12:58 UTC'), undefined, 'its answer was on the way');
		assert.equal(at('resets Fri 9am (UTC)'), '2026-12-04T09:00:00.000Z');
		const eve = Date.parse('2026-12-31T22:00:00.000Z');
		assert.equal(at('resets at 1am (UTC)', eve), '2027-01-01T01:00:00.000Z');
		assert.equal(at('resets Jan 2, 9am (UTC)', eve), '2027-01-02T09:00:00.000Z');
	});

	it('is that of the clocks there, also over a night in which they are changed', () => {
		const eve = Date.parse('2026-10-24T20:00:00.000Z');
		assert.equal(at('resets at 9am (Europe/Berlin)', eve), '2026-10-25T08:00:00.000Z');
		assert.equal(at('resets at 11:30pm (Europe/Berlin)', eve), '2026-10-24T21:30:00.000Z');
	});

	it('is that of the clocks here where no zone is said', () => {
		const local = new Date(now);
		local.setHours(local.getHours() + 2, 30, 0, 0);
		const hour = local.getHours();
		const said = `resets at ${hour % 12 === 0 ? 12 : hour % 12}:30${hour < 12 ? 'am' : 'pm'}`;
		assert.equal(at(said), local.toISOString());
	});

	it('is looked for in long and hostile text without taking long', () => {
		const hostile = `try again ${'in at after '.repeat(20_000)}${'1h '.repeat(10_000)}`;
		assert.equal(at(`${' '.repeat(50_000)}retry after 5 s`), undefined, 'what stands far behind is an output');
		assert.doesNotThrow(() => at(hostile));
	});
});
