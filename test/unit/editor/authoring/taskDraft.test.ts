// Owns the proof of what tasks made in the editor hold: the answers, and the place in a file.

import { strict as assert } from 'node:assert';
import { emptyDraft, inputOf, inputOfPlace, readTodo } from '../../../../src/editor/authoring/taskDraft.ts';

describe('a task made in the editor', () => {
	it('holds the answers, and nothing that was left open', () => {
		assert.deepEqual(inputOf({ ...emptyDraft, name: 'A' }), { name: 'A', priority: 'MEDIUM' });
		assert.deepEqual(
			inputOf({
				name: 'A',
				task_type: 'bug',
				priority: 'HIGH',
				dependencies: ['B'],
				check: 'npm test',
				agent: 'Agent-1',
				run: 'true',
			}),
			{
				name: 'A',
				priority: 'HIGH',
				task_type: 'bug',
				dependencies: ['B'],
				check: ['npm test'],
				assigned_agent: 'Agent-1',
				run: ['true'],
			},
		);
	});

	it('quotes its place so that the text cannot end the quote', () => {
		const place = { file: 'src/a.md', startLine: 3, endLine: 5, languageId: 'markdown', text: '```js\nx\n```' };
		assert.deepEqual(inputOfPlace(place, 'Do it.'), {
			description: 'Do it.\n\nsrc/a.md:3-5\n````markdown\n```js\nx\n```\n````',
			context: ['src/a.md:3-5'],
		});
	});

	it('reads what a comment asks in the languages people write', () => {
		assert.equal(readTodo('\t// TODO: close the file'), 'close the file');
		assert.equal(readTodo('# FIXME(anna) - why twice?'), 'why twice?');
		assert.equal(readTodo('/* HACK round it off */'), 'round it off');
		assert.equal(readTodo('<!-- XXX say more -->'), 'say more');
		assert.equal(readTodo('// TODO'), '');
		assert.equal(readTodo('const TODOS = 1; // todo'), undefined);
	});
});
