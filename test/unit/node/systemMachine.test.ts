// Checks that the figures of the machine we run on make sense.

import assert from 'node:assert/strict';
import { totalmem } from 'node:os';
import { systemMachine } from '../../../src/node/systemMachine.ts';

describe('systemMachine', () => {
	it('tells free memory and what the processors did', async () => {
		const load = await systemMachine().load();
		assert.ok(load.freeMemoryBytes > 0 && load.freeMemoryBytes <= totalmem());
		assert.ok(load.idleMilliseconds >= 0 && load.idleMilliseconds <= load.processorMilliseconds);
		const later = await systemMachine().load();
		assert.ok(later.processorMilliseconds >= load.processorMilliseconds);
	});

	it('holds nobody up where a Mac gives no figure', async function () {
		if (process.platform === 'darwin') {
			this.skip();
		}
		assert.equal((await systemMachine('darwin').load()).freeMemoryBytes, totalmem());
	});
});
