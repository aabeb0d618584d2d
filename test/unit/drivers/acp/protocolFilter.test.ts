// Checks that no secret gets into the recorded messages of a protocol, in whatever guise and however it is cut to pieces, and that
// everything else is recorded as it was sent.

import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { jobSecrets } from '../../../../src/drivers/secretFilter.ts';
import { createProtocolFilter } from '../../../../src/drivers/acp/protocolFilter.ts';

const frame = ['-----BEGIN KEY-----', 'MIIEpAIBAAKCAQEA7', 'bnVsbCBhbmQgdm9pZ', '-----END KEY-----'].join('\n');
const keys = { PLAIN_KEY: 'sk-sk-planted-0123456789', ODD_TOKEN: 'quote"back\\slash/ä', FRAMED_KEY: frame };
const secrets = jobSecrets({ agent: { keys: Object.keys(keys), command: ['agent'] } }, keys);

function recorder() {
	const lines: string[] = [];
	const filter = createProtocolFilter((direction, line) => lines.push(`${direction} ${line}`) < 20, secrets);
	assert.ok(filter !== undefined);
	return { lines, ...filter };
}

const chunk = (text: string, sessionUpdate = 'agent_message_chunk', sessionId = 's') =>
	JSON.stringify({
		jsonrpc: '2.0',
		method: 'session/update',
		params: { sessionId, update: { sessionUpdate, content: { type: 'text', text } } },
	});
const saidIn = (lines: readonly string[]) =>
	lines
		.map(
			(line) =>
				JSON.parse(line.slice(line.indexOf('{'))) as { params: { update: { content: { text: string } } } },
		)
		.map(({ params }) => params.update.content.text)
		.join('');

describe('Recorded messages of a protocol', () => {
	it('are not filtered where nobody records', () => {
		assert.equal(createProtocolFilter(undefined, secrets), undefined);
	});

	it('stay as they were sent where they hold no secret', () => {
		const { lines, add } = recorder();
		const sent = [
			'{ "id": 1.0, "method":"initialize" }',
			'no JSON',
			chunk('a word'),
			chunk('and more', 'agent_thought_chunk'),
		];
		sent.forEach((line) => add('received', line));
		assert.deepEqual(
			lines,
			sent.map((line) => `received ${line}`),
		);
	});

	for (const [name, key] of Object.entries(keys)) {
		it(`hold no ${name}, however it is written`, () => {
			const { lines, add } = recorder();
			add('sent', JSON.stringify({ method: 'terminal/output', result: { output: `A=${key}\n` } }));
			add('received', JSON.stringify({ method: 'x', params: { raw: JSON.stringify({ deep: { key } }) } }));
			add('received', JSON.stringify({ params: key }).replaceAll('/', '\\/').replaceAll('ä', '\\u00e4'));
			add('received', `on stdout ${key}`);
			assert.equal(lines.length, 4);
			assert.ok(
				lines.every((line) => line.includes('[secret]')),
				lines.join('\n'),
			);
			const parts = [key, ...key.split('\n').filter((line) => line.startsWith('M') || line.startsWith('b'))];
			for (const part of parts) {
				assert.equal(
					lines.some((line) => line.includes(part)),
					false,
				);
			}
		});
	}

	it('hold no secret that is spread over pieces of a message', () => {
		const pieces = fc.array(fc.integer({ min: 0, max: 80 }), { maxLength: 12 });
		fc.assert(
			fc.property(
				fc.constantFrom(...Object.values(keys)),
				fc.string(),
				fc.string(),
				pieces,
				(key, before, after, cuts) => {
					const { lines, add, flush } = recorder();
					const text = `${before}${key}${after}`;
					const places = [
						...new Set([0, ...cuts.map((cut) => Math.min(cut, text.length)), text.length]),
					].toSorted((left, right) => left - right);
					places.slice(1).forEach((end, index) => add('received', chunk(text.slice(places[index], end))));
					flush();
					assert.equal(lines.length, Math.max(1, places.length - 1));
					assert.equal(saidIn(lines).includes(key), false);
					assert.match(saidIn(lines), /\[secret\]/u);
				},
			),
		);
	});

	it('are not looked at any more once the record is full', () => {
		const { lines, add } = recorder();
		for (let count = 0; count < 30; count += 1) {
			add('sent', '{}');
		}
		assert.equal(lines.length, 20);
	});

	it('keep their order, and wait for nothing but the next piece', () => {
		const { lines, add, flush } = recorder();
		add('received', chunk('it is sk-'));
		assert.deepEqual(lines, [], 'it may be the beginning of a key');
		add('received', chunk('a thought', 'agent_thought_chunk'));
		assert.equal(lines.length, 2);
		add('received', chunk('again sk-'));
		add('sent', '{"method":"session/cancel"}');
		assert.match(lines.at(-1) ?? '', /^sent .*cancel/u);
		add('received', chunk('the end is near: s'));
		assert.equal(lines.length, 4);
		flush();
		assert.equal(lines.length, 5);
	});
});
