// Owns the other process of a measurement: moves one task when told to, and says when the move was durable.
//   forked with WORKSPACE; is sent { id, move }, sends { id, at } with the system's monotonic time in milliseconds

import { join } from 'node:path';
import { runtimePaths } from '../../src/core/paths.ts';
import { moveTask } from '../../src/core/task/moveTask.ts';
import type { WriteOrder } from './otherProcess.ts';
import { monotonicNow } from './otherProcess.ts';
import { benchActor, openBenchLedger } from './seededLedger.ts';

const [folder = ''] = process.argv.slice(2);
const ledger = await openBenchLedger(join(folder, runtimePaths.ledger));

process.on('message', ({ id, move }: WriteOrder) => {
	void ledger
		.write(benchActor, (transaction) => moveTask(transaction, { taskId: id, move }))
		.then(() => process.send?.({ id, at: monotonicNow() }));
});
process.once('disconnect', () => ledger.dispose());
process.send?.('ready');
