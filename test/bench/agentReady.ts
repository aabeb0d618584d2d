// Measures how soon an agent that was started has its first prompt, beside the same agent with nothing of ours around it.
//
// Method: the scripted agent of the tests, which is a Node program with the protocol's SDK as many agents are. A round starts it
// through our driver in this process, as in a host, and bare: spawn, `initialize`, `session/new`, `session/prompt` as plain lines. The
// first thing it does with its prompt is a file, whose time ends both. The order changes by round.

import { once } from 'node:events';
import { join } from 'node:path';
import { createAcpDriver } from '../../src/drivers/acp/acpDriver.ts';
import { DriverFixture, realDriverPorts, scripted, scriptedAgent, startJob } from '../support/driverJobs.ts';
import type { Script } from '../support/scriptedAcpScript.ts';
import { scriptVariable } from '../support/scriptedAcpScript.ts';
import { startBareAgent } from './bareAgent.ts';
import { defineBenchmark } from './benchmark.ts';
import { watchMachine } from './machineLag.ts';
import { stampTime } from './measuredHost.ts';
import { median, spread } from './statistics.ts';

const warmUpRounds = 2;
const rounds = 15;

export const agentReady = defineBenchmark({
	figures: {
		'agent.ready': {
			title: 'agent started → its first prompt, through our driver ÷ bare',
			unit: 'ratio',
			limit: { atMost: 1.25 },
		},
	},
	async measure({ onEnd }) {
		const fixture = await DriverFixture.create();
		onEnd(() => fixture.dispose());
		const driver = createAcpDriver(realDriverPorts());
		onEnd(() => driver.dispose?.());
		const ours: number[] = [];
		const bare: number[] = [];
		const jobs = [
			async (round: number) => {
				const stamp = `ours-${round}`;
				const begin = Date.now();
				const job = startJob(driver, fixture.job(scripted(stampScript(stamp))));
				ours.push((await stampTime(join(fixture.worktree, stamp))) - begin);
				await job.outcome;
			},
			async (round: number) => {
				const stamp = `bare-${round}`;
				const environment = { [scriptVariable]: JSON.stringify(stampScript(stamp)) };
				const begin = Date.now();
				const { child } = startBareAgent(scriptedAgent, fixture.worktree, environment);
				bare.push((await stampTime(join(fixture.worktree, stamp))) - begin);
				child.stdin?.end();
				await once(child, 'exit');
			},
		];
		const machine = watchMachine();
		for (let round = 0; round < warmUpRounds + rounds; round += 1) {
			await jobs[round % 2]?.(round);
			await jobs[(round + 1) % 2]?.(round);
		}
		ours.splice(0, warmUpRounds);
		bare.splice(0, warmUpRounds);
		const ratios = ours.map((time, round) => time / (bare[round] ?? Number.NaN));
		const tell = (name: string, times: readonly number[]) =>
			`${name} ${median(times).toFixed(0)} ms (${spread(times, 0)})`;
		return {
			'agent.ready': {
				value: median(ratios),
				notes: [
					`rounds ${spread(ratios)}; ${tell('through the driver', ours)}, ${tell('bare', bare)}, ${rounds} rounds`,
					await machine.describe(),
				],
			},
		};
	},
});

const stampScript = (path: string): Script => ({ turn: [{ do: 'write', path, content: '' }] });
