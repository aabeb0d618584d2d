// Measures claims beside what people would use instead: one JSON file under a lock, with few and many processes, on small and large
// boards, and beside what the disk can do, all in one run.
//
// Method: twenty processes, or some of them, claim as in the rush of claimContention.ts, on a ledger of its own for each cell and on a
// locked JSON file (lockedJson.ts) with the same tasks. A hundred tasks are soon claimed: those cells are repeated, their waits are
// told together. A claim of the file that is not served when the time is up is given up then, and its wait counts as long as it
// lasted; a claim of the ledger is always waited for. Claims a second are those granted over the time up to the last of them. The
// ledgers hold 40 more tasks for each process to warm up on. Nothing may be claimed twice, else there is no figure.

import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { renderRecord } from '../../src/core/board/boardRecord.ts';
import { newTask } from '../../src/core/task/task.ts';
import { defineBenchmark } from './benchmark.ts';
import type { ClaimReport } from './claimCrowd.ts';
import { ClaimCrowd, grantedOf, waitsOf } from './claimCrowd.ts';
import { claimOne } from './claimRate.ts';
import { warmUpClaims } from './crowdMember.ts';
import { assertLockedOnce, writeTasks } from './lockedJson.ts';
import { assertClaimedOnce, logBytes, openBenchLedger, ordinaryTask, seedLedger } from './seededLedger.ts';
import { median, percentile, spread } from './statistics.ts';
import { openDisk, rateOf } from './syncedDisk.ts';
import { taskId } from './taskId.ts';

const boards = [100, 10_000, 100_000] as const;
const crowds = [1, 4, 20] as const;
const mostProcesses = 20;
const compared = { tasks: 10_000, processes: 20 };
/** The smallest is claimed from until nothing is left, which takes far less; one claim from the largest file may take seconds. */
const ledgerMilliseconds = { 100: 10_000, 10_000: 1500, 100_000: 1500 };
const fileMilliseconds = { 100: 10_000, 10_000: 1500, 100_000: 5000 };
const repeatsOfSmallest = 3;
/** So few that SQLite's log has not been written over yet: its growth tells how much one claim writes. */
const sizingClaims = 100;
const syncs = 500;

interface Rival {
	readonly crowd: ClaimCrowd;
	readonly seeded: string;
	readonly milliseconds: number;
	readonly assertOnce: (path: string, reports: readonly ClaimReport[]) => void | Promise<void>;
}

interface Cell {
	readonly claimsPerSecond: number;
	/** As the table shows it. */
	readonly columns: readonly string[];
}

export const claimMatrix = defineBenchmark({
	figures: {
		'claims.matrixRatio': {
			title: 'claims a second, 20 processes and 10,000 tasks: ledger ÷ one locked JSON file',
			unit: 'ratio',
			limit: { atLeast: 20 },
		},
	},
	async measure({ folder, say, onEnd }) {
		const claimers = new ClaimCrowd('claimWorker.program.ts', mostProcesses);
		onEnd(() => claimers.end());
		const lockers = new ClaimCrowd('lockedJson.program.ts', mostProcesses);
		onEnd(() => lockers.end());
		const rows: string[][] = [];
		const syncRates: number[] = [];
		let ratio = Number.NaN;
		for (const tasks of boards) {
			say(`… ${tasks} tasks`);
			const place = join(folder, String(tasks));
			await mkdir(place);
			const ledger: Rival = {
				crowd: claimers,
				seeded: await seedLedger(place, tasks + mostProcesses * warmUpClaims),
				milliseconds: ledgerMilliseconds[tasks],
				assertOnce: assertClaimedOnce,
			};
			const file: Rival = {
				crowd: lockers,
				seeded: join(place, 'tasks.json'),
				milliseconds: fileMilliseconds[tasks],
				assertOnce: assertLockedOnce,
			};
			writeTasks(file.seeded, boardRecords(tasks));
			syncRates.push(await syncRate(ledger.seeded, join(place, 'sync'), tasks));
			for (const processes of crowds) {
				const [ours, theirs] = [await claims(ledger, tasks, processes), await claims(file, tasks, processes)];
				const quotient = ours.claimsPerSecond / theirs.claimsPerSecond;
				if (tasks === compared.tasks && processes === compared.processes) {
					ratio = quotient;
				}
				const start = [tasks.toLocaleString('en'), String(processes)];
				rows.push([...start, ...ours.columns, '|', ...theirs.columns, '|', short(quotient)]);
			}
			await rm(place, { recursive: true });
		}
		return { 'claims.matrixRatio': { value: ratio, notes: [...toTable(rows), ...legend(syncRates)] } };
	},
});

/** The same ready tasks as `seedLedger` makes, each as a board shows it. */
const boardRecords = (count: number) =>
	Array.from({ length: count }, (_, index) =>
		renderRecord(newTask({ ...ordinaryTask(index), status: 'READY' }), undefined),
	);

async function claims(rival: Rival, tasks: number, processes: number): Promise<Cell> {
	const rounds: ClaimReport[][] = [];
	for (let round = 0; round < (tasks === boards[0] ? repeatsOfSmallest : 1); round += 1) {
		const place = await mkdtemp(`${rival.seeded}-`);
		const path = join(place, basename(rival.seeded));
		await copyFile(rival.seeded, path);
		const { crowd, milliseconds } = rival;
		const reports = await crowd.claim({ path, tasks, milliseconds, pause: 0 }, processes);
		await rival.assertOnce(path, reports);
		rounds.push(reports);
		await rm(place, { recursive: true });
	}
	return cellOf(rounds);
}

function cellOf(rounds: readonly (readonly ClaimReport[])[]): Cell {
	const waits = waitsOf(rounds.flat());
	const granted = rounds.flat().reduce((total, report) => total + grantedOf(report), 0);
	const taken = rounds.reduce((total, reports) => total + millisecondsOf(reports), 0);
	const perProcess = (rounds[0] ?? []).map((_, index) =>
		rounds.reduce((total, reports) => total + (reports[index] === undefined ? 0 : grantedOf(reports[index])), 0),
	);
	const claimsPerSecond = (granted * 1000) / taken;
	return {
		claimsPerSecond,
		columns: [
			short(claimsPerSecond),
			short(percentile(waits, 0.5)),
			short(percentile(waits, 0.99)),
			short(Math.max(...waits)),
			`${Math.min(...perProcess)}/${Math.max(...perProcess)}`,
			String(rounds.flat().reduce((total, { refused }) => total + refused, 0)),
		],
	};
}

/** From the first process's begin to the last claim that was granted. */
const millisecondsOf = (reports: readonly ClaimReport[]): number =>
	Math.max(...reports.map(({ last }) => last)) - Math.min(...reports.map(({ began }) => began));

const short = (value: number): string => value.toFixed(value < 10 ? 1 : 0);

/** What the disk can do: as many bytes as a claim writes, synced one after the other by one process. */
async function syncRate(seeded: string, path: string, tasks: number): Promise<number> {
	const copy = `${path}.db`;
	await copyFile(seeded, copy);
	const ledger = await openBenchLedger(copy);
	for (let index = 0; index < sizingClaims; index += 1) {
		await claimOne(ledger, taskId(tasks + index));
	}
	const block = Buffer.alloc(Math.round(logBytes(copy) / sizingClaims), 1);
	ledger.dispose();
	const disk = openDisk(path, block);
	try {
		disk.fill();
		return await rateOf(syncs, () => disk.sync(syncs));
	} finally {
		disk.close();
	}
}

const names = ['claims/s', 'p50 ms', 'p99 ms', 'max ms', 'slowest/fastest', 'refused'] as const;

function toTable(rows: readonly (readonly string[])[]): string[] {
	const titles = ['tasks', 'processes', ...names, '|', ...names, '|', 'ratio'];
	const all = [titles, ...rows];
	const widths = titles.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
	const line = (cells: readonly string[]) =>
		cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ');
	const left = line(titles.slice(0, 2)).length;
	const ours = line(titles).indexOf('|');
	return [`${' '.repeat(left + 2)}${'the ledger'.padEnd(ours - left - 2)}|  one locked JSON file`, ...all.map(line)];
}

function legend(syncRates: readonly number[]): string[] {
	return [
		`beside it the disk: ${median(syncRates).toFixed(0)} fdatasyncs/s by one process, each of as many bytes as a claim writes (${spread(syncRates, 0)} before each board)`,
		'slowest/fastest: claims granted to the process that got fewest and most; what waits for the file is given up when the time is up',
		'refused: the ledger says who asks for a taken task so, and is asked for the next one; who holds the file takes another in the same turn',
	];
}
