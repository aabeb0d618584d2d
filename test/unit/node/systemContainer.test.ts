// Checks that a program that contains others is believed only after it was seen to hold: each way it can fail to is planted here.

import { strict as assert } from 'node:assert';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createProcessRunner } from '../../../src/node/processRunner.ts';
import { createSystemContainer } from '../../../src/node/systemContainer.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

describe('What the system contains programs with', () => {
	const folders = useTemporaryFolders();
	const lookAt = async (script: string | undefined, platform: NodeJS.Platform = 'linux') => {
		const folder = folders.make();
		if (script !== undefined) {
			const file = path.join(folder, 'bwrap');
			writeFileSync(file, `#!/bin/sh\n${script}\n`);
			chmodSync(file, 0o755);
		}
		const container = createSystemContainer({ processes: createProcessRunner(), platform, folders: [folder] });
		const wrapped = await container.wrap({ rules: [], hasNetwork: true });
		return { found: await container.look(), wrapped };
	};

	before(function () {
		if (process.platform === 'win32') {
			this.skip();
		}
	});

	it('is named with its package when it is missing', async () => {
		const { found, wrapped } = await lookAt(undefined);
		assert.deepEqual(found, {
			tool: 'none',
			reason: 'bwrap is not installed',
			advice: 'apt-get install bubblewrap',
		});
		assert.equal(wrapped, undefined);
	});

	it('is not used when the kernel forbids it, and its words are kept', async () => {
		const { found, wrapped } = await lookAt('echo "bwrap: No permissions to create a new namespace" >&2; exit 1');
		assert.match(found.tool === 'none' ? found.reason : '', /does not work here: .*No permissions/u);
		assert.equal(wrapped, undefined);
	});

	it('is not believed when it lets programs write everywhere', async () => {
		const { found } = await lookAt('while [ "$1" != -- ]; do shift; done; shift; exec "$@"');
		assert.match(found.tool === 'none' ? found.reason : '', /lets programs write everywhere/u);
	});

	it('is nothing on Windows', async () => {
		const { found } = await lookAt(undefined, 'win32');
		assert.match(found.tool === 'none' ? found.reason : '', /Windows/u);
	});
});
