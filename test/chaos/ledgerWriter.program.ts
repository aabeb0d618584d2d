// A process that writes to the ledger as fast as it can, through the door for actions. It follows nothing, as a command would.

import { setTimeout as delay } from 'node:timers/promises';
import { nullLogger } from '../../src/base/log.ts';
import { openWorkspace } from '../../src/workspace/openWorkspace.ts';
import { Random } from '../support/random.ts';
import { Journal } from './journal.ts';
import { LedgerView } from './ledgerView.ts';
import { LedgerWork } from './ledgerWork.ts';
import { endOfLife, readLifeOptions, tellCount } from './lifeOptions.ts';

const { folder, journals, name, seed, tasks } = readLifeOptions();
const signal = endOfLife();
const workspace = await openWorkspace({
	folder,
	log: nullLogger,
	startedFrom: 'terminal',
	hostScript: '/nowhere/host.cjs',
	follows: 'nothing',
});
const journal = new Journal(journals, name);
const view = new LedgerView(folder);
const work = new LedgerWork({
	name,
	random: new Random(seed),
	journal,
	view,
	tasks,
	perform: (action, input) => workspace.dream.perform(action, input, { kind: 'human', id: name }),
});
for (let count = 1; !signal.aborted; count += 1) {
	await work.step();
	if (count % 20 === 0) {
		tellCount(work.answered);
		// The transactions of one process leave no room for its own events otherwise.
		await delay(0);
	}
	if (work.refusal?.startsWith('ledger.') === true) {
		if (work.refusal === 'ledger.readOnly') {
			break;
		}
		await delay(50);
	}
}
tellCount(work.answered);
view.close();
journal.close();
await workspace.close();
process.disconnect();
