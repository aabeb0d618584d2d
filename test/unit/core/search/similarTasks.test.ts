// Owns the proof of how tasks like another one are looked for.

import { strict as assert } from 'node:assert';
import { similarQueries } from '../../../../src/core/search/similarTasks.ts';

describe('similarQueries', () => {
	it('asks for all telling words, then for the two longest', () => {
		assert.deepEqual(similarQueries('Report the failing line of the parser'), [
			'failing report parser line',
			'failing report',
		]);
		assert.deepEqual(similarQueries('Parser fails'), ['parser fails']);
	});

	it('asks nothing where a name says too little, and nothing that would be read as a filter', () => {
		assert.deepEqual(similarQueries('Fix it'), []);
		assert.deepEqual(similarQueries('parser'), []);
		assert.deepEqual(similarQueries('-login status:blocked "form'), [
			'blocked status login form',
			'blocked status',
		]);
	});
});
