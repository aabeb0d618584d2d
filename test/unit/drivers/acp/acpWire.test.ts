// Owns the cases of bytes that come from an agent, down to where they are cut.

import { strict as assert } from 'node:assert';
import type { AnyMessage } from '@agentclientprotocol/sdk';
import { createWire } from '../../../../src/drivers/acp/acpWire.ts';

/** Feeds bytes into a wire, after `asked` requests with ids from 0, and lists what comes out where. */
async function read(chunks: readonly (string | Uint8Array)[], options: { asked?: number; limit?: number } = {}) {
	const sent: string[] = [];
	const told: string[] = [];
	const messages: unknown[] = [];
	const input = new WritableStream<Uint8Array>({ write: (chunk) => void sent.push(new TextDecoder().decode(chunk)) });
	const output = new ReadableStream<Uint8Array>({
		start(controller) {
			chunks.forEach((chunk) =>
				controller.enqueue(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk),
			);
			controller.close();
		},
	});
	const wire = createWire(
		input,
		output,
		{
			onUpdate: (parameters) => told.push(`update ${JSON.stringify(parameters)}`),
			onText: (line) => told.push(`text ${line}`),
			onOversize: (bytes) => told.push(`oversize ${bytes}`),
			onStray: (message) => told.push(`stray ${JSON.stringify((message as { id: unknown }).id)}`),
		},
		options.limit,
	);
	const writer = wire.writable.getWriter();
	for (let id = 0; id < (options.asked ?? 0); id += 1) {
		await writer.write({ jsonrpc: '2.0', id, method: 'ask' });
	}
	const reader = wire.readable.getReader();
	for (let next = await reader.read(); !next.done; next = await reader.read()) {
		messages.push(next.value);
	}
	return { messages, told, sent };
}

const call = (id: number): AnyMessage => ({ jsonrpc: '2.0', id, method: 'fs/read_text_file', params: {} });
const line = (message: unknown) => `${JSON.stringify(message)}\n`;

describe('The wire to an agent', () => {
	it('passes messages on, however the bytes are cut', async () => {
		const message = { ...call(1), params: { path: 'ü𝒳.txt' } };
		const bytes = new TextEncoder().encode(line(message));
		const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
		assert.deepEqual((await read(single)).messages, [message]);
		assert.deepEqual(
			(await read([line(call(1)) + line(call(2)) + JSON.stringify(call(3))])).messages,
			[1, 2, 3].map(call),
		);
		assert.deepEqual((await read([`\uFEFF${JSON.stringify(call(1))}\r\n\r\n  \n`])).messages, [call(1)]);
	});

	it('§6: keeps every line that is no message away from the SDK, which would answer it', async () => {
		const lines = [
			'Loading model…',
			'42',
			'"text"',
			'[]',
			'{"level":"info"}',
			'{"id":1}',
			'{"jsonrpc":',
			'[{"method":"x"}]',
		];
		const { messages, told, sent } = await read([...lines.map((text) => `${text}\n`), line(call(1))]);
		assert.deepEqual(messages, [call(1)]);
		assert.deepEqual(
			told,
			lines.map((text) => `text ${text}`),
		);
		assert.deepEqual(sent, []);
	});

	it('half a line at the end is text, a whole message without a line end is a message', async () => {
		assert.deepEqual((await read([JSON.stringify(call(1)).slice(0, -3)])).told.length, 1);
		assert.deepEqual((await read([JSON.stringify(call(1))])).messages, [call(1)]);
	});

	it('§6: leaves out a line over the limit, tells its size, and reads on', async () => {
		const long = `{"method":"x","params":"${'a'.repeat(100)}"}`;
		const { messages, told } = await read([long.slice(0, 60), `${long.slice(60)}\n`, line(call(1)), long], {
			limit: 80,
		});
		assert.deepEqual(messages, [call(1)]);
		assert.deepEqual(told, [`oversize ${long.length}`, `oversize ${long.length}`]);
	});

	it('§6: hands on session updates raw, also those the SDK does not know', async () => {
		const update = { sessionId: 's', update: { sessionUpdate: 'brand_new', anything: [1] } };
		const { messages, told } = await read([line({ jsonrpc: '2.0', method: 'session/update', params: update })]);
		assert.deepEqual(messages, []);
		assert.deepEqual(told, [`update ${JSON.stringify(update)}`]);
	});

	it('passes an answer on once, and no answer to what was not asked', async () => {
		const answers = [0, 0, 7, 'x', null].map((id) => line({ jsonrpc: '2.0', id, result: {} }));
		const { messages, told } = await read(answers, { asked: 1 });
		assert.deepEqual(messages, [{ jsonrpc: '2.0', id: 0, result: {} }]);
		assert.deepEqual(told, ['stray 0', 'stray 7', 'stray "x"', 'stray null']);
	});

	it('takes a message without a version of JSON-RPC', async () => {
		assert.deepEqual((await read(['{"id":1,"method":"x"}\n'])).messages, [{ id: 1, method: 'x', jsonrpc: '2.0' }]);
	});
});
