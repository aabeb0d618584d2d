// A careless program of before: it reads a board, thinks for a while, and writes the whole list back piece by piece, as the older
// task managers did. It may spoil what it writes; it must not spoil what the ledger has acknowledged.

import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '../support/random.ts';
import { BoardLock } from './boardLock.ts';
import { boards, readRecords, spillRecords } from './boardText.ts';
import { Journal } from './journal.ts';
import { endOfLife, readLifeOptions, tellCount } from './lifeOptions.ts';

const { folder, journals, name, seed } = readLifeOptions();
const signal = endOfLife();
const journal = new Journal(journals, name);
const random = new Random(seed);
const lock = new BoardLock(journals);

async function rewrite(count: number): Promise<void> {
	const board = random.pick(boards);
	const records = readRecords(folder, board);
	if (records === undefined || records.length === 0) {
		return;
	}
	const chosen = random.pick(records);
	await delay(random.next() < 0.3 ? random.below(3000) : 0);
	const next = records.map((record) => (record === chosen ? { ...record, seen_by_script: count } : record));
	await spillRecords(folder, board, next, 1 + random.below(4), random.below(60));
	journal.write({ kind: 'note', what: 'rewrite' });
}

for (let count = 1; !signal.aborted; count += 1) {
	try {
		await lock.during(name, signal, () => rewrite(count));
	} catch {
		// A full disk, a file that may not be written: it tries again, as such programs do.
	}
	tellCount(count);
	await delay(random.below(800));
}
journal.close();
process.disconnect();
