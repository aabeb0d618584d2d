// Checks that the loop goes on with the rest when a task waits for one that failed, and when the clock of the machine jumps.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hostExitCodes } from '../../../src/host/exitCodes.ts';
import { PolicyFile } from '../../../src/core/policy/policyFile.ts';
import { createDrivers } from '../../../src/drivers/drivers.ts';
import { nodeFileSystem } from '../../../src/node/nodeFileSystem.ts';
import { createProcessRunner } from '../../../src/node/processRunner.ts';
import { systemClock } from '../../../src/node/systemClock.ts';
import { advanceTask } from '../../../src/core/task/advanceTask.ts';
import { leaseNames } from '../../../src/core/swarmFacts.ts';
import { explainAnyTask } from '../../../src/workspace/explainWaiting.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';

const day = 24 * 3_600_000;
const patience = 200_000;

describe('bad input to a swarm', function () {
	this.timeout(300_000);
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	beforeEach(async () => {
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' });
	});
	afterEach(() => swarm.dispose());

	it('a task that waits for one that failed says so, and everything else is done', async () => {
		const mended = join(swarm.folder, '..', 'mended');
		await swarm.add('Bad', [`test -e ${mended}`, 'echo bad > bad.txt'], { max_attempts: 1 });
		await swarm.add('Near', ['echo near > near.txt'], { dependencies: ['Bad'] });
		await swarm.add('Far', ['echo far > far.txt'], { dependencies: ['Near'] });
		await swarm.add('Other', ['echo other > other.txt']);
		await swarm.workUntilIdle(patience);
		const statuses = () =>
			Promise.all(['Bad', 'Near', 'Far', 'Other'].map(async (id) => (await swarm.task(id)).status));
		assert.deepEqual(await statuses(), ['FAILED', 'PENDING', 'PENDING', 'COMPLETED']);
		const why = (taskId: string) =>
			explainAnyTask(
				{
					ledger: swarm.ledger,
					settings: swarm.settings,
					drivers: createDrivers({
						clock: systemClock,
						files: nodeFileSystem,
						processes: createProcessRunner(),
					}),
					policy: new PolicyFile(nodeFileSystem, swarm.folder),
				},
				taskId,
			);
		assert.match(await why('Near'), /Near is PENDING.*waits for Bad.*FAILED/u);
		assert.match(await why('Far'), /Far is PENDING.*waits for Near/u);
		assert.deepEqual([await swarm.runs('Near'), await swarm.runs('Far')], [[], []]);
		// Once the bad one is mended, what waited goes on by itself.
		writeFileSync(mended, '');
		await swarm.ledger.write(person, (transaction) =>
			advanceTask(transaction, { taskId: 'Bad', move: 'retry', reason: 'it is mended' }),
		);
		await swarm.workUntilIdle(patience);
		assert.deepEqual(await statuses(), ['COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED']);
	});

	it('a clock that jumps a day ahead and two days back ends no run and has nothing done twice', async () => {
		const clock = join(swarm.folder, '..', 'clock');
		const go = join(swarm.folder, '..', 'go');
		writeFileSync(clock, '0');
		const program = pathToFileURL(join(import.meta.dirname, '../../chaos/clockJumps.program.ts')).href;
		Object.assign(swarm.childEnvironment, { NODE_OPTIONS: `--import ${program}`, DREAMOS_CHAOS_CLOCK: clock });
		const begun = (id: string) => join(swarm.folder, '..', `begun-${id}`);
		for (const id of ['A', 'B']) {
			await swarm.add(id, [
				`echo ${id} >> ${begun(id)}; until test -e ${go}; do sleep 0.1; done; echo ${id} > ${id}.txt`,
			]);
		}
		await swarm.tell(true);
		const host = swarm.spawnHost();
		await swarm.until(() => ['A', 'B'].every((id) => existsSync(begun(id))), 'both are worked on', patience);
		for (const shift of [day, -day]) {
			writeFileSync(clock, String(shift));
			await swarm.until(
				async () => {
					const lease = await swarm.ledger.read((reader) => reader.lease(leaseNames.host));
					return Math.abs((lease?.expires_at ?? 0) - Date.now() - shift) < day / 2;
				},
				'the host leads on by the clock as it is now',
				patience,
			);
		}
		await swarm.add('C', ['echo C > C.txt']);
		writeFileSync(go, '');
		for (const id of ['A', 'B', 'C']) {
			await swarm.statusIs(id, 'COMPLETED', patience);
			assert.equal((await swarm.runs(id)).length, 1, id);
			assert.equal(swarm.shown(`${id}.txt`), `${id}\n`);
		}
		assert.deepEqual([readFileSync(begun('A'), 'utf8'), readFileSync(begun('B'), 'utf8')], ['A\n', 'B\n']);
		await swarm.tell(false);
		assert.equal(await host.exited, hostExitCodes.stopped, host.errors());
		assert.deepEqual(swarm.leftovers(), []);
	});
});
