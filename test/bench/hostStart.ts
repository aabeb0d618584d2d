// Measures how soon an agent works on a task that became ready, with a worktree made ahead and without.
//
// Method: two packed hosts, each on a repository of 300 files and a ledger of 10,000 tasks, the swarm at rest; one keeps a worktree in
// its pool, as it is by default, the other none. A round makes one task ready and notes the moment that was durable; the task's first
// step leaves a file whose time says when the driver really ran it, in the worktree. In between lie noticing, choosing, claim, snapshot
// of the working tree, worktree, start of the step. Right before the round without a pool git alone makes a worktree of the same
// repository, and that time is taken off: it is git's and the disk's. The two take turns. This process holds no window open; the hosts
// work alone, as under `dreamos up`.

import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Ledger } from '../../src/core/ledger.ts';
import { defineBenchmark } from './benchmark.ts';
import { makeReady, putAgents, stampPath, stampStep, stampTime, whenStatus } from './measuredHost.ts';
import { benchActor } from './seededLedger.ts';
import { ledgerOf, openBenchWorkspace, seedWorkspace } from './seededWorkspace.ts';
import { median, spread } from './statistics.ts';

const run = promisify(execFile);

const warmUpRounds = 2;
const rounds = 12;
const agentCount = 4;
/** Until boards are written and nothing else uses disk and processor. */
const restMilliseconds = 2000;

export const hostStart = defineBenchmark({
	figures: {
		'host.readyFromPool': {
			title: "task ready → agent's first step, with a worktree in the pool, median",
			unit: 'ms',
			limit: { atMost: 300 },
		},
		'host.readyToStart': {
			title: "the same without a pool, minus git's own worktree time, medians",
			unit: 'ms',
			limit: { atMost: 1000 },
		},
	},
	async measure({ folder, product, onEnd }) {
		const { bundles } = await product();
		const start = async (name: string, poolSize: number) => {
			const place = join(folder, name);
			await seedWorkspace(place, { prepare: (transaction) => putAgents(transaction, agentCount) });
			await mkdir(join(place, '.vscode'));
			await writeFile(join(place, '.vscode', 'settings.json'), `{ "dreamos.worktrees.poolSize": ${poolSize} }\n`);
			const workspace = await openBenchWorkspace(place, 'nothing', join(bundles, 'host.cjs'));
			onEnd(() => workspace.close());
			await workspace.dream.perform('swarm.start', {}, benchActor);
			onEnd(async () => void (await workspace.dream.perform('swarm.stop', {}, benchActor)));
			return { place, ledger: ledgerOf(workspace) };
		};
		const warm = await start('with-pool', 1);
		const cold = await start('without-pool', 0);

		const pool: number[] = [];
		const whole: number[] = [];
		const gitAlone: number[] = [];
		const startTime = async (ledger: Ledger, id: string) => {
			const stamp = stampPath(folder, id);
			const ready = await makeReady(ledger, id, [stampStep(stamp)]);
			const time = (await stampTime(stamp)) - ready;
			await whenStatus(ledger, id, 'COMPLETED');
			return time;
		};
		for (let round = 0; round < warmUpRounds + rounds; round += 1) {
			await delay(restMilliseconds + 500 * Math.random());
			pool.push(await startTime(warm.ledger, `pool-${round}`));
			await delay(restMilliseconds + 500 * Math.random());
			gitAlone.push(await worktreeTime(cold.place, join(folder, `alone-${round}`)));
			whole.push(await startTime(cold.ledger, `cold-${round}`));
		}
		[pool, whole, gitAlone].forEach((times) => times.splice(0, warmUpRounds));
		const tell = (times: readonly number[]) => `${median(times).toFixed(0)} ms (${spread(times, 0)})`;
		return {
			'host.readyFromPool': {
				value: median(pool),
				notes: [`from the pool ${tell(pool)}, beside git's own worktree ${tell(gitAlone)}, ${rounds} rounds`],
			},
			'host.readyToStart': {
				value: median(whole) - median(gitAlone),
				notes: [`with git's worktree ${tell(whole)}, git alone ${tell(gitAlone)}, ${rounds} rounds`],
			},
		};
	},
});

/** How long git takes for a worktree of its own, made and removed without any of our code. */
async function worktreeTime(repository: string, folder: string): Promise<number> {
	const begin = performance.now();
	await run('git', ['worktree', 'add', '--quiet', '--detach', folder, 'HEAD'], { cwd: repository });
	const time = performance.now() - begin;
	await run('git', ['worktree', 'remove', '--force', folder], { cwd: repository });
	return time;
}
