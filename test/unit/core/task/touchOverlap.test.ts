// Checks that two tasks that can change the same file are never taken for strangers: judged by Node's own matching of globs.

import assert from 'node:assert/strict';
import { matchesGlob } from 'node:path';
import fc from 'fast-check';
import { touchOverlap } from '../../../../src/core/task/touchOverlap.ts';

const meet = (left: string, right: string): boolean => {
	const forth = touchOverlap([left], [right]) !== undefined;
	assert.equal(touchOverlap([right], [left]) !== undefined, forth, `${left} and ${right} in both directions`);
	return forth;
};

describe('touchOverlap', () => {
	it('keeps apart what cannot mean the same file', () => {
		for (const [left, right] of [
			['src/a.ts', 'src/b.ts'],
			['src/core/**', 'src/cli/**'],
			['src/*.ts', 'src/*.md'],
			['docs', 'docs2'],
			['src/{a,b}/**', 'src/{c,d}/x.ts'],
			['**/*.test.ts', 'src/a.md'],
			['src/a*c', 'src/b*c'],
		] as const) {
			assert.equal(meet(left, right), false, `${left} and ${right}`);
		}
	});

	it('finds what may mean the same file', () => {
		for (const [left, right] of [
			['src/a.ts', 'src/a.ts'],
			['./src/a.ts', 'src//a.ts'],
			['src', 'src/core/a.ts'],
			['src/', 'src/**'],
			['**', 'README.md'],
			['**/*.ts', 'src/core/**'],
			['src/{a,b}.ts', 'src/b.ts'],
			['src/[ab].ts', 'src/b.ts'],
			['SRC/A.ts', 'src/a.ts'],
			['src/**/task.ts', 'src/core/*/task.ts'],
			['a*b', 'ab'],
			['!docs/**', 'src/a.ts'],
			['src\\core\\a.ts', 'src/core/a.ts'],
			['src/+(a|b)/x', 'src/a/x'],
			['src/@(a/b|c)/x', 'src/a/b/x'],
			['src/../lib/a.ts', 'lib/a.ts'],
			['{a{b,c},d}/x', 'ac/x'],
			['{1..3}.ts', '2.ts'],
		] as const) {
			assert.equal(meet(left, right), true, `${left} and ${right}`);
		}
	});

	it('says which globs meet, and leaves alone who declares nothing', () => {
		assert.deepEqual(touchOverlap(['docs/**', 'src/a.ts'], ['src/*.ts']), { left: 'src/a.ts', right: 'src/*.ts' });
		assert.equal(touchOverlap([], ['**']), undefined);
		assert.equal(touchOverlap(['  '], ['**']), undefined);
	});

	it('never misses a file that both globs match', () => {
		const letter = fc.constantFrom('a', 'b', '.', 'A');
		const name = fc.string({ unit: letter, minLength: 1, maxLength: 3 }).filter((text) => !/^\.+$/u.test(text));
		const path = fc.array(name, { minLength: 1, maxLength: 4 });
		// A glob made from the path itself, so that most samples match both.
		const loosened = (text: string) =>
			fc.constantFrom(
				text,
				'*',
				`${text.slice(0, 1)}*`,
				`*${text.slice(1)}`,
				`?${text.slice(1)}`,
				`{${text},zz}`,
				`{zz,${text}}`,
				`[${text.slice(0, 1)}]${text.slice(1)}`,
				`@(${text}|zz)`,
			);
		const globOf = (parts: readonly string[]) =>
			fc
				.tuple(fc.tuple(...parts.map(loosened)), fc.nat(parts.length), fc.boolean(), fc.boolean())
				.map(([pieces, place, isDeep, isOpen]) => {
					const deep = isDeep ? [...pieces.slice(0, place), '**', ...pieces.slice(place)] : pieces;
					return (isOpen ? [...deep.slice(0, -1), '**'] : deep).join('/');
				});
		let matched = 0;
		fc.assert(
			fc.property(
				path.chain((parts) => fc.tuple(fc.constant(parts.join('/')), globOf(parts), globOf(parts))),
				([file, left, right]) => {
					if (matchesGlob(file, left) && matchesGlob(file, right)) {
						matched += 1;
						assert.ok(meet(left, right), `${left} and ${right} both match ${file}`);
					}
				},
			),
			{ numRuns: 1000 },
		);
		assert.ok(matched > 100, `only ${matched} samples said anything`);
	});
});
