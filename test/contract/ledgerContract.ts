// Owns what every ledger must do, whatever keeps it: run against each implementation by its own test file.

import type { Ledger } from '../../src/core/ledger.ts';
import { claimContract } from './ledgerContractClaims.ts';
import { archiveContract } from './ledgerContractArchives.ts';
import { modelContract } from './ledgerContractModels.ts';
import { questionContract } from './ledgerContractQuestions.ts';
import { registryContract } from './ledgerContractRegistry.ts';
import { runContract } from './ledgerContractRuns.ts';
import { taskContract } from './ledgerContractTasks.ts';
import { transactionContract } from './ledgerContractTransactions.ts';

/** One store that several ledger objects open, as several programs do. */
export interface LedgerStore {
	open(): Promise<Ledger>;
}

/** Gives each test a store of its own; every ledger it opens is closed after the test. */
export type MakeLedgerStore = () => LedgerStore;

export function ledgerContract(name: string, makeStore: MakeLedgerStore): void {
	describe(`ledger contract: ${name}`, () => {
		transactionContract(makeStore);
		taskContract(makeStore);
		runContract(makeStore);
		registryContract(makeStore);
		questionContract(makeStore);
		modelContract(makeStore);
		claimContract(makeStore);
		archiveContract(makeStore);
	});
}
