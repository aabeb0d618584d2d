// Checks that the list of worktrees can be asked for again and again without looking at every file on the disk each time.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { nullLogger } from '../../../src/base/log.ts';
import { createChokidarWatcher } from '../../../src/node/chokidarWatcher.ts';
import { worktreesFolder } from '../../../src/node/cacheFolder.ts';
import { nodeFileSystem } from '../../../src/node/nodeFileSystem.ts';
import { createProcessRunner } from '../../../src/node/processRunner.ts';
import { createSystemContainer } from '../../../src/node/systemContainer.ts';
import { systemClock } from '../../../src/node/systemClock.ts';
import { createWorktreeDoor } from '../../../src/workspace/createWorktreeDoor.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm } from '../../support/temporarySwarm.ts';

describe('the door to worktrees', () => {
	const folders = useTemporaryFolders();

	it('looks how large a folder is, and again only after a while', async () => {
		const swarm = await TemporarySwarm.create(folders.make(), { a: 'a\n' });
		try {
			const setting = folders.make();
			const place = worktreesFolder({ workspaceFolder: swarm.folder, setting });
			mkdirSync(join(place, 'run-left'), { recursive: true });
			let looks = 0;
			let now = 0;
			const door = createWorktreeDoor({
				folder: swarm.folder,
				ports: {
					clock: { ...systemClock, monotonic: () => now },
					files: {
						...nodeFileSystem,
						measure: (path) => {
							looks += 1;
							return nodeFileSystem.measure(path);
						},
					},
					watcher: createChokidarWatcher({ onError: () => undefined }),
					processes: createProcessRunner(),
					container: createSystemContainer({ processes: createProcessRunner() }),
					git: swarm.git,
				},
				log: nullLogger,
				ledger: () => swarm.ledger,
				settings: () => ({ ...swarm.settings, 'worktrees.folder': setting }),
				isHostRunning: async () => false,
			});
			const [first] = await door.list();
			assert.deepEqual([first?.id, first?.state], ['run-left', 'abandoned']);
			now += 59_000;
			assert.deepEqual(await door.list(), [first]);
			assert.equal(looks, 1);
			now += 2000;
			await door.list();
			assert.equal(looks, 2);
		} finally {
			await swarm.dispose();
		}
	});
});
