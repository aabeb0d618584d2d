// Owns one of many processes that claim from the same ledger: waits for the word, claims until the time is up, reports.
//   forked with LEDGER WORKER MILLISECONDS PAUSE; is sent two words to warm up by itself and with the others, answers each with 'ready', is sent
//   'go', sends a ClaimReport

import { setTimeout as delay } from 'node:timers/promises';
import { isDreamError } from '../../src/base/errors.ts';
import { claimOne } from './claimRate.ts';
import type { ClaimReport } from './claimContention.ts';
import { warmUpClaims } from './claimContention.ts';
import { openBenchLedger, taskCount, taskId } from './seededLedger.ts';
import { shuffled } from './statistics.ts';

const [path = '', worker = '', milliseconds = '', pause = ''] = process.argv.slice(2);

const word = () => new Promise((resolve) => process.once('message', resolve));
const ledger = await openBenchLedger(path);
const ownTasks = Array.from({ length: warmUpClaims }, (_, index) =>
	taskId(taskCount + (Number(worker) - 1) * warmUpClaims + index),
);
let first = Number.NaN;
for (const part of [ownTasks.slice(0, warmUpClaims / 2), ownTasks.slice(warmUpClaims / 2)]) {
	await word();
	for (const id of part) {
		const begin = performance.now();
		await claimOne(ledger, id, `Agent-${worker}`);
		first = Number.isNaN(first) ? performance.now() - begin : first;
	}
	process.send?.('ready');
}
await word();
// Nobody's agents think in step.
await delay(Number(pause) * 2 * Math.random());

const report: ClaimReport = { waits: [], first, refused: 0, busy: 0 };
const deadline = performance.now() + Number(milliseconds);
for (const index of shuffled(taskCount, Number(worker))) {
	if (performance.now() >= deadline) {
		break;
	}
	const begin = performance.now();
	try {
		await claimOne(ledger, taskId(index), `Agent-${worker}`);
		report.waits.push(performance.now() - begin);
	} catch (error) {
		if (isDreamError(error, 'task.illegalMove')) {
			// Another worker was first, as the ledger promises.
			report.refused += 1;
		} else if (isDreamError(error, 'ledger.busy')) {
			report.busy += 1;
			report.waits.push(performance.now() - begin);
		} else {
			throw error;
		}
	}
	if (Number(pause) > 0) {
		await delay(Number(pause) * 2 * Math.random());
	}
}
ledger.dispose();
process.send?.(report, () => process.disconnect());
