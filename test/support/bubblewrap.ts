// Owns the container of tests on real bubblewrap, and the reason why there is none: such tests are skipped with it, never silently.

import type { Context } from 'mocha';
import type { Container } from '../../src/core/containment/container.ts';
import { createProcessRunner } from '../../src/node/processRunner.ts';
import { createSystemContainer } from '../../src/node/systemContainer.ts';

export async function requireContainer(test: Context): Promise<Container> {
	const container = createSystemContainer({ processes: createProcessRunner() });
	const found = await container.look();
	if (found.tool === 'none') {
		test.test?.parent?.tests.forEach((each) => (each.title += ` (skipped: ${found.reason})`));
		return test.skip();
	}
	return container;
}
