// Checks a clock that is set forward or back by an hour while agents work: nothing is taken for over that is not, and nothing waits
// for the hour to come.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCheckpoints } from '../../../src/core/checkpoint/checkpoint.ts';
import { checkpointPrefix } from '../../../src/core/checkpoint/checkpointReference.ts';
import { leaseLifetimes, leaseNames } from '../../../src/core/swarmFacts.ts';
import { systemClock } from '../../../src/node/systemClock.ts';
import { scripted } from '../../support/driverJobs.ts';
import type { Script } from '../../support/scriptedAcpScript.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm } from '../../support/temporarySwarm.ts';

const hour = 3_600_000;

describe('a clock that jumps', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	let file: string;
	let shift: number;
	const clock = { ...systemClock, now: () => Date.now() + shift };
	const follow = (script: Script) => writeFileSync(file, JSON.stringify(script));
	beforeEach(async () => {
		shift = 0;
		file = join(folders.make(), 'script.json');
		const agent = buildAgent('Tester', { driver: 'acp', command: [...(scripted({}).command ?? []), file] });
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' }, { agents: [agent] });
		swarm.settings = { ...swarm.settings, 'budgets.task': { minutes: 30 }, 'checkpoints.days': 1 };
	});
	afterEach(() => swarm.dispose());

	/** Sets the clock and waits until the host has renewed its leadership by it. */
	const jump = async (milliseconds: number) => {
		shift += milliseconds;
		await swarm.until(async () => {
			const lease = await swarm.ledger.read((reader) => reader.lease(leaseNames.host));
			const left = (lease?.expires_at ?? 0) - clock.now();
			return left > 0 && left <= leaseLifetimes.host;
		}, 'the lease to be renewed by the new clock');
	};

	for (const [name, milliseconds] of [
		['forward', hour],
		['back', -hour],
	] as const) {
		it(`ends no run, spends no budget and forgets no checkpoint when it is set ${name}`, async () => {
			const go = join(folders.make(), 'go');
			follow({
				turn: [
					{ do: 'write', path: 'half.txt', content: 'half\n' },
					{ do: 'say', text: 'Half of it.' },
					{ do: 'waitForFile', path: go },
				],
			});
			await swarm.add('A', [], { params: {}, max_attempts: 1, validation: { commands: ['false'] } });
			await swarm.tell(true);
			const host = await swarm.lead({ clock });
			await swarm.until(async () => {
				const [run] = await swarm.runs('A');
				return existsSync(join(run?.worktree ?? '', 'half.txt'));
			}, 'it works');
			await jump(milliseconds);
			assert.equal((await swarm.task('A')).status, 'IN_PROGRESS');
			writeFileSync(go, '');
			const task = await swarm.statusIs('A', 'FAILED');
			const runs = await swarm.runs('A');
			assert.deepEqual([runs.length, task.attempts], [1, 1], 'it failed by its gate alone');
			assert.match(runs[0]?.reason ?? '', /false/u);
			const types = (await swarm.events()).map(({ type }) => type);
			assert.ok(!types.includes('budget.spent') && !types.includes('run.recovered'), types.join(' '));
			const kept = readCheckpoints(await swarm.git.readReferences(checkpointPrefix));
			assert.equal(kept.length, 1);
			await host.stop();
		});
	}

	it('makes an agent that was to pause for a moment not wait for the hour to come again', async () => {
		follow({ turn: [{ do: 'exit', code: 3 }] });
		await swarm.add('A', [], { params: {}, max_attempts: 3 });
		await swarm.tell(true);
		const host = await swarm.lead({ clock });
		await swarm.until(
			async () => (await swarm.runs('A')).some(({ state }) => state === 'failed'),
			'the first attempt to fail',
		);
		follow({ turn: [{ do: 'write', path: 'b.txt', content: 'b\n' }] });
		await jump(-hour);
		await swarm.statusIs('A', 'COMPLETED');
		assert.equal((await swarm.runs('A')).length, 2);
		await host.stop();
	});
});
