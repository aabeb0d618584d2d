// Owns the proof that edits are small, right, and only made where a text editor keeps every byte.

import { strict as assert } from 'node:assert';
import type { OffsetEdit } from '../../../src/core/landing/lineEdits.ts';
import { minimalEdits } from '../../../src/core/landing/lineEdits.ts';
import { plainTextOf, withLineEnds } from '../../../src/editor/landing/textEdits.ts';

function applyEdits(before: string, edits: readonly OffsetEdit[]): string {
	return [...edits]
		.reverse()
		.reduce((text, { start, end, text: part }) => text.slice(0, start) + part + text.slice(end), before);
}

function check(before: string, after: string, expected?: readonly OffsetEdit[]): void {
	const edits = minimalEdits(before, after);
	assert.equal(applyEdits(before, edits), after);
	edits.reduce((end, edit) => {
		assert.ok(edit.start >= end && edit.end >= edit.start, JSON.stringify(edits));
		return edit.end;
	}, 0);
	if (expected !== undefined) {
		assert.deepEqual(edits, expected);
	}
}

describe('minimalEdits', () => {
	it('touches only the lines that differ', () => {
		check('a\nb\nc\n', 'a\nB\nc\n', [{ start: 2, end: 4, text: 'B\n' }]);
		check('a\nb\nc\nd\ne\n', 'A\nb\nc\nd\nE\n', [
			{ start: 0, end: 2, text: 'A\n' },
			{ start: 8, end: 10, text: 'E\n' },
		]);
		check('a\nb\n', 'a\nx\nb\n', [{ start: 2, end: 2, text: 'x\n' }]);
		check('a\nx\nb\n', 'a\nb\n', [{ start: 2, end: 4, text: '' }]);
		check('same\n', 'same\n', []);
	});

	it('keeps or changes the end of the file exactly', () => {
		check('a\nb', 'a\nb\n', [{ start: 2, end: 3, text: 'b\n' }]);
		check('a\nb\n', 'a\nb');
		check('', 'a\n', [{ start: 0, end: 0, text: 'a\n' }]);
		check('a\n', '', [{ start: 0, end: 2, text: '' }]);
	});

	it('is right for ten thousand random pairs', () => {
		let seed = 42;
		const random = (below: number) => {
			seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
			return Math.floor((seed / 2_147_483_648) * below);
		};
		const text = () =>
			Array.from({ length: random(8) }, () => 'abc'[random(3)]).join('\n') + (random(2) === 0 ? '\n' : '');
		for (let round = 0; round < 10_000; round += 1) {
			check(text(), text());
		}
	});

	it('does not spend long on a large change', () => {
		const lines = (prefix: string) =>
			Array.from({ length: 200_000 }, (_each, index) => `${prefix}${index}`).join('\n');
		// One that compared every line with every other would not end before the test's time is over.
		check(`head\n${lines('a')}\ntail`, `head\n${lines('b')}\ntail`);
	});
});

describe('plainTextOf', () => {
	const of = (text: string) => plainTextOf(new TextEncoder().encode(text));

	it('knows line ends and the byte order mark', () => {
		assert.deepEqual(of('a\nb\n'), { text: 'a\nb\n', lineEnd: '\n', hasMark: false });
		assert.deepEqual(of('\uFEFFa\r\nb'), { text: 'a\r\nb', lineEnd: '\r\n', hasMark: true });
		assert.deepEqual(of('a'), { text: 'a', lineEnd: undefined, hasMark: false });
	});

	it('leaves alone what an editor would change', () => {
		assert.equal(of('a\r\nb\n'), undefined);
		assert.equal(of('a\rb'), undefined);
		assert.equal(of('a\0b'), undefined);
		assert.equal(plainTextOf(Uint8Array.of(0xff, 0xfe, 0x41)), undefined);
	});

	it('writes text with other line ends', () => {
		assert.equal(withLineEnds('a\r\nb\n', '\n'), 'a\nb\n');
		assert.equal(withLineEnds('a\r\nb\n', '\r\n'), 'a\r\nb\r\n');
	});
});
