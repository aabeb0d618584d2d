// Checks what keeps the host from beginning a task, and that the answer to "why is it waiting?" comes from the same code.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainAnyTask } from '../../../src/workspace/explainWaiting.ts';
import { PolicyFile } from '../../../src/core/policy/policyFile.ts';
import { createDrivers } from '../../../src/drivers/drivers.ts';
import { nodeFileSystem } from '../../../src/node/nodeFileSystem.ts';
import { createProcessRunner } from '../../../src/node/processRunner.ts';
import { systemClock } from '../../../src/node/systemClock.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';

describe('what keeps a task from beginning', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	beforeEach(async () => {
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' });
	});
	afterEach(() => swarm.dispose());

	const why = (taskId: string) =>
		explainAnyTask(
			{
				ledger: swarm.ledger,
				settings: swarm.settings,
				drivers: createDrivers({ clock: systemClock, files: nodeFileSystem, processes: createProcessRunner() }),
				policy: new PolicyFile(nodeFileSystem, swarm.folder),
			},
			taskId,
		);
	const status = async (id: string) => (await swarm.ledger.read((reader) => reader.task(id)))?.task.status;

	it('a machine without memory to spare: it begins by itself once there is room', async () => {
		let free = 10 * 1024 * 1024;
		const machine = {
			load: async () => ({ freeMemoryBytes: free, processorMilliseconds: 0, idleMilliseconds: 0 }),
		};
		await swarm.add('A', ['true']);
		await swarm.tell(true);
		const host = await swarm.lead({ machine });
		await swarm.until(
			async () => (await why('A')).includes('less than 256 MB of memory free (dreamos.swarm.minFreeMegabytes)'),
			'A is held back, and says why',
		);
		assert.equal(await status('A'), 'READY');
		free = 10 * 1024 * 1024 * 1024;
		await swarm.until(async () => (await status('A')) === 'COMPLETED', 'A was done');
		await host.stop();
	});

	it('a task in flight that may change the same files', async () => {
		const begun = join(folders.make(), 'begun');
		const go = join(folders.make(), 'go');
		await swarm.add('A', [`touch ${begun}; while [ ! -e ${go} ]; do sleep 0.05; done`], { touches: ['src/**'] });
		await swarm.add('B', ['true'], { touches: ['src/b.ts'] });
		await swarm.tell(true);
		const host = await swarm.lead();
		await swarm.until(() => existsSync(begun), 'A runs');
		assert.match(
			await why('B'),
			/it may change the same files as A, at which Agent-[12] works: src\/b\.ts and src\/\*\* \(dreamos\.swarm\.separateTouches\)\.$/u,
		);
		assert.equal(await status('B'), 'READY');
		writeFileSync(go, '');
		await swarm.until(async () => (await status('B')) === 'COMPLETED', 'B was done');
		await host.stop();
		const events = await swarm.events();
		const ended = events.find(({ type, task_id: id }) => type === 'run.closed' && id === 'A')?.sequence ?? 0;
		const claimed = events.find(({ type, task_id: id }) => type === 'run.opened' && id === 'B')?.sequence ?? 0;
		assert.ok(ended > 0 && claimed > ended, `B began at ${claimed}, A ended at ${ended}`);
	});

	it('nothing, where another agent is free: a task moves off the agent that failed at it', async () => {
		const tried = join(folders.make(), 'tried');
		await swarm.add('A', ['true'], {
			validation: { commands: [`if [ -e ${tried} ]; then exit 0; fi; touch ${tried}; exit 1`] },
		});
		await swarm.workUntilIdle();
		assert.equal(await status('A'), 'COMPLETED');
		const runs = await swarm.runs('A');
		assert.deepEqual(runs.map(({ worker, state }) => `${worker} ${state}`).toSorted(), [
			'Agent-1 failed',
			'Agent-2 completed',
		]);
		const claims = (await swarm.events()).filter(({ data }) => data?.['worker'] === 'Agent-2');
		assert.ok(
			JSON.stringify(claims).includes('Agent-2 is free, and Agent-1 failed at it before'),
			'the claim says why',
		);
	});

	it('nothing, where an agent may work on two tasks at once', async () => {
		await swarm.ledger.write(person, (transaction) =>
			transaction.putAgent(buildAgent('Agent-1', { limits: { concurrent_runs: 2 } })),
		);
		const [left, right] = [join(folders.make(), 'left'), join(folders.make(), 'right')];
		// Each goes on only once the other has begun.
		const meet = (mine: string, other: string) => [`touch ${mine}; while [ ! -e ${other} ]; do sleep 0.05; done`];
		await swarm.add('A', meet(left, right), { assigned_agent: 'Agent-1' });
		await swarm.add('B', meet(right, left), { assigned_agent: 'Agent-1' });
		await swarm.workUntilIdle();
		assert.deepEqual([await status('A'), await status('B')], ['COMPLETED', 'COMPLETED']);
	});
});
