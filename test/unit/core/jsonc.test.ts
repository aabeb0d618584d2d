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

	it('changes no prototype', () => {
		const { value } = parseJsonc('{"__proto__": {"evil": true}}');
		assert.equal((value as { evil?: boolean }).evil, undefined);
		assert.deepEqual(Object.keys(value ?? {}), ['__proto__']);
	});
});
