// Measures what a durable claim costs beyond what the disk charges for durability.
//
// Method: one process, 10,000 ready tasks. A round claims some hundred of them one after the other, each in a transaction of its
// own (`ledger.claim`, acknowledged after its commit), and then syncs as often as it claimed: writes a block as big
// as one claim's share of the log and calls fdatasync. The ratio of the two rates is taken per round, so that a machine busy with
// something else slows both; reported is the median of the rounds.
// Beside it the same with eight claims under way at once, which share a transaction and its sync.
//
// The block goes to a file as big as SQLite's log, written over from its start when it is full, exactly as the log is. Appending
// to a file that grows is slower on most file systems (its size must be made durable too), and would flatter us: that rate is
// told beside it.

import { join } from 'node:path';
import type { Ledger } from '../../src/core/ledger.ts';
import { defineBenchmark } from './benchmark.ts';
import { benchActor, logBytes, openBenchLedger, seedLedger } from './seededLedger.ts';
import { median, percentile, shuffled, spread } from './statistics.ts';
import { openDisk, rateOf } from './syncedDisk.ts';
import { taskId } from './taskId.ts';

const rounds = 11;
const claimsPerRound = 400;
/** Claims before the first round: prepared statements and compiled code. */
const warmUpClaims = 400;
/** So few that the log has not been written over yet: its growth tells how much one claim writes. */
const sizingClaims = 100;
/** Claims under way at once: a host that has so many free agents. */
const inFlight = 8;

export const claimRate = defineBenchmark({
	figures: {
		'claims.ratio': {
			title: 'durable claims a second ÷ fdatasyncs a second, 10,000 tasks',
			unit: 'ratio',
			limit: { atLeast: 0.6 },
		},
		'claims.ratioTogether': {
			title: 'the same with eight claims under way at once, as a host with free agents has',
			unit: 'ratio',
			limit: { atLeast: 0.6 },
		},
	},
	async measure({ folder, onEnd }) {
		const path = await seedLedger(folder);
		const ledger = await openBenchLedger(path);
		onEnd(() => ledger.dispose());
		const ids = [...shuffled(10_000, 1)].map(taskId);
		const claimTimes: number[] = [];
		const claim = async (count: number) => {
			for (const id of ids.splice(0, count)) {
				const begin = performance.now();
				await claimOne(ledger, id);
				claimTimes.push(performance.now() - begin);
			}
		};
		const claimSome = async (count: number) => {
			for (let left = count; left > 0; left -= inFlight) {
				await Promise.all(ids.splice(0, Math.min(inFlight, left)).map((id) => claimOne(ledger, id)));
			}
		};
		await claim(sizingClaims);
		const block = Buffer.alloc(Math.round(logBytes(path) / sizingClaims), 1);
		await claim(warmUpClaims);
		const disk = openDisk(join(folder, 'sync'), block);
		onEnd(() => disk.close());
		disk.fill();
		claimTimes.length = 0;

		const claimRates: number[] = [];
		const syncRates: number[] = [];
		const appendRates: number[] = [];
		const togetherRates: number[] = [];
		for (let round = 0; round < rounds; round += 1) {
			claimRates.push(await rateOf(claimsPerRound, () => claim(claimsPerRound)));
			syncRates.push(await rateOf(claimsPerRound, () => disk.sync(claimsPerRound)));
			togetherRates.push(await rateOf(claimsPerRound, () => claimSome(claimsPerRound)));
			const growing = openDisk(join(folder, `append-${round}`), block, Number.POSITIVE_INFINITY);
			appendRates.push(await rateOf(claimsPerRound / 4, () => growing.sync(claimsPerRound / 4)));
			growing.close();
		}
		const ratios = claimRates.map((rate, round) => rate / (syncRates[round] ?? Number.NaN));
		const togetherRatios = togetherRates.map((rate, round) => rate / (syncRates[round] ?? Number.NaN));
		const appendRatios = claimRates.map((rate, round) => rate / (appendRates[round] ?? Number.NaN));
		return {
			'claims.ratio': {
				value: median(ratios),
				notes: [
					`rounds ${spread(ratios)}; ${median(claimRates).toFixed(0)} claims/s ÷ ${median(syncRates).toFixed(0)} fdatasyncs/s of ${block.length} bytes`,
					`a claim: p50 ${median(claimTimes).toFixed(2)} ms, p99 ${percentile(claimTimes, 0.99).toFixed(2)} ms, max ${Math.max(...claimTimes).toFixed(1)} ms`,
					`against appending to a growing file (${median(appendRates).toFixed(0)}/s): ${median(appendRatios).toFixed(2)}`,
				],
			},
			'claims.ratioTogether': {
				value: median(togetherRatios),
				notes: [`rounds ${spread(togetherRatios)}; ${median(togetherRates).toFixed(0)} claims/s`],
			},
		};
	},
});

export async function claimOne(ledger: Ledger, id: string, worker = 'Agent-1'): Promise<void> {
	await ledger.claim(benchActor, { taskId: id, worker, driver: 'command', hostId: 'host-bench', now: Date.now() });
}
