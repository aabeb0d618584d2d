// Owns that others see whether a terminal that does something for the swarm still lives: it holds a lease meanwhile.

import { describeError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { Actor } from '../core/actor.ts';
import type { Ledger } from '../core/ledger.ts';
import { leaseLifetimes, leaseNames } from '../core/swarmFacts.ts';
import { systemClock } from '../node/systemClock.ts';

export const terminalLease = (actor: Actor): string => `${leaseNames.terminalPrefix}${actor.id}`;

/** Holds a lease while the work goes on; the work is told its name. */
export async function whileAlive<T>(
	{ ledger, log }: { readonly ledger: Ledger; readonly log: Logger },
	actor: Actor,
	work: (name: string) => Promise<T>,
): Promise<T> {
	const name = terminalLease(actor);
	const hold = () =>
		ledger.write(actor, (transaction) =>
			transaction.acquireLease(name, actor.id, leaseLifetimes.terminal, systemClock.now()),
		);
	await hold();
	const renewal = setInterval(() => {
		hold().catch((error: unknown) => log.warn(`The lease ${name} was not renewed: ${describeError(error)}`));
	}, leaseLifetimes.terminal / 3);
	try {
		return await work(name);
	} finally {
		clearInterval(renewal);
		await ledger.write(actor, (transaction) => transaction.releaseLease(name, actor.id));
	}
}
