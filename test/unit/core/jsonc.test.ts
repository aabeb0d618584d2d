// Checks reading JSON with comments: value and problems, never an exception.

import assert from 'node:assert/strict';
import { parseJsonc } from '../../../src/core/jsonc.ts';

describe('parseJsonc', () => {
	it('reads comments, trailing commas and a byte order mark', () => {
		const { value, problems } = parseJsonc('\uFEFF// first\n{ "a": [1, 2,], /* b */ "c": null, }');
		assert.deepEqual(problems, []);
		assert.equal(JSON.stringify(value), '{"a":[1,2],"c":null}');
	});

	it('tells line and column of each fault and keeps what it understood', () => {
		const { value, problems } = parseJsonc('{\r\n\t"a": 1\r\n\t"b": 2\r\n}');
		assert.deepEqual(problems, [{ message: 'Comma expected', line: 3, column: 2 }]);
		assert.equal(JSON.stringify(value), '{"a":1,"b":2}');
	});

	it('has no value for an empty text, and no problem either', () => {
		assert.deepEqual(parseJsonc(''), { value: undefined, problems: [] });
		assert.deepEqual(parseJsonc('// only a comment'), { value: undefined, problems: [] });
	});

	it('does not throw for a text nested too deep to read', () => {
		const { value, problems } = parseJsonc('['.repeat(200_000));
		assert.equal(value, undefined);
		assert.deepEqual(problems, [{ message: 'Nested too deep', line: 1, column: 1 }]);
	});

	it('does not drown in a file that is something else', () => {
		assert.equal(parseJsonc('% no json here\n'.repeat(50_000)).problems.length, 20);
	});

	it('changes no prototype', () => {
		const { value } = parseJsonc('{"__proto__": {"evil": true}}');
		assert.equal((value as { evil?: boolean }).evil, undefined);
		assert.deepEqual(Object.keys(value ?? {}), ['__proto__']);
	});
});
