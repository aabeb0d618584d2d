// Planted in a test, never part of a run: a writer that says "acknowledged" before its transaction is committed, and is killed then.

import { nullLogger } from '../../src/base/log.ts';
import { advanceTask } from '../../src/core/task/advanceTask.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import { ledgerFile } from './chaosPlace.ts';
import { Journal } from './journal.ts';
import { readLifeOptions } from './lifeOptions.ts';

const { folder, journals, name } = readLifeOptions();
const journal = new Journal(journals, name);
const ledger = await openLedger({ path: ledgerFile(folder), clock: systemClock, log: nullLogger });
const token = `${name}#1`;
await ledger.write({ kind: 'human', id: name }, async (transaction) => {
	const [ready] = await transaction.tasks({ status: ['READY'] });
	const task = ready?.task.task_id ?? '';
	journal.write({ kind: 'intent', token, action: 'task.block', task });
	await advanceTask(transaction, { taskId: task, move: 'block', reason: token });
	journal.write({ kind: 'acknowledged', token });
	process.kill(process.pid, 'SIGKILL');
	await new Promise(() => undefined);
});
