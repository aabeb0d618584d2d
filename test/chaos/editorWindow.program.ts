// A process as an editor window is one, without the editor: it follows everything, mirrors the boards, and works at a person's pace.

import { join } from 'node:path';
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
	startedFrom: 'editor',
	editorSettings: () => ({}),
	hostScript: '/nowhere/host.cjs',
	mirrorScript: join(import.meta.dirname, '../../src/workspace/mirrorProgram.ts'),
	follows: 'everything',
});
const journal = new Journal(journals, name);
const view = new LedgerView(folder);
const random = new Random(seed);
const work = new LedgerWork({
	name,
	random,
	journal,
	view,
	tasks,
	perform: (action, input) => workspace.dream.perform(action, input, { kind: 'human', id: name }),
});
while (!signal.aborted) {
	await work.step();
	tellCount(work.answered);
	await delay(random.below(60));
	if (work.refusal === 'ledger.readOnly' && workspace.state() === 'ours') {
		// A window would be opened anew as well, once the folder may be written again.
		break;
	}
}
view.close();
journal.close();
await workspace.close();
process.disconnect();
