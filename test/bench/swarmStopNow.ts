// Measures how long processes of agents live after Stop Everything Now.
//
// Method: `dreamos up` of the packed product with its host leads ten scripted agents, each in a turn that never ends, with a child that
// left its process group; half of them are deaf to the cancel of the protocol, to the end of their stdin and to SIGTERM. A round
// performs the action as palette and terminal do, in another process than the host's, and looks at the system until no process carries
// the mark. The worst round counts.

import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LedgerTransaction } from '../../src/core/ledger.ts';
import { createTask } from '../../src/core/task/createTask.ts';
import { scripted } from '../support/driverJobs.ts';
import { PROCESS_MARK, createMark, endProcesses, findProcesses } from '../support/processTree.mjs';
import { projectNode } from '../support/project.mjs';
import type { Script } from '../support/scriptedAcpScript.ts';
import { buildAgent } from '../support/swarmBuilders.ts';
import { defineBenchmark } from './benchmark.ts';
import { watchMachine } from './machineLag.ts';
import { whenThere } from './measuredHost.ts';
import { benchActor } from './seededLedger.ts';
import { openBenchWorkspace, seedWorkspace } from './seededWorkspace.ts';
import { median, spread } from './statistics.ts';

const rounds = 5;
const agentCount = 10;
const patienceMilliseconds = 120_000;
const lookMilliseconds = 20;

const obedient: Script = { turn: [{ do: 'child', isDetached: true }, { do: 'say', text: 'ready\n' }, { do: 'hang' }] };
const deaf: Script = { ...obedient, cancel: 'ignore', ignoresTerm: true, ignoresEnd: true };

export const swarmStopNow = defineBenchmark({
	figures: {
		'swarm.stopNow': {
			title: 'Stop Everything Now with ten agents, half of them deaf → none of their processes left, worst round',
			unit: 'ms',
			limit: { atMost: 2000 },
		},
	},
	async measure({ folder, product, onEnd }) {
		const { bundles } = await product();
		const mark = createMark();
		onEnd(async () => void (await endProcesses(mark, undefined, 0)));
		const place = join(folder, 'workspace');
		await seedWorkspace(place, { tasks: 100, prepare: (transaction) => putDeafAndObedient(transaction, mark) });
		await mkdir(join(place, '.vscode'));
		await writeFile(
			join(place, '.vscode/settings.json'),
			JSON.stringify({ 'dreamos.swarm.maxConcurrentRuns': agentCount, 'dreamos.tasks.maxAttempts': 100 }),
		);
		const workspace = await openBenchWorkspace(place, 'nothing');
		onEnd(() => workspace.close());
		const machine = watchMachine();
		const times: number[] = [];
		for (let round = 0; round < rounds; round += 1) {
			const swarm = spawn(projectNode(), [join(bundles, 'cli.cjs'), 'up', '--workspace', place], {
				stdio: 'ignore',
			});
			onEnd(() => void swarm.kill('SIGTERM'));
			const ended = once(swarm, 'exit');
			await whenThere('ten agents at work', patienceMilliseconds, async () =>
				(await findProcesses(mark, undefined)).length === 2 * agentCount ? true : undefined,
			);
			const begin = performance.now();
			const stopped = workspace.dream.perform('swarm.stopNow', {}, benchActor);
			while ((await findProcesses(mark, undefined)).length > 0) {
				await delay(lookMilliseconds);
			}
			times.push(performance.now() - begin);
			await stopped;
			await ended;
		}
		return {
			'swarm.stopNow': {
				value: Math.max(...times),
				notes: [
					`rounds ${spread(times, 0)} ms, median ${median(times).toFixed(0)} ms, ${rounds} rounds`,
					await machine.describe(),
				],
			},
		};
	},
});

/** Ten agents, each with a task of its own. */
async function putDeafAndObedient(transaction: LedgerTransaction, mark: string): Promise<void> {
	for (const { id } of await transaction.agents()) {
		await transaction.removeAgent(id);
	}
	for (let index = 0; index < agentCount; index += 1) {
		const { command = [], env } = scripted(index % 2 === 0 ? obedient : deaf, { env: { [PROCESS_MARK]: mark } });
		const id = `Agent-${index}`;
		await transaction.putAgent(
			buildAgent(id, { driver: 'acp', command: [...command], env: { ...env }, containment: 'off' }),
		);
		await transaction.append({ type: 'agent.changed', agent_id: id, message: 'registered for a benchmark' });
		await createTask(transaction, { task_id: `stop-${index}`, name: `Never ends ${index}`, assigned_agent: id });
	}
}
