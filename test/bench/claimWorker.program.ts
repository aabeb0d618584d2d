// Owns one of many processes that claim from the same ledger: waits for the word, claims until the time is up, reports.
//   forked with LEDGER WORKER MILLISECONDS PAUSE; sends 'ready', is sent 'go', sends a ClaimReport

import { setTimeout as delay } from 'node:timers/promises';
import { isDreamError } from '../../src/base/errors.ts';
import { claimOne } from './claimRate.ts';
import type { ClaimReport } from './claimContention.ts';
import { warmUpClaims } from './claimContention.ts';
import { openBenchLedger, taskCount, taskId } from './seededLedger.ts';
import { shuffled } from './statistics.ts';

const [path = '', worker = '', milliseconds = '', pause = ''] = process.argv.slice(2);

const ledger = await openBenchLedger(path);
const firstOfWarmUp = taskCount + (Number(worker) - 1) * warmUpClaims;
const begun = performance.now();
await claimOne(ledger, taskId(firstOfWarmUp), `Agent-${worker}`);
const first = performance.now() - begun;
for (let index = 1; index < warmUpClaims; index += 1) {
	await claimOne(ledger, taskId(firstOfWarmUp + index), `Agent-${worker}`);
}
process.send?.('ready');
await new Promise((resolve) => process.once('message', resolve));

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
