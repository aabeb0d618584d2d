// Owns one of many processes that write to a plain SQLite file, as much with each commit as a claim: what the same machine gives to
// whoever does nothing else, without our tables, our order of waiting, our code.
//   forked with FILE _ MILLISECONDS PAUSE; is sent two words, answers each with 'ready', is sent 'go', sends a ClaimReport

import { DatabaseSync } from 'node:sqlite';
import type { ClaimReport } from './claimContention.ts';
import { plainRows } from './claimContention.ts';

/** Rows that lie far apart: as many pages as a claim changes. */
const rowsPerCommit = 10;

const [path = '', , milliseconds = ''] = process.argv.slice(2);

const database = new DatabaseSync(path, { timeout: 20_000 });
database.exec('pragma synchronous = full; pragma wal_autocheckpoint = 2000');
const update = database.prepare('update plain set value = randomblob(1000) where id = ?');
for (let warmUp = 0; warmUp < 2; warmUp += 1) {
	await new Promise((resolve) => process.once('message', resolve));
	process.send?.('ready');
}
await new Promise((resolve) => process.once('message', resolve));

const report: ClaimReport = { waits: [], first: 0, refused: 0, busy: 0 };
const deadline = performance.now() + Number(milliseconds);
while (performance.now() < deadline) {
	const begin = performance.now();
	database.exec('begin immediate');
	for (let row = 0; row < rowsPerCommit; row += 1) {
		update.run(1 + Math.floor(Math.random() * plainRows));
	}
	database.exec('commit');
	report.waits.push(performance.now() - begin);
}
database.close();
process.send?.(report, () => process.disconnect());
