// Checks that only a host that is surely dead counts as gone.

import assert from 'node:assert/strict';
import { isHostGone, thisHost } from '../../../src/node/hostIdentity.ts';
import type { JsonObject } from '../../../src/base/json.ts';

describe('isHostGone', () => {
	const gone = (data: JsonObject) => isHostGone({ name: 'host', holder: 'host-x', epoch: 1, expires_at: 0, data });

	it('knows itself as alive, a process of another start as dead, and everybody else as alive', async function () {
		const self = await thisHost();
		if (self.started === '') {
			this.skip();
		}
		assert.equal(await gone(self), false);
		assert.equal(await gone({ ...self, started: 'another start' }), true);
		assert.equal(await gone({ ...self, pid: 2 ** 22 + 1 }), true);
		assert.equal(await gone({ ...self, pid: 2 ** 22 + 1, machine: 'elsewhere' }), false);
		assert.equal(await gone({ ...self, pid: 2 ** 22 + 1, started: '' }), false);
		assert.equal(await gone({}), false);
	});
});
