// Measures what agents cost us that are there and wait, and what the host has to do while twenty of them speak at once.
//
// Method: the packed host on a small workspace, its agents the scripted one of the tests, each with a run and a process of its own.
// First they wait in their turn: what the host has resident after a garbage collection is taken with 1, 10 and 20 of them, and the
// slope is what one costs. Then all twenty stream, a hundred updates a second each, for some seconds a round; in turns with them,
// twenty of the same stream to a program that only parses what they say and writes it down. Processor time, and how late the event
// loop is, are told by both processes themselves. What was said is counted in the logs of the runs: each update has a number.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createTask } from '../../src/core/task/createTask.ts';
import { runtimePaths } from '../../src/core/paths.ts';
import { scriptedAgent } from '../support/driverJobs.ts';
import type { Script } from '../support/scriptedAcpScript.ts';
import { scriptVariable, streamMark } from '../support/scriptedAcpScript.ts';
import type { BareOrder } from './bareStreams.program.ts';
import { defineBenchmark } from './benchmark.ts';
import { watchMachine } from './machineLag.ts';
import { putAgents, whenThere } from './measuredHost.ts';
import type { OwnFigures } from './ownProcess.ts';
import { benchActor } from './seededLedger.ts';
import { ledgerOf, openBenchWorkspace, seedWorkspace } from './seededWorkspace.ts';
import { median, spread } from './statistics.ts';
import { watchedHost } from './watchedHost.ts';

const agentCounts = [1, 10, 20] as const;
const agentCount = 20;
const warmUpRounds = 1;
const rounds = 4;
const perSecond = 100;
const updates = 500;
const settleMilliseconds = 8000;
const patience = 180_000;
const present = 'I am here';

type Side = 'host' | 'bare';

export const agentStreams = defineBenchmark({
	figures: {
		'agents.memory': {
			title: 'what one more agent that waits costs the host, slope over 1, 10 and 20',
			unit: 'MB',
			limit: { atMost: 2 },
		},
		'agents.streamCpu': {
			title: "20 agents stream 2,000 updates a second: the host's processor time ÷ a bare reader's",
			unit: 'ratio',
			limit: { atMost: 4 },
		},
		'agents.streamDelay': {
			title: 'how late its event loop is then, 99th percentile, more than that of the bare reader',
			unit: 'ms',
			limit: { atMost: 50 },
		},
		'agents.streamLost': { title: 'updates lost of them', unit: 'updates', limit: { atMost: 0 } },
	},
	async measure({ folder, product, onEnd, say }) {
		const { bundles } = await product();
		const place = join(folder, 'workspace');
		const signals = join(folder, 'signals');
		const bareFolder = join(folder, 'bare');
		await mkdir(signals);
		await mkdir(bareFolder);
		await seedWorkspace(place, {
			tasks: 100,
			prepare: (transaction) => putAgents(transaction, agentCount, acpAgent(signals)),
		});
		await mkdir(join(place, '.vscode'));
		await writeFile(join(place, '.vscode', 'settings.json'), '{ "dreamos.swarm.maxConcurrentRuns": 64 }\n');

		const host = watchedHost(join(bundles, 'host.cjs'), folder);
		onEnd(() => host.dispose());
		const workspace = await openBenchWorkspace(place, 'nothing', host.script);
		onEnd(() => workspace.close());
		// Made once in the life of a workspace; not while memory is looked at.
		await ledgerOf(workspace).refreshSearch();
		await workspace.dream.perform('swarm.start', {}, benchActor);
		onEnd(async () => void (await workspace.dream.perform('swarm.stop', {}, benchActor)));
		const logs = join(place, runtimePaths.runLogs);
		const signal = (side: Side, round: number | 'end') => writeFile(join(signals, `${side}-${round}`), '');
		onEnd(() => signal('host', 'end'));

		const held: OwnFigures[] = [];
		let there = 0;
		for (const count of agentCounts) {
			say(`… ${count} of ${agentCount} agents`);
			await ledgerOf(workspace).write(benchActor, async (transaction) => {
				for (; there < count; there += 1) {
					const name = `Stream ${there}`;
					await createTask(transaction, {
						task_id: `stream-${there}`,
						name,
						priority: 'CRITICAL',
						max_attempts: 1,
					});
				}
			});
			await whenThere(`${count} agents to be there`, patience, async () =>
				(await textsOf(logs)).filter((text) => text.includes(present)).length === count ? true : undefined,
			);
			await delay(settleMilliseconds);
			held.push(await host.end());
		}

		const bare = await startBare({
			command: scriptedAgent,
			environment: { [scriptVariable]: JSON.stringify(script('bare', signals)) },
			folder: bareFolder,
			count: agentCount,
		});
		onEnd(() => bare.dispose());
		const machine = watchMachine();
		const figures: Record<Side, OwnFigures[]> = { host: [], bare: [] };
		const watched = { host, bare };
		const places = { host: logs, bare: bareFolder };
		let lost = 0;
		for (let round = 0; round < warmUpRounds + rounds; round += 1) {
			for (const side of round % 2 === 0 ? (['host', 'bare'] as const) : (['bare', 'host'] as const)) {
				await watched[side].begin();
				await signal(side, round);
				const missing = await missingUpdates(places[side], `${side}${round}`);
				figures[side].push(await watched[side].end());
				lost += side === 'host' ? missing : 0;
			}
		}
		figures.host.splice(0, warmUpRounds);
		figures.bare.splice(0, warmUpRounds);
		return describe(held, figures, lost, await machine.describe());
	},
});

function describe(
	held: readonly OwnFigures[],
	{ host, bare }: Record<Side, OwnFigures[]>,
	lost: number,
	machine: string,
) {
	const of = (side: readonly OwnFigures[], name: keyof OwnFigures) => side.map((each) => each[name]);
	const tell = (side: readonly OwnFigures[], name: keyof OwnFigures) =>
		`${median(of(side, name)).toFixed(0)} ms (${spread(of(side, name), 0)})`;
	const ratios = host.map(({ processor }, round) => processor / (bare[round]?.processor ?? Number.NaN));
	const later = host.map(({ late }, round) => late - (bare[round]?.late ?? Number.NaN));
	const said = agentCount * updates;
	return {
		'agents.memory': {
			value: slope(of(held, 'resident')),
			notes: [
				`with ${agentCounts.join(', ')}: live ${of(held, 'live')
					.map((each) => each.toFixed(1))
					.join(', ')} MB, resident ${of(held, 'resident')
					.map((each) => each.toFixed(0))
					.join(', ')} MB`,
			],
		},
		'agents.streamCpu': {
			value: median(ratios),
			notes: [
				`rounds ${spread(ratios)}; for ${said} updates the host ${tell(host, 'processor')}, the bare reader ${tell(bare, 'processor')}`,
				`of one core, at the pace of the stream: ${((median(of(host, 'processor')) / 10) * (perSecond / updates)).toFixed(0)} % and ${((median(of(bare, 'processor')) / 10) * (perSecond / updates)).toFixed(0)} %`,
			],
		},
		'agents.streamDelay': {
			value: median(later),
			notes: [
				`99th percentile: host ${tell(host, 'late')}, bare ${tell(bare, 'late')}; longest: host ${tell(host, 'latest')}, bare ${tell(bare, 'latest')}`,
				machine,
			],
		},
		'agents.streamLost': {
			value: lost,
			notes: [`of ${said * (rounds + warmUpRounds)} in the logs of ${agentCount} runs`],
		},
	};
}

/** Least squares over the numbers of agents: megabytes for each. */
function slope(values: readonly number[]): number {
	const middle = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
	const [x, y] = [middle(agentCounts), middle(values)];
	const pairs = agentCounts.map((count, index) => [count - x, (values[index] ?? Number.NaN) - y] as const);
	return pairs.reduce((sum, [dx, dy]) => sum + dx * dy, 0) / pairs.reduce((sum, [dx]) => sum + dx * dx, 0);
}

const acpAgent = (signals: string) => ({
	driver: 'acp' as const,
	command: [...scriptedAgent],
	env: { [scriptVariable]: JSON.stringify(script('host', signals)) },
	// It waits for files beside the workspace, and is ours.
	containment: 'off' as const,
});

/** Says that it is there, then streams once for each signal. */
function script(side: Side, signals: string): Script {
	const streams = Array.from({ length: warmUpRounds + rounds }, (_, round) => [
		{ do: 'waitForFile', path: join(signals, `${side}-${round}`) } as const,
		{ do: 'stream', name: `${side}${round}`, updates, perSecond } as const,
	]);
	return {
		turn: [
			{ do: 'say', text: `${present}\n` },
			...streams.flat(),
			{ do: 'waitForFile', path: join(signals, `${side}-end`) },
		],
	};
}

const textsOf = async (folder: string): Promise<string[]> =>
	Promise.all((await readdir(folder).catch(() => [])).map((name) => readFile(join(folder, name), 'utf8')));

/** Waits until the last update of every agent is written down; resolves to how many of those before it are not. */
async function missingUpdates(folder: string, name: string): Promise<number> {
	// Not looked at before: whoever looks takes processor time from those who are measured.
	await delay((updates * 1000) / perSecond);
	const last = streamMark(name, updates - 1);
	const texts = await whenThere(`the last updates of ${name}`, patience, async () => {
		await delay(500);
		const all = await textsOf(folder);
		return all.filter((text) => text.includes(last)).length === agentCount ? all : undefined;
	});
	return texts.reduce((sum, text) => {
		const seen = Array.from({ length: updates }, (_, index) => text.includes(streamMark(name, index)));
		return sum + seen.filter((isThere) => !isThere).length;
	}, 0);
}

async function startBare(order: BareOrder) {
	const child = fork(join(import.meta.dirname, 'bareStreams.program.ts'), { execArgv: [] });
	const ready = once(child, 'message');
	child.send(order);
	await ready;
	return {
		begin: async () => void child.send('begin'),
		async end() {
			const told = once(child, 'message');
			child.send('end');
			const [figures] = (await told) as [OwnFigures];
			return figures;
		},
		/** Its agents end with their input. */
		dispose: () => void child.kill(),
	};
}
