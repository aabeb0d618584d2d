// Runs the ledger contract against the ledger on a file.

import path from 'node:path';
import { nullLogger } from '../../../src/base/log.ts';
import type { Ledger } from '../../../src/core/ledger.ts';
import { openLedger } from '../../../src/ledger/openLedger.ts';
import { createChokidarWatcher } from '../../../src/node/chokidarWatcher.ts';
import { systemClock } from '../../../src/node/systemClock.ts';
import { ledgerContract } from '../../contract/ledgerContract.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

describe('SqliteLedger', () => {
	const folders = useTemporaryFolders();
	const opened: Ledger[] = [];
	const watcher = createChokidarWatcher({ onError: (message) => process.stderr.write(`${message}\n`) });
	afterEach(() => {
		for (const ledger of opened.splice(0)) {
			ledger.dispose();
		}
	});

	ledgerContract('file', () => {
		const file = path.join(folders.make(), 'dreamos.db');
		return {
			async open() {
				const ledger = await openLedger({ path: file, clock: systemClock, log: nullLogger, watcher });
				opened.push(ledger);
				return ledger;
			},
		};
	});
});
