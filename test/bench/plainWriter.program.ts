// Owns one of many processes that write to a plain SQLite file, as much with each commit as a claim: what the same machine gives to
// whoever does nothing else, without our tables, our order of waiting, our code (see crowdMember.ts).

import { DatabaseSync } from 'node:sqlite';
import { joinCrowd } from './crowdMember.ts';

/** Rows that lie far apart: as many pages as a claim changes. */
const rowsPerCommit = 10;

await joinCrowd(({ path, tasks }) => {
	const database = new DatabaseSync(path, { timeout: 20_000 });
	database.exec('pragma synchronous = full; pragma wal_autocheckpoint = 2000');
	const update = database.prepare('update plain set value = randomblob(1000) where id = ?');
	return Promise.resolve({
		warmUp: () => Promise.resolve(),
		claim() {
			database.exec('begin immediate');
			for (let row = 0; row < rowsPerCommit; row += 1) {
				update.run(1 + Math.floor(Math.random() * tasks));
			}
			database.exec('commit');
			return Promise.resolve('granted');
		},
		close: () => database.close(),
	});
});
