// Measures how long a task stands still when its host is killed.
//
// Method: `dreamos up` of the packed product on a ledger of 10,000 tasks, with its host. A round makes a task ready that stamps
// its beginning and then works for minutes; once it works, and after a random part of a second, the host gets SIGKILL. Whoever
// keeps the host alive notices by itself; the next host ends what the first one left running, gives the task back and begins it
// again. The clock stops at the stamp of that second attempt. Nothing is helped along.

import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Ledger } from '../../src/core/ledger.ts';
import { leaseNames } from '../../src/core/swarmFacts.ts';
import { projectNode } from '../support/project.mjs';
import { defineBenchmark } from './benchmark.ts';
import { makeReady, putAgents, stampPath, stampStep, stampTime, whenStatus, whenThere } from './measuredHost.ts';
import { benchActor } from './seededLedger.ts';
import type { OpenWorkspace } from '../../src/workspace/workspaceOptions.ts';
import { ledgerOf, openBenchWorkspace, seedWorkspace } from './seededWorkspace.ts';
import { median, spread } from './statistics.ts';

const rounds = 5;
const longWork = 'sleep 300';
const patienceMilliseconds = 60_000;

export const hostRecovery = defineBenchmark({
	figures: {
		'host.recovery': {
			title: 'SIGKILL of the host of `dreamos up` → the task is worked on again, median',
			unit: 'ms',
			limit: { atMost: 5000 },
		},
	},
	async measure({ folder, product, onEnd }) {
		const { bundles } = await product();
		const place = join(folder, 'workspace');
		await seedWorkspace(place, { prepare: (transaction) => putAgents(transaction, 4) });
		const workspace = await openBenchWorkspace(place, 'nothing');
		onEnd(() => workspace.close());
		const keeper = spawn(projectNode(), [join(bundles, 'cli.cjs'), 'up', '--workspace', place], {
			stdio: 'ignore',
		});
		onEnd(() => void keeper.kill('SIGTERM'));
		const times: number[] = [];
		for (let round = 0; round < rounds; round += 1) {
			times.push(await recoveryTime(workspace, folder, `recover-${round}`));
		}
		return {
			'host.recovery': { value: median(times), notes: [`rounds ${spread(times, 0)} ms`] },
		};
	},
});

/** Kills the host in the middle of a task; resolves to the milliseconds until the task is worked on again. */
export async function recoveryTime(workspace: OpenWorkspace, folder: string, id: string): Promise<number> {
	const ledger = ledgerOf(workspace);
	const stamp = stampPath(folder, id);
	await makeReady(ledger, id, [stampStep(stamp), longWork]);
	await stampTime(stamp, patienceMilliseconds);
	await whenStatus(ledger, id, 'IN_PROGRESS');
	await delay(1000 * Math.random());
	await rm(stamp);
	process.kill(await hostPid(ledger), 'SIGKILL');
	const killed = Date.now();
	const time = (await stampTime(stamp, patienceMilliseconds)) - killed;
	await workspace.dream.perform('task.cancel', { task_id: id, reason: 'the benchmark has seen enough' }, benchActor);
	return time;
}

/** The process of the host that leads, once one does. */
export async function hostPid(ledger: Ledger): Promise<number> {
	return whenThere('a host that leads', patienceMilliseconds, async () => {
		const lease = await ledger.read((reader) => reader.lease(leaseNames.host));
		const pid = lease !== undefined && lease.expires_at > Date.now() ? lease.data['pid'] : undefined;
		return typeof pid === 'number' ? pid : undefined;
	});
}
