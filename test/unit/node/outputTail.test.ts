// Checks what is kept of a long output.

import assert from 'node:assert/strict';
import { createOutputTail } from '../../../src/node/outputTail.ts';

function tailOf(limit: number, ...chunks: (string | Buffer)[]): string {
	const tail = createOutputTail(limit, () => undefined);
	const write = tail.stream();
	for (const chunk of chunks) {
		write(Buffer.from(chunk));
	}
	write();
	return tail.text();
}

describe('createOutputTail', () => {
	it('keeps what fits as it is', () => {
		assert.equal(tailOf(10, 'a', 'b', 'c'), 'abc');
		assert.equal(tailOf(3, 'abc'), 'abc');
	});

	it('keeps the end and says how much it cut', () => {
		assert.equal(tailOf(3, 'abcd'), '[… 1 characters cut …]\nbcd');
		assert.equal(
			tailOf(2, ...Array.from({ length: 1_000 }, (_value, index) => String(index % 10))),
			'[… 998 characters cut …]\n89',
		);
	});

	it('never starts in the middle of a character', () => {
		assert.equal(tailOf(2, '😀x'), '[… 2 characters cut …]\nx');
	});

	it('decodes each stream by itself, across chunks', () => {
		const tail = createOutputTail(100, () => undefined);
		const [first, second] = [tail.stream(), tail.stream()];
		const euro = Buffer.from('€');
		first(euro.subarray(0, 1));
		second(Buffer.from('!'));
		first(euro.subarray(1));
		assert.equal(tail.text(), '!€');
	});

	it('shows a character that never ended as a replacement', () => {
		assert.equal(tailOf(10, Buffer.from('€').subarray(0, 2)), '\uFFFD');
	});
});
