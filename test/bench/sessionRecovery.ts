// Measures how long an agent with a session stands still when its host is killed: the same as hostRecovery.ts, with a scripted agent of
// the Agent Client Protocol in its first turn. The clock stops when it writes into its worktree again, in the session it had.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { scripted } from '../support/driverJobs.ts';
import { projectNode } from '../support/project.mjs';
import type { OpenWorkspace } from '../../src/workspace/workspaceOptions.ts';
import { defineBenchmark } from './benchmark.ts';
import { hostPid } from './hostRecovery.ts';
import { makeReady, putAgents, stampTime, whenThere } from './measuredHost.ts';
import { benchActor } from './seededLedger.ts';
import { ledgerOf, openBenchWorkspace, seedWorkspace } from './seededWorkspace.ts';
import { median, spread } from './statistics.ts';

const rounds = 5;
const patienceMilliseconds = 60_000;
/** What the agent leaves in its worktree. */
const begun = 'begun.txt';
const resumed = 'resumed.txt';

export const sessionRecovery = defineBenchmark({
	figures: {
		'host.sessionRecovery': {
			title: 'SIGKILL of the host of `dreamos up` → the agent works on in the session it had, median',
			unit: 'ms',
			limit: { atMost: 5000 },
		},
	},
	async measure({ folder, product, onEnd }) {
		const { bundles } = await product();
		const place = join(folder, 'workspace');
		const { command = [], env = {} } = scripted({
			resume: 'load',
			turn: [{ do: 'write', path: begun, content: '' }, { do: 'hang' }],
			turnAfterResume: [{ do: 'write', path: resumed, content: '' }, { do: 'hang' }],
		});
		await seedWorkspace(place, {
			prepare: (transaction) =>
				putAgents(transaction, 1, { driver: 'acp', command: [...command], env: { ...env } }),
		});
		const workspace = await openBenchWorkspace(place, 'nothing');
		onEnd(() => workspace.close());
		const keeper = spawn(projectNode(), [join(bundles, 'cli.cjs'), 'up', '--workspace', place], {
			stdio: 'ignore',
		});
		onEnd(() => void keeper.kill('SIGTERM'));
		const times: number[] = [];
		for (let round = 0; round < rounds; round += 1) {
			times.push(await sessionRecoveryTime(workspace, `session-${round}`));
		}
		return {
			'host.sessionRecovery': { value: median(times), notes: [`rounds ${spread(times, 0)} ms`] },
		};
	},
});

/** Kills the host in the middle of an agent's turn; resolves to the milliseconds until the agent goes on in the same session. */
async function sessionRecoveryTime(workspace: OpenWorkspace, id: string): Promise<number> {
	const ledger = ledgerOf(workspace);
	const newest = async () => (await ledger.read((reader) => reader.runs({ task_id: id, limit: 1 })))[0];
	await makeReady(ledger, id, []);
	const first = await whenThere(`a session for ${id}`, patienceMilliseconds, async () => {
		const run = await newest();
		return run === undefined || run.worktree === null || run.session === null
			? undefined
			: { folder: run.worktree, session: run.session.session_id };
	});
	await stampTime(join(first.folder, begun), patienceMilliseconds);
	await delay(1000 * Math.random());
	process.kill(await hostPid(ledger), 'SIGKILL');
	const killed = Date.now();
	const time = (await stampTime(join(first.folder, resumed), patienceMilliseconds)) - killed;
	// The agent may be at work before the ledger says in which session.
	const session = await whenThere(
		`the session of ${id}`,
		patienceMilliseconds,
		async () => (await newest())?.session ?? undefined,
	);
	if (session.session_id !== first.session) {
		throw new Error(`${id} went on in another session.`);
	}
	await workspace.dream.perform('task.cancel', { task_id: id, reason: 'the benchmark has seen enough' }, benchActor);
	return time;
}
