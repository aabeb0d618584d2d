// Owns the host's way to write: every transaction checks first that this host still leads. A host that slept, or was passed over,
// cannot change anything, whatever it believes about time.

import { sleep } from '../../base/async.ts';
import { DreamError, describeError, isDreamError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { Actor } from '../actor.ts';
import type { Ledger, LedgerReader, LedgerTransaction } from '../ledger.ts';
import { leaseNames } from '../swarmFacts.ts';

export interface HostLedger {
	readonly hostId: string;
	readonly onDidChange: Ledger['onDidChange'];
	read<T>(work: (reader: LedgerReader) => Promise<T>): Promise<T>;
	/** Rejects with `host.fenced` when this host does not lead any more. */
	write<T>(work: (transaction: LedgerTransaction) => Promise<T>): Promise<T>;
	/** As `write`, but waits for a ledger that is busy or a disk that is full, because the change must not be lost. */
	persist<T>(work: (transaction: LedgerTransaction) => Promise<T>): Promise<T>;
}

export interface HostLedgerParts {
	readonly ledger: Ledger;
	readonly actor: Actor;
	/** Holder and epoch of the lease this host writes under. */
	readonly hostId: string;
	readonly epoch: number;
	readonly log: Logger;
	/** Aborted when the host gives up; a change that still waits is then dropped. */
	readonly signal: AbortSignal;
}

const retryMilliseconds = 500;

export function createHostLedger({ ledger, actor, hostId, epoch, log, signal }: HostLedgerParts): HostLedger {
	const write = <T>(work: (transaction: LedgerTransaction) => Promise<T>): Promise<T> =>
		ledger.write(actor, async (transaction) => {
			const lease = await transaction.lease(leaseNames.host);
			if (lease?.holder !== hostId || lease.epoch !== epoch) {
				throw new DreamError('host.fenced', `Host ${hostId} does not lead any more; nothing was written.`, {
					details: { host: hostId, epoch, leader: lease?.holder ?? null },
				});
			}
			return work(transaction);
		});
	return {
		hostId,
		onDidChange: ledger.onDidChange,
		read: (work) => ledger.read(work),
		write,
		async persist(work) {
			for (;;) {
				try {
					return await write(work);
				} catch (error) {
					if (signal.aborted || !(isDreamError(error, 'ledger.busy') || isDreamError(error, 'ledger.full'))) {
						throw error;
					}
					log.warn(`A change waits for the ledger: ${describeError(error)}`);
					await sleep(retryMilliseconds, signal);
				}
			}
		},
	};
}
