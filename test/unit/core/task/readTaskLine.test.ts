// Owns the proof of the one-line form of a task.

import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { readTaskLine } from '../../../../src/core/task/readTaskLine.ts';

const agents = ['Agent-1', 'Agent-2'];
const read = (line: string) => readTaskLine(line, agents);

const lines = fc
	.array(fc.oneof(fc.string(), fc.constantFrom('!high', '!low', '@Agent-1', '@x', '#tag', '#1')))
	.map((words) => words.join(' '));

describe('readTaskLine', () => {
	it('takes priority, agent and tags from the end of a line', () => {
		assert.deepEqual(read('Fix the login !high @agent-2 #auth #web/forms'), {
			name: 'Fix the login',
			priority: 'HIGH',
			assigned_agent: 'Agent-2',
			tags: ['auth', 'web/forms'],
		});
		assert.deepEqual(read('  Tidy   up #x #x !c '), { name: 'Tidy up', priority: 'CRITICAL', tags: ['x'] });
	});

	it('leaves in the name what is no mark, or stands before words', () => {
		for (const line of [
			'Include #include in the search',
			'Answer issue #123',
			'Ask @nobody',
			'Go faster!!',
			'Say !hello',
			'#tag',
			'@Agent-1',
		]) {
			assert.deepEqual(read(line), { name: line, tags: [] });
		}
		assert.deepEqual(read('Ask !low @nobody'), { name: 'Ask !low @nobody', tags: [] });
		assert.deepEqual(read('Twice !low !high'), { name: 'Twice !low', priority: 'HIGH', tags: [] });
	});

	it('loses no word of any line', () => {
		fc.assert(
			fc.property(lines, (line) => {
				const { name } = read(line);
				const words = line.trim().split(/\s+/u);
				const kept = name.split(' ');
				assert.deepEqual(kept, words.slice(0, kept.length));
				assert.ok(words.slice(kept.length).every((word) => /^[!@#]/u.test(word)));
			}),
		);
	});
});
