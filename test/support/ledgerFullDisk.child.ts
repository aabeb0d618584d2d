// Fills a tiny disk through a ledger, makes room, goes on, and says as one line of JSON what it saw. Argument: the folder.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeError, isDreamError } from '../../src/base/errors.ts';
import { nullLogger } from '../../src/base/log.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import { ann } from './ledgerBuilders.ts';
import { withDatabase } from './ledgerFile.ts';

const folder = process.argv[2] ?? '';
const path = join(folder, 'dreamos.db');
const filling = join(folder, 'filling');
writeFileSync(filling, Buffer.alloc(200_000));
const ledger = await openLedger({ path, clock: systemClock, log: nullLogger });
const append = (): Promise<number> =>
	ledger.write(ann, (transaction) => transaction.append({ type: 'gate.finished', message: 'x'.repeat(5000) }));
let acknowledged = 0;
let refusal: unknown;
while (refusal === undefined) {
	try {
		await append();
		acknowledged += 1;
	} catch (error) {
		refusal = error;
	}
}
const found = (await ledger.read((reader) => reader.events())).length;
rmSync(filling);
const after = await append().then(
	() => 'written',
	(error: unknown) => String(error),
);
ledger.dispose();
const integrity = withDatabase(
	path,
	(database) => database.prepare('pragma integrity_check').get()?.['integrity_check'],
);
const code = isDreamError(refusal) ? refusal.code : describeError(refusal);
const named = isDreamError(refusal) && refusal.message.includes(path);
process.stdout.write(JSON.stringify({ code, named, acknowledged, found, after, integrity }));
