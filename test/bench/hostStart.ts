// Measures how soon an agent works on a task that became ready.
//
// Method: the packed host on a repository of 300 files and a ledger of 10,000 tasks, the swarm at rest. A round makes one task
// ready and notes the moment that was durable; the task's first step leaves a file whose time says when the driver really ran it,
// in the worktree. In between lie noticing, choosing, claim, snapshot of the working tree, worktree, start of the step. Right before
// the round, while all is at rest, git alone makes a worktree of the same repository, and that time is taken off: it is git's and
// the disk's. This process holds no window open; the host works alone, as under `dreamos up`.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
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
		'host.readyToStart': {
			title: "task ready → agent's first step, minus git's own worktree time, medians",
			unit: 'ms',
			limit: { atMost: 1000 },
		},
	},
	async measure({ folder, product, onEnd }) {
		const { bundles } = await product();
		const place = join(folder, 'workspace');
		await seedWorkspace(place, { prepare: (transaction) => putAgents(transaction, agentCount) });
		const workspace = await openBenchWorkspace(place, 'nothing', join(bundles, 'host.cjs'));
		onEnd(() => workspace.close());
		await workspace.dream.perform('swarm.start', {}, benchActor);
		onEnd(async () => void (await workspace.dream.perform('swarm.stop', {}, benchActor)));
		const ledger = ledgerOf(workspace);

		const whole: number[] = [];
		const gitAlone: number[] = [];
		for (let round = 0; round < warmUpRounds + rounds; round += 1) {
			await delay(restMilliseconds + 500 * Math.random());
			gitAlone.push(await worktreeTime(place, join(folder, `alone-${round}`)));
			const id = `start-${round}`;
			const stamp = stampPath(folder, id);
			const ready = await makeReady(ledger, id, [stampStep(stamp)]);
			whole.push((await stampTime(stamp)) - ready);
			await whenStatus(ledger, id, 'COMPLETED');
		}
		whole.splice(0, warmUpRounds);
		gitAlone.splice(0, warmUpRounds);
		return {
			'host.readyToStart': {
				value: median(whole) - median(gitAlone),
				notes: [
					`with git's worktree ${median(whole).toFixed(0)} ms (${spread(whole, 0)}), git alone ${median(gitAlone).toFixed(0)} ms (${spread(gitAlone, 0)}), ${rounds} rounds`,
				],
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
