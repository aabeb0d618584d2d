// Checks when a task looks too big, and along which lines it is cut.

import assert from 'node:assert/strict';
import { proposeSplit } from '../../../../src/core/task/splitProposal.ts';
import type { Task } from '../../../../src/core/task/task.ts';
import { buildTask } from '../../../support/swarmBuilders.ts';

const propose = (fields: Partial<Task>, failures: readonly string[] = []) =>
	proposeSplit(buildTask('BIG', { name: 'Rework it', ...fields }).task, failures);
const list = (count: number, mark = '- [ ]') =>
	Array.from({ length: count }, (_, index) => `${mark} point ${index + 1}`).join('\n');

describe('proposeSplit', () => {
	it('sees nothing in a task of usual size', () => {
		assert.deepEqual(propose({ description: list(6), touches: ['src/a.ts'], estimate: 240 }).reasons, []);
		assert.deepEqual(propose({}, ['agent.timeout', 'gate.failed']).reasons, []);
	});

	it('names what is too much', () => {
		assert.deepEqual(
			propose(
				{
					description: list(7),
					touches: Array.from({ length: 9 }, (_, index) => `src/${index}/**`),
					estimate: 300,
				},
				['agent.timeout', 'gate.failed', 'agent.limit'],
			).reasons,
			['it has 7 points', 'it touches 9 places', 'it should take 5 h', '2 runs ran out of time or room'],
		);
	});

	it('cuts by points, so that each of them is in one part', () => {
		const { parts } = propose({
			description: `Do this.\n${list(7)}\n- [x] done before`,
			estimate: 300,
			touches: ['src/**'],
		});
		assert.deepEqual(
			parts.map(({ name, estimate, touches }) => [name, estimate, touches]),
			['part 1 of 3', 'part 2 of 3', 'point 7'].map((part) => [`Rework it: ${part}`, 100, ['src/**']]),
		);
		const own = parts.map(({ description }) => description.slice(0, description.indexOf('All of BIG')));
		for (let point = 1; point <= 7; point++) {
			assert.equal(own.filter((text) => text.includes(`- [ ] point ${point}\n`)).length, 1, `point ${point}`);
		}
		assert.ok(own.every((text) => !text.includes('done before')));
		assert.deepEqual(
			propose({ description: list(2, '1.') }).parts.map(({ name }) => name),
			['Rework it: point 1', 'Rework it: point 2'],
		);
		assert.equal(propose({ description: list(40, '*') }).parts.length, 8);
	});

	it('cuts the acceptance list before any other', () => {
		const acceptance = ['one', { text: 'two', command: 'npm test' }, 'three'];
		const { parts } = propose({ description: list(9), validation: { acceptance } });
		assert.deepEqual(
			parts.map((part) => part.acceptance?.map(({ text, command }) => [text, command])),
			[
				[
					['one', undefined],
					['two', 'npm test'],
				],
				[['three', undefined]],
			],
		);
	});

	it('cuts by places where there are no points', () => {
		const { parts } = propose({ touches: ['src/core/a.ts', 'src/core/task/**', 'docs/**', 'README.md'] });
		assert.deepEqual(
			parts.map(({ name, touches }) => [name, touches]),
			[
				['Rework it: src/core', ['src/core/a.ts', 'src/core/task/**']],
				['Rework it: docs', ['docs/**']],
				['Rework it: README.md', ['README.md']],
			],
		);
		const many = propose({ touches: Array.from({ length: 20 }, (_, index) => `packages/p${index}/**`) }).parts;
		assert.equal(many.length, 8);
		assert.deepEqual(many.flatMap(({ touches }) => touches).length, 20);
	});

	it('says why it has no parts to offer', () => {
		assert.match(propose({ description: 'Make it better.' }).obstacle ?? '', /^nothing says where to cut/u);
		assert.equal(propose({ description: list(7), params: { run: ['true'] } }).obstacle, 'its steps are fixed');
	});
});
