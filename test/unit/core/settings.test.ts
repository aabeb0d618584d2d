// Checks that a wrong setting is reported and the value below it stands.

import assert from 'node:assert/strict';
import { defaultSettings, readSettings } from '../../../src/core/settings.ts';

describe('readSettings', () => {
	it('takes later layers over earlier ones', () => {
		const { settings, problems } = readSettings([
			{ 'landing.mode': 'review' },
			{ 'swarm.maxConcurrentRuns': 2 },
			undefined,
		]);
		assert.deepEqual(problems, []);
		assert.equal(settings['landing.mode'], 'review');
		assert.equal(settings['swarm.maxConcurrentRuns'], 2);
		assert.equal(settings['tasks.maxAttempts'], defaultSettings['tasks.maxAttempts']);
	});

	it('names a setting it cannot use and keeps the layer below', () => {
		const { settings, problems } = readSettings([
			{ 'swarm.maxConcurrentRuns': 3 },
			{ 'swarm.maxConcurrentRuns': 'many', 'landing.mode': 7 },
		]);
		assert.equal(settings['swarm.maxConcurrentRuns'], 3);
		assert.equal(settings['landing.mode'], 'automatic');
		assert.deepEqual(
			problems.map(({ setting }) => setting),
			['dreamos.landing.mode', 'dreamos.swarm.maxConcurrentRuns'],
		);
	});
});
