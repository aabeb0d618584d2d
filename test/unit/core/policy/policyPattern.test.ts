// Checks what patterns of rules mean, and that no text an agent chooses keeps them busy.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { exactPathPattern, exactPattern, matchesPath, matchesText } from '../../../../src/core/policy/policyPattern.ts';

describe('A pattern of paths', () => {
	const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
		['src/a.ts', ['src/a.ts', 'src/a.ts/below'], ['a.ts', 'x/src/a.ts', 'src/a.tsx']],
		['src', ['src', 'src/a', 'x/src/a'], ['srcs', 'a']],
		['src/', ['src', 'src/a', 'x/src'], ['srcs']],
		['./src', ['src', 'src/a'], ['x/src']],
		['*.ts', ['a.ts', 'x/y/a.ts'], ['a.tsx', 'ts']],
		['src/*.ts', ['src/a.ts'], ['src/x/a.ts', 'a.ts']],
		['src/**', ['src/a', 'src/x/y'], ['a', 'xsrc/a']],
		['src/**/a.ts', ['src/a.ts', 'src/x/a.ts', 'src/x/y/a.ts'], ['src/b.ts', 'a.ts']],
		['**/a.ts', ['a.ts', 'x/y/a.ts'], ['b.ts']],
		['**', ['.', 'a', 'a/b'], []],
		['.', ['.', 'a', 'a/b'], []],
		['a?c', ['abc', 'x/abc'], ['ac', 'abbc']],
		[String.raw`a\*c`, ['a*c'], ['abc', 'ac']],
		['/usr/include/**', ['/usr/include/a.h', '/usr/include/x/a.h'], ['usr/include/a.h', '/usr/a']],
		['~/x', ['~/x', '~/x/y'], ['x', '/x']],
		['/', ['/etc', '/'], ['etc']],
		['ö b/*', ['ö b/c'], ['ö/c']],
	];
	for (const [pattern, meant, others] of cases) {
		it(`${pattern} means ${meant.join(', ')}`, () => {
			for (const path of meant) {
				assert.equal(matchesPath(pattern, path, false), true, path);
			}
			for (const path of others) {
				assert.equal(matchesPath(pattern, path, false), false, path);
			}
		});
	}

	it('minds the case of letters, except where it forbids', () => {
		assert.deepEqual([matchesPath('SRC', 'src', false), matchesPath('SRC', 'src', true)], [false, true]);
	});

	const name = fc.string({
		minLength: 1,
		maxLength: 5,
		unit: fc.constantFrom('a', 'B', '*', '?', '\\', 'ö', '.', ' '),
	});

	it('that is exact means its path and nothing beside it', () => {
		const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
		fc.assert(
			fc.property(path, path, (one, other) => {
				fc.pre(![one, other].some((each) => each.split('/').some((part) => /^\.+$/u.test(part))));
				assert.equal(matchesPath(exactPathPattern(one), one, false), true);
				const isBelow = `${other}/`.startsWith(`${one}/`);
				assert.equal(matchesPath(exactPathPattern(one), other, false), isBelow);
			}),
		);
	});
});

describe('A pattern of text', () => {
	it('means whole texts, with * for anything and a tail that may be missing', () => {
		const meant = (pattern: string, ...texts: string[]) => texts.map((text) => matchesText(pattern, text));
		assert.deepEqual(meant('npm test', 'npm test', 'npm test x', 'x npm test'), [true, false, false]);
		assert.deepEqual(meant('npm *', 'npm', 'npm test', 'npmtest', 'npm a\nb'), [true, true, false, true]);
		assert.deepEqual(meant('* --force*', 'git push --force', 'a --forced b', 'git push'), [true, true, false]);
		assert.deepEqual(meant(String.raw`a \*`, 'a *', 'a b', 'a'), [true, false, false]);
		assert.deepEqual(meant('*', '', 'anything'), [true, true]);
	});

	it('that is exact means its text only', () => {
		fc.assert(
			fc.property(fc.string(), fc.string(), (one, other) => {
				assert.equal(matchesText(exactPattern(one), one), true);
				assert.equal(matchesText(exactPattern(one), other), one === other);
			}),
		);
	});

	it('comes to an end on text that is made to keep it busy', () => {
		const text = 'a'.repeat(20_000);
		assert.equal(matchesText('*a*a*a*a*a*a*b', text), false);
		assert.equal(matchesPath('**/a/**/a/**/a/**/b', 'a/'.repeat(2000), true), false);
	});
});
