// Measures what a swarm costs that has nothing to do.
//
// Method: the packed host leads a workspace of 10,000 tasks, none of them ready, with twenty agents. Ten seconds after it is up
// the sample begins: processor time of the host and all its children over thirty seconds, as the system counts it, in per cent of
// one core, and memory at the end as PSS: what it has alone, and its share of what it shares. Linux only: elsewhere the system
// does not tell.

import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { leaseNames } from '../../src/core/swarmFacts.ts';
import { defineBenchmark } from './benchmark.ts';
import { putAgents } from './measuredHost.ts';
import { benchActor } from './seededLedger.ts';
import { ledgerOf, openBenchWorkspace, seedWorkspace } from './seededWorkspace.ts';

const settleMilliseconds = 10_000;
const sampleMilliseconds = 30_000;
const agentCount = 20;
/** Linux counts processor time in hundredths of a second whatever its timer does. */
const ticksPerSecond = 100;

export const hostIdle = defineBenchmark({
	figures: {
		'host.idleCpu': { title: 'an idle host, 20 agents, 10,000 tasks', unit: '%', limit: { atMost: 1 } },
		'host.idleMemory': { title: 'the same host', unit: 'MB', limit: { atMost: 150 } },
	},
	async measure({ folder, product, onEnd, say }) {
		if (process.platform !== 'linux') {
			throw new Error('Processor time and memory of a process are read from /proc, which only Linux has.');
		}
		const { bundles } = await product();
		const place = join(folder, 'workspace');
		await seedWorkspace(place, { prepare: (transaction) => putAgents(transaction, agentCount) });
		const workspace = await openBenchWorkspace(place, 'nothing', join(bundles, 'host.cjs'));
		onEnd(() => workspace.close());
		// The index of the search is made once in the life of a workspace; after that it only follows.
		await ledgerOf(workspace).refreshSearch();
		await workspace.dream.perform('swarm.start', {}, benchActor);
		onEnd(async () => void (await workspace.dream.perform('swarm.stop', {}, benchActor)));
		const lease = await ledgerOf(workspace).read((reader) => reader.lease(leaseNames.host));
		const pid = Number(lease?.data['pid']);
		await delay(settleMilliseconds);
		say(`… the host (pid ${pid}) is watched for ${sampleMilliseconds / 1000} s`);

		const family = await familyOf(pid);
		const before = await Promise.all(family.map(processorTicks));
		const begin = performance.now();
		await delay(sampleMilliseconds);
		const after = await Promise.all(family.map(processorTicks));
		const seconds = (performance.now() - begin) / 1000;
		const ticks = sum(after) - sum(before);
		const memory = await Promise.all(family.map(memoryOf));
		const total = { pss: sum(memory.map(({ pss }) => pss)), rss: sum(memory.map(({ rss }) => rss)) };
		return {
			'host.idleCpu': {
				value: ((ticks / ticksPerSecond) * 100) / seconds,
				notes: [
					`${((ticks / ticksPerSecond) * 1000).toFixed(0)} ms of processor time in ${seconds.toFixed(1)} s, ${family.length} process(es)`,
				],
			},
			'host.idleMemory': {
				value: total.pss,
				notes: [
					`PSS; RSS ${total.rss.toFixed(0)} MB, highest RSS so far ${sum(memory.map(({ peak }) => peak)).toFixed(0)} MB`,
				],
			},
		};
	},
});

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Fields of `/proc/<pid>/stat` behind the name, which may hold anything. */
async function statFields(pid: number): Promise<string[]> {
	const text = await readFile(`/proc/${pid}/stat`, 'latin1');
	return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

async function familyOf(root: number): Promise<number[]> {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name)).map(Number);
	const parents = await Promise.all(
		pids.map(async (pid) => [pid, Number((await statFields(pid).catch(() => []))[1] ?? 0)] as const),
	);
	const family = new Set([root]);
	for (let size = 0; size < family.size;) {
		size = family.size;
		parents.filter(([, parent]) => family.has(parent)).forEach(([pid]) => family.add(pid));
	}
	return [...family];
}

/** Time in user and system mode, that of ended children included. */
async function processorTicks(pid: number): Promise<number> {
	const fields = await statFields(pid);
	return sum(fields.slice(11, 15).map(Number));
}

async function memoryOf(pid: number): Promise<{ readonly pss: number; readonly rss: number; readonly peak: number }> {
	const [rollup, status] = await Promise.all([
		readFile(`/proc/${pid}/smaps_rollup`, 'utf8'),
		readFile(`/proc/${pid}/status`, 'utf8'),
	]);
	const megabytes = (text: string, name: string) =>
		Number(new RegExp(`^${name}:\\s+(\\d+)`, 'mu').exec(text)?.[1] ?? Number.NaN) / 1024;
	return { pss: megabytes(rollup, 'Pss'), rss: megabytes(rollup, 'Rss'), peak: megabytes(status, 'VmHWM') };
}
