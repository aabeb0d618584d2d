// Checks that every action of the catalogue can be given in a terminal, and that flags become the input its schema wants.

import assert from 'node:assert/strict';
import { Command } from 'commander';
import { inputOptions } from '../../../src/cli/inputOptions.ts';
import { catalogue, findAction } from '../../../src/core/actions/catalogue.ts';

function read(actionId: string, words: readonly string[]): Record<string, unknown> {
	const action = findAction(actionId);
	assert.ok(action);
	const { positionals, options, collect } = inputOptions(action);
	const command = new Command('test').exitOverride().configureOutput({ writeErr: () => undefined });
	positionals.forEach((positional) => command.addArgument(positional));
	options.forEach((option) => command.addOption(option));
	command.parse([...words], { from: 'user' });
	return collect(command.processedArgs, command.opts());
}

describe('inputOptions', () => {
	it('can express the input of every action', () => {
		for (const action of catalogue) {
			const { positionals, options } = inputOptions(action);
			const given = positionals.length + options.length;
			assert.equal(given, Object.keys(action.input.shape).length, action.id);
			for (const option of options) {
				assert.notEqual(option.description.trim(), '', `${action.id} ${option.flags} says nothing`);
			}
		}
	});

	it('reads positionals, repeated flags, words, numbers and JSON', () => {
		assert.deepEqual(
			read('task.create', [
				'Write tests',
				'--priority',
				'HIGH',
				'--run',
				'echo a',
				'--run',
				'echo b',
				'--params',
				'{"x":1}',
				'--max-attempts',
				'3',
			]),
			{ name: 'Write tests', priority: 'HIGH', run: ['echo a', 'echo b'], params: { x: 1 }, max_attempts: 3 },
		);
		assert.deepEqual(read('task.claim', ['T-1']), { task_id: 'T-1' });
		assert.deepEqual(read('task.list', []), {});
		const comment = read('run.comment', ['run-1', 'src/a.ts', '12', 'say why']);
		assert.deepEqual(Object.values(comment), ['run-1', 'src/a.ts', 12, 'say why']);
		assert.throws(() => read('run.comment', ['run-1', 'src/a.ts', 'twelve', 'say why']), /number/u);
	});

	it('takes all words of a search, also such as begin with a minus after --', () => {
		assert.deepEqual(read('task.search', ['two', 'words', '--tag', 'x']), { query: 'two words', tag: 'x' });
		assert.deepEqual(read('task.search', ['two', '--', '-words']), { query: 'two -words' });
		assert.deepEqual(read('task.search', []), {});
	});

	it('refuses what cannot be read', () => {
		assert.throws(() => read('task.create', ['x', '--priority', 'SOON']), /SOON/u);
		assert.throws(() => read('task.create', ['x', '--params', '{']), /JSON/u);
		assert.throws(() => read('task.create', ['x', '--max-attempts', 'many']), /number/u);
		assert.throws(() => read('task.fail', ['T-1']), /reason/u);
	});
});
