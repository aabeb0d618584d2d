// Checks that what makes a host small is given to the host alone, and never in place of what the person has set.

import assert from 'node:assert/strict';
import { dropMemoryEnvironment, memoryEnvironment } from '../../../src/workspace/hostMemory.ts';

describe('the memory of a host', () => {
	it('is bounded by variables that its children do not inherit', () => {
		const added = memoryEnvironment({ PATH: '/bin' });
		assert.ok(Object.keys(added).length > 0);
		const environment: NodeJS.ProcessEnv = { PATH: '/bin', ...added };
		dropMemoryEnvironment(environment);
		assert.deepEqual(environment, { PATH: '/bin' });
	});

	it('is what the person says where they say something', () => {
		const own = { MALLOC_TRIM_THRESHOLD_: '7' };
		const environment: NodeJS.ProcessEnv = { ...own, ...memoryEnvironment(own) };
		assert.equal(environment['MALLOC_TRIM_THRESHOLD_'], '7');
		dropMemoryEnvironment(environment);
		assert.deepEqual(environment, own);
	});
});
