// Measures how long processes of an agent live after its task was stopped.
//
// Method: a host leads a swarm of scripted agents; each works in a turn that never ends, with a child that left its process group. A
// round cancels the task in the ledger, as the editor's button and the terminal do, and looks at the system until no process carries
// the round's mark. One kind of agent obeys the cancel of the protocol; the other is deaf: to the cancel, to the end of its stdin, and to
// SIGTERM. A slow machine must not hide in a median: the worst round counts.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { advanceTask } from '../../src/core/task/advanceTask.ts';
import { scripted } from '../support/driverJobs.ts';
import { PROCESS_MARK, createMark, endProcesses, findProcesses } from '../support/processTree.mjs';
import type { Script } from '../support/scriptedAcpScript.ts';
import { buildAgent } from '../support/swarmBuilders.ts';
import { TemporarySwarm, person } from '../support/temporarySwarm.ts';
import { defineBenchmark } from './benchmark.ts';
import { watchMachine } from './machineLag.ts';
import { median, spread } from './statistics.ts';

const rounds = 7;

const obedient: Script = { turn: [{ do: 'child', isDetached: true }, { do: 'say', text: 'ready\n' }, { do: 'hang' }] };
const deaf: Script = { ...obedient, cancel: 'ignore', ignoresTerm: true, ignoresEnd: true };

export const agentStop = defineBenchmark({
	figures: {
		'agent.stop': {
			title: 'task stopped → no process of its agent left, worst round',
			unit: 'ms',
			limit: { atMost: 5000 },
		},
		'agent.stopDeaf': {
			title: 'the same for an agent that ignores every signal',
			unit: 'ms',
			limit: { atMost: 5000 },
		},
	},
	async measure({ folder, onEnd }) {
		const mark = createMark();
		onEnd(async () => void (await endProcesses(mark, undefined, 0)));
		const scripts = { obedient, deaf };
		const agents = Object.entries(scripts).map(([id, script]) => {
			const { command = [], env } = scripted(script, { env: { [PROCESS_MARK]: mark } });
			return buildAgent(id, { driver: 'acp', command: [...command], env: { ...env }, containment: 'off' });
		});
		const place = join(folder, 'swarm');
		await mkdir(place);
		const swarm = await TemporarySwarm.create(place, { 'a.txt': 'a\n' }, { agents });
		onEnd(() => swarm.dispose());
		await swarm.tell(true);
		await swarm.lead();

		const stop = async (agent: string, round: number): Promise<number> => {
			const id = `${agent}-${round}`;
			await swarm.add(id, [], { params: {}, assigned_agent: agent });
			await swarm.until(async () => (await findProcesses(mark, undefined)).length === 2, `${id} is at work`);
			await swarm.statusIs(id, 'IN_PROGRESS');
			const begin = performance.now();
			await swarm.ledger.write(person, (transaction) =>
				advanceTask(transaction, { taskId: id, move: 'cancel', reason: 'the round ends' }),
			);
			while ((await findProcesses(mark, undefined)).length > 0) {
				await delay(5);
			}
			return performance.now() - begin;
		};
		const machine = watchMachine();
		const times = { obedient: [] as number[], deaf: [] as number[] };
		for (let round = 0; round < rounds; round += 1) {
			times.obedient.push(await stop('obedient', round));
			times.deaf.push(await stop('deaf', round));
		}
		const figure = (list: readonly number[], ...notes: readonly string[]) => ({
			value: Math.max(...list),
			notes: [`rounds ${spread(list, 0)} ms, median ${median(list).toFixed(0)} ms, ${rounds} rounds`, ...notes],
		});
		return {
			'agent.stop': figure(times.obedient),
			'agent.stopDeaf': figure(times.deaf, await machine.describe()),
		};
	},
});
