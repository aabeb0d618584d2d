// Measures how fast a tree of older boards comes in: reading every file, working out what is one task, and one durable ledger.
//
// Method: 5,000 records of ordinary size in 200 files of four layouts (lists, one task a file, maps, YAML), one id in ten on a second
// file too. The plan and its transactions are timed together, into an empty ledger, five times; reported is the median. A second import
// of the same tree into the last ledger, which must find nothing to do, is told beside it.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { importBoards } from '../../src/core/import/importBoards.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import { nodeFileSystem } from '../../src/node/nodeFileSystem.ts';
import { defineBenchmark } from './benchmark.ts';
import { benchActor, openBenchLedger, ordinaryTask } from './seededLedger.ts';
import { median, spread } from './statistics.ts';

const records = 5000;
const recordsPerList = 50;
const rounds = 5;

export const importRate = defineBenchmark({
	figures: {
		'import.rate': {
			title: `records imported a second, ${records} records in a tree of four layouts`,
			unit: 'records/s',
			limit: { atLeast: 1000 },
		},
	},
	async measure({ folder, onEnd }) {
		const tree = join(folder, 'old');
		const written = writeTree(tree);
		const rates: number[] = [];
		let again = Number.NaN;
		for (let round = 0; round < rounds; round += 1) {
			const place = join(folder, `round-${round}`);
			mkdirSync(place);
			const ledger = await openBenchLedger(join(place, 'dreamos.db'));
			onEnd(() => ledger.dispose());
			rates.push(written / (await secondsOf(() => importTree(ledger, place, tree, true))));
			again = written / (await secondsOf(() => importTree(ledger, place, tree, false)));
		}
		return {
			'import.rate': {
				value: median(rates),
				notes: [
					`rounds ${spread(rates)}; a second import that finds nothing new: ${again.toFixed(0)} records/s`,
				],
			},
		};
	},
});

async function importTree(ledger: Ledger, folder: string, path: string, isFirst: boolean): Promise<void> {
	const { imported } = await importBoards(
		{ files: nodeFileSystem, folder, ledger },
		{ path, isDryRun: false },
		benchActor,
	);
	if (imported > 0 !== isFirst) {
		throw new Error(`${imported} tasks were imported, which is not what this benchmark is about.`);
	}
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
	const begin = performance.now();
	await work();
	return (performance.now() - begin) / 1000;
}

/** Writes the tree and returns how many records it holds. */
function writeTree(tree: string): number {
	const put = (file: string, text: string) => {
		mkdirSync(dirname(join(tree, file)), { recursive: true });
		writeFileSync(join(tree, file), text);
	};
	const record = (index: number) => ({
		...ordinaryTask(index),
		status: ['todo', 'Done', 'WORKING', 'PENDING'][index % 4],
	});
	let written = 0;
	let next = 0;
	for (let file = 0; written < records; file += 1) {
		const count = file % 4 === 1 ? 1 : Math.min(recordsPerList, records - written);
		// The first tenth of each file are records that another file has too.
		next = Math.max(0, next - Math.floor(count / 10));
		const list = Array.from({ length: count }, () => record(next++));
		written += count;
		if (file % 4 === 0) {
			put(`runtime/boards/list-${file}.json`, JSON.stringify(list, null, 2));
		} else if (file % 4 === 1) {
			put(`runtime/backlog/one-${file}.json`, JSON.stringify(list[0], null, 2));
		} else if (file % 4 === 2) {
			const map = Object.fromEntries(list.map(({ task_id, ...others }) => [task_id, others]));
			put(`runtime/tasks/map-${file}.json`, JSON.stringify({ tasks: map }, null, 2));
		} else {
			// JSON is YAML too, but not what a person writes.
			const lines = list.map(
				({ task_id, name, status, description }) =>
					`  ${task_id}:\n    name: ${JSON.stringify(name)}\n    status: ${status ?? ''}\n    desc: ${JSON.stringify(description)}\n`,
			);
			put(`episodes/episode-${file}.yaml`, `task_board:\n${lines.join('')}`);
		}
	}
	return written;
}
