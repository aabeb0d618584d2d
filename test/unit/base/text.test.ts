// Checks that foreign text cannot steer a terminal or a tree, and stays readable.

import assert from 'node:assert/strict';
import { displayLine, displayText, tailText } from '../../../src/base/text.ts';

const escape = String.fromCodePoint(27);

describe('displayText', () => {
	it('takes ANSI sequences out whole', () => {
		assert.equal(displayText(`${escape}[31mred${escape}[0m`), 'red');
		assert.equal(displayText(`${escape}]0;title${String.fromCodePoint(7)}after`), 'after');
		assert.equal(displayText(`${escape}[2J${escape}[1;1H`), '');
	});

	it('replaces control and bidirectional characters, keeps newlines and tabs', () => {
		assert.equal(displayText('a\u0000b\u202Ec\n\td'), 'a�b�c\n\td');
	});

	it('leaves HTML and emoji as they are: they are text', () => {
		assert.equal(displayText('<script>alert(1)</script> 👩‍💻'), '<script>alert(1)</script> 👩‍💻');
	});
});

describe('displayLine', () => {
	it('makes one line and cuts between characters', () => {
		assert.equal(displayLine(' a\n b\t c ', 20), 'a b c');
		assert.equal(displayLine('😀😀😀😀', 3), '😀😀…');
	});

	it('is quick on a megabyte', () => {
		assert.equal(displayLine('x'.repeat(1_000_000), 10), 'xxxxxxxxx…');
	});
});

describe('tailText', () => {
	it('keeps the end and says how much is gone', () => {
		assert.equal(tailText('abcdef', 3), '[… 3 characters cut …]\ndef');
		assert.equal(tailText('abc', 3), 'abc');
	});
});
