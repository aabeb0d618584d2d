// Checks that a host holds its agents to their worktrees with real bubblewrap: what it tells of them, what lands, and what cannot be
// written. Where the machine forbids that, the tests are skipped with its reason.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Container } from '../../../src/core/containment/container.ts';
import { readMachineContainment } from '../../../src/core/containment/machineContainment.ts';
import { requireContainer } from '../../support/bubblewrap.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm } from '../../support/temporarySwarm.ts';

describe('a swarm that is contained', function () {
	this.slow(15_000);
	const folders = useTemporaryFolders();
	let container: Container;
	let swarm: TemporarySwarm | undefined;
	before(async function () {
		container = await requireContainer(this);
	});
	afterEach(() => swarm?.dispose());

	it('lands what is made in a worktree, and nothing can be written to the open one or to that of another', async () => {
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' });
		await swarm.add('A', ['echo b > b.txt', 'git add b.txt && git -c user.name=x -c user.email=x@x commit -qm b']);
		const outside = [join(swarm.folder, 'stray.txt'), join(swarm.worktrees, 'stray.txt')];
		await swarm.add('B', [`echo x > "${outside[0]}" || echo x > "${outside[1]}"`]);
		await swarm.workUntilIdle(undefined, { container });
		assert.equal((await swarm.task('A')).status, 'COMPLETED', swarm.lines.join('\n'));
		assert.equal(swarm.shown('b.txt'), 'b\n');
		const refused = await swarm.task('B');
		assert.equal(refused.status, 'FAILED');
		assert.match((await swarm.runs('B')).map(({ reason }) => reason).join('\n'), /read-only file system/iu);
		assert.deepEqual(outside.filter(existsSync), []);
		assert.deepEqual(await swarm.ledger.read(readMachineContainment), { tool: 'bubblewrap' });
	});

	it('starts nobody who must be contained where nothing can, and says what to do', async () => {
		const agents = [buildAgent('Agent-1', { containment: 'required' })];
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' }, { agents });
		await swarm.add('A', ['echo b > b.txt']);
		const nothing: Container = {
			look: async () => ({
				tool: 'none',
				reason: 'bwrap is not installed',
				advice: 'apt-get install bubblewrap',
			}),
			wrap: async () => undefined,
		};
		await swarm.workUntilIdle(undefined, { container: nothing });
		const task = await swarm.task('A');
		assert.equal(task.status, 'BLOCKED', swarm.lines.join('\n'));
		assert.match(task.block_reason?.text ?? '', /contained only.*bwrap is not installed/u);
	});
});
