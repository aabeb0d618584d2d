// Measures how long a claim waits when twenty processes claim, and whether one of them starves.
//
// Method: twenty real processes with a connection each. All are warm before the word is given: each claims some tasks of its
// own, first alone, because a claim that another process serves warms nothing, then while the others do. Then each goes through the
// same 10,000 tasks in an order of its own, and is refused where another was first. A wait is the time from the call
// of `ledger.claim` to its acknowledgement. Two loads: `rush`, every process claims again as soon as it can, for two seconds, which
// is the worst there is; and `agents`, every process thinks 200 ms on average between two claims, a hundred claims a second
// together, some ten times what twenty agents do. Nothing may be claimed twice, else there is no figure. As a control, twenty
// processes rush to write as much to a plain SQLite file: it shows what the machine gives, and how SQLite alone lets some starve.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { defineBenchmark } from './benchmark.ts';
import type { ClaimReport, CrowdLoad } from './claimCrowd.ts';
import { ClaimCrowd, waitsOf } from './claimCrowd.ts';
import { warmUpClaims } from './crowdMember.ts';
import { assertClaimedOnce, seedLedger, taskCount } from './seededLedger.ts';
import { median, percentile } from './statistics.ts';

const processCount = 20;
const rushMilliseconds = 2_000;
const agentsMilliseconds = 8_000;
const agentsPause = 200;
const rounds = 3;
/** Rows of the control's table: four to a page. */
const plainRows = 40_000;

export const claimContention = defineBenchmark({
	figures: {
		'claims.p99At20Processes': {
			title: 'wait for a claim while 20 processes claim as fast as they can, p99',
			unit: 'ms',
			limit: { atMost: 10 },
		},
		'claims.p99At20Agents': {
			title: 'wait for a claim while 20 processes claim five times a second each, p99',
			unit: 'ms',
			limit: { atMost: 10 },
		},
	},
	async measure({ folder }) {
		const plain = await writePlainTogether(join(folder, 'plain'));
		const rush: ClaimReport[][] = [];
		for (let round = 0; round < rounds; round += 1) {
			rush.push(await claimTogether(join(folder, `rush-${round}`), rushMilliseconds, 0));
		}
		const agents = await claimTogether(join(folder, 'agents'), agentsMilliseconds, agentsPause);
		const figures = rush.map((reports) => percentile(waitsOf(reports), 0.99));
		return {
			'claims.p99At20Processes': {
				value: median(figures),
				notes: [
					...rush.map((reports) => `rush: ${describe(reports, rushMilliseconds)}`),
					`the first claim of a process, everything still cold: median ${median(rush.flat().map(({ first }) => first)).toFixed(0)} ms`,
					`plain SQLite: ${describe(plain, rushMilliseconds)}`,
				],
			},
			'claims.p99At20Agents': {
				value: percentile(waitsOf(agents), 0.99),
				notes: [`agents: ${describe(agents, agentsMilliseconds)}`],
			},
		};
	},
});

function describe(reports: readonly ClaimReport[], milliseconds: number): string {
	const waits = waitsOf(reports);
	const perProcess = reports.map((report) => report.waits.length);
	const busy = reports.reduce((sum, report) => sum + report.busy, 0);
	return [
		`${((waits.length * 1000) / milliseconds).toFixed(0)}/s`,
		`p50 ${percentile(waits, 0.5).toFixed(1)}`,
		`p99 ${percentile(waits, 0.99).toFixed(1)}`,
		`max ${Math.max(...waits).toFixed(0)} ms`,
		`slowest process ${Math.min(...perProcess)}, median ${median(perProcess)}, fastest ${Math.max(...perProcess)}`,
		`${busy} given up`,
	].join(', ');
}

async function claimTogether(folder: string, milliseconds: number, pause: number): Promise<ClaimReport[]> {
	await mkdir(folder);
	const path = await seedLedger(folder, taskCount + processCount * warmUpClaims);
	const reports = await runTogether('claimWorker.program.ts', { path, tasks: taskCount, milliseconds, pause });
	await assertClaimedOnce(path, reports);
	return reports;
}

async function writePlainTogether(folder: string): Promise<ClaimReport[]> {
	await mkdir(folder);
	const path = join(folder, 'plain.db');
	const database = new DatabaseSync(path);
	database.exec('pragma journal_mode = wal; create table plain (id integer primary key, value blob); begin');
	const insert = database.prepare('insert into plain values (?, randomblob(1000))');
	for (let id = 1; id <= plainRows; id += 1) {
		insert.run(id);
	}
	database.exec('commit');
	database.close();
	return runTogether('plainWriter.program.ts', { path, tasks: plainRows, milliseconds: rushMilliseconds, pause: 0 });
}

/** With processes of their own for each load, so that the first claim of each is a cold one. */
async function runTogether(program: string, load: CrowdLoad): Promise<ClaimReport[]> {
	const crowd = new ClaimCrowd(program, processCount);
	try {
		return await crowd.claim(load);
	} finally {
		await crowd.end();
	}
}
