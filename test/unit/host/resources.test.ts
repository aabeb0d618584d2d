// Checks that what agents take of the machine stands on their runs, and that measuring leaves no history.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeResources } from '../../../src/core/run/runResources.ts';
import { scripted } from '../../support/driverJobs.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm } from '../../support/temporarySwarm.ts';

describe('what agents take of the machine', function () {
	this.slow(15_000);
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	afterEach(() => swarm.dispose());

	it('is measured for all runs together, stays on them when they end, and writes no events', async function () {
		if (process.platform === 'win32') {
			this.skip();
		}
		const go = join(folders.make(), 'go');
		const { command, env } = scripted({
			turn: [
				{ do: 'waitForFile', path: go },
				{ do: 'say', text: 'done' },
			],
		});
		const agents = ['First', 'Second'].map((id) =>
			buildAgent(id, { driver: 'acp', command: [...(command ?? [])], env: { ...env }, process: 'shared' }),
		);
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' }, { agents });
		for (const name of ['A', 'B']) {
			await swarm.add(name, [], { params: {} });
		}
		await swarm.tell(true);
		const host = await swarm.lead();
		const open = async () => (await Promise.all(['A', 'B'].map((name) => swarm.runs(name)))).flat();
		const measured = async () => (await open()).map(({ resources }) => resources);
		await swarm.until(
			async () => (await open()).filter(({ session }) => session !== null).length === 2,
			'both work',
		);
		const before = await swarm.ledger.read((reader) => reader.sequence());
		await swarm.until(
			async () => (await measured()).filter((each) => each?.shared_with === 1).length === 2,
			'both are measured',
		);
		assert.equal(await swarm.ledger.read((reader) => reader.sequence()), before);
		const [first, second] = await measured();
		assert.ok(first !== undefined && first !== null && first.memory_bytes > 10_000_000, JSON.stringify(first));
		assert.equal(first.memory_bytes, second?.memory_bytes);
		assert.ok(first.peak_memory_bytes >= first.memory_bytes && first.processes >= 1);
		writeFileSync(go, '');
		await swarm.statusIs('A', 'COMPLETED');
		await swarm.statusIs('B', 'COMPLETED');
		await host.stop();
		assert.ok((await measured()).every((each) => (each?.peak_memory_bytes ?? 0) > 10_000_000));
	});

	it('is said in one line', () => {
		const resources = {
			at: '2026-11-26T10:00:00.000Z',
			memory_bytes: 312_000_000,
			peak_memory_bytes: 480_000_000,
			cpu_percent: 13.6,
			peak_cpu_percent: 97,
			processes: 3,
			shared_with: 1,
		};
		assert.match(
			describeResources(resources),
			/^\d+(?:\.\d+)? MB, 14 % of a processor; at most \d+(?:\.\d+)? MB, 97 %; 3 processes, shared with 1 other run$/u,
		);
		assert.match(describeResources({ ...resources, processes: 1, shared_with: 0 }), /; 1 process$/u);
	});
});
