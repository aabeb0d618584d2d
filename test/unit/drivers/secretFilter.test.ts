// Checks which values are cut out of what a worker says, and that nothing else is.

import { strict as assert } from 'node:assert';
import type { DriverUpdate } from '../../../src/core/driver/driver.ts';
import {
	createSecretFilter,
	hideInOutcome,
	jobSecretFilter,
	withoutSecrets,
} from '../../../src/drivers/secretFilter.ts';

describe('What a worker says', () => {
	const hide = createSecretFilter([
		{ GEMINI_API_KEY: 'abcdefgh-1', GH_TOKEN: 'ghp_123456789', HOME: '/home/someone', SHORT_KEY: 'none' },
		{ DB_PASSWORD: 'abcdefgh-1-and-more', KEYBOARD: 'qwertz-layout', TOKENIZER: 'bytepair-v2' },
	]);

	it('loses the values of variables named like secrets, the longest first', () => {
		assert.equal(hide('x abcdefgh-1-and-more abcdefgh-1 ghp_123456789.'), 'x [secret] [secret] [secret].');
	});

	it('loses what the agent gets as a key, whatever its variable is called', () => {
		const hideKeys = jobSecretFilter(
			{ agent: { keys: ['MINE'], env: { OTHER: 'other-value' } } },
			{ MINE: 'a-value-1' },
		);
		assert.equal(hideKeys('a-value-1 other-value'), '[secret] other-value');
	});

	it('keeps everything else, also values that are words and names that only look alike', () => {
		const text = '/home/someone none qwertz-layout bytepair-v2';
		assert.equal(hide(text), text);
	});

	it('loses them wherever they are: in text, data, reasons and summaries', () => {
		const told: DriverUpdate[] = [];
		const listener = withoutSecrets(
			{ onUpdate: (update) => told.push(update), onProcess: () => undefined, onSession: () => undefined },
			hide,
		);
		listener.onUpdate({
			kind: 'tool',
			text: 'ghp_123456789',
			data: { a: ['ghp_123456789', 1], b: { c: 'abcdefgh-1' } },
		});
		assert.deepEqual(told, [
			{ kind: 'tool', text: '[secret]', data: { a: ['[secret]', 1], b: { c: '[secret]' } } },
		]);
		assert.deepEqual(hideInOutcome({ kind: 'finished', summary: 'abcdefgh-1' }, hide), {
			kind: 'finished',
			summary: '[secret]',
		});
		const failed = { kind: 'failed', code: 'a.b', reason: 'abcdefgh-1', isTransient: false } as const;
		assert.deepEqual(hideInOutcome(failed, hide), { ...failed, reason: '[secret]' });
	});
});
