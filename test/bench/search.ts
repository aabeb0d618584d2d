// Measures how long a person waits for a search, and how fast an index is made where there is none.
//
// Method: a ledger with tasks of ordinary size and ten events each (100,000 tasks have a million events, as after months of a
// swarm's work). The first search makes the index; then rounds of queries as people type them: a rare word, a word that is in
// every task, a phrase, an id, two letters of a word, filters. Each is one `task.search` through its core function, with the first
// page of 50 and its snippets. Reported is the median over all; the slowest kind is told beside it. The longest time in which the
// event loop stood still is told too, because the editor searches on the thread its extensions share.

import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Ledger } from '../../src/core/ledger.ts';
import { parseSearch } from '../../src/core/search/searchQuery.ts';
import { searchLedger } from '../../src/core/search/searchTasks.ts';
import type { BenchContext, Measured } from './benchmark.ts';
import { defineBenchmark } from './benchmark.ts';
import { benchActor, openBenchLedger, seedLedger } from './seededLedger.ts';
import { median, percentile } from './statistics.ts';
import { taskId } from './taskId.ts';

const sizes = { small: 10_000, large: 100_000 } as const;
const eventsPerTask = 10;
const eventsPerTransaction = 5000;
const rounds = 15;

const queries: Readonly<Record<string, (count: number, round: number) => string>> = {
	'a rare word': (_count, round) => `"module ${round * 7 + 3}" report`,
	'a word of every task': () => 'parser',
	'a phrase': () => '"line and the column"',
	'an id': (count, round) => taskId((round * 131) % count),
	'part of an id': (_count, round) => String(1000 + round),
	'two letters': () => 'mo',
	history: (_count, round) => `attempt-${round}`,
	'word and filters': () => 'column priority:high tag:module-5 status:ready',
	filters: () => 'tag:module-3 -priority:low',
	'all but': () => 'parser -module-3',
	'nothing found': () => 'zebra',
};

export const search = defineBenchmark({
	figures: {
		'search.p50': {
			title: 'a search among 10,000 tasks with 100,000 events',
			unit: 'ms',
			limit: { atMost: 20 },
		},
		'search.p50.large': {
			title: 'a search among 100,000 tasks with 1,000,000 events',
			unit: 'ms',
			limit: { atMost: 100 },
		},
		'search.indexRate': {
			title: 'tasks a second into a new index, 100,000 with 1,000,000 events',
			unit: 'tasks/s',
			limit: { atLeast: 1000 },
		},
	},
	async measure(context) {
		const small = await measureSize(context, sizes.small);
		const large = await measureSize(context, sizes.large);
		return {
			'search.p50': small.latency,
			'search.p50.large': large.latency,
			'search.indexRate': large.indexing,
		};
	},
});

async function measureSize(
	{ folder, say, onEnd }: BenchContext,
	count: number,
): Promise<{ readonly latency: Measured; readonly indexing: Measured }> {
	const place = join(folder, String(count));
	await mkdir(place);
	say(`Makes ${count} tasks with ${count * eventsPerTask} events…`);
	const path = await seedLedger(place, count);
	const ledger = await openBenchLedger(path);
	onEnd(() => ledger.dispose());
	await addHistory(ledger, count);

	const stalls = monitorEventLoopDelay({ resolution: 1 });
	const begin = performance.now();
	stalls.enable();
	await ledger.refreshSearch();
	stalls.disable();
	const seconds = (performance.now() - begin) / 1000;
	const indexStall = stalls.max / 1e6;

	const times = new Map<string, number[]>(Object.keys(queries).map((kind) => [kind, []]));
	let slowestStall = 0;
	for (let round = 0; round < rounds; round += 1) {
		for (const [kind, query] of Object.entries(queries)) {
			stalls.reset();
			stalls.enable();
			const start = performance.now();
			await searchLedger(ledger, parseSearch(query(count, round), Date.now()), { limit: 50, offset: 0 });
			times.get(kind)?.push(performance.now() - start);
			await new Promise((resolve) => setTimeout(resolve, 2));
			stalls.disable();
			slowestStall = Math.max(slowestStall, stalls.max / 1e6);
		}
	}
	const all = [...times.values()].flat();
	const kinds = [...times].map(([kind, each]) => `${kind} ${median(each).toFixed(1)}`);
	return {
		latency: {
			value: median(all),
			notes: [
				`p95 ${percentile(all, 0.95).toFixed(1)} ms; medians in ms: ${kinds.join(', ')}`,
				`the event loop stood still for at most ${slowestStall.toFixed(0)} ms`,
			],
		},
		indexing: {
			value: count / seconds,
			notes: [
				`${count} tasks in ${seconds.toFixed(1)} s; ${(statSync(`${path}-search`).size / 1e6).toFixed(0)} MB beside a ledger of ${(statSync(path).size / 1e6).toFixed(0)} MB`,
				`the event loop stood still for at most ${indexStall.toFixed(0)} ms`,
			],
		},
	};
}

/** Nine more events a task, in the order in which a swarm would write them: one of each task, then the next of each. */
async function addHistory(ledger: Ledger, count: number): Promise<void> {
	const total = count * (eventsPerTask - 1);
	for (let start = 0; start < total; start += eventsPerTransaction) {
		await ledger.write(benchActor, async (transaction) => {
			for (let index = start; index < Math.min(start + eventsPerTransaction, total); index += 1) {
				await transaction.append({
					type: 'run.changed',
					task_id: taskId(index % count),
					message: `claimed → in_progress by Agent-${index % 8} (attempt-${Math.floor(index / count)})`,
				});
			}
		});
	}
}
