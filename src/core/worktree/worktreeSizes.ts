// Owns how the host tells others what worktrees take of the disk: one fact in the ledger, by name of the worktree.

import * as z from 'zod';
import type { LedgerReader } from '../ledger.ts';
import type { HostLedger } from '../loop/hostLedger.ts';
import { factKeys } from '../swarmFacts.ts';
import { nameOfFolder } from './worktreeNames.ts';

const sizesSchema = z.record(z.string(), z.number());

/** Publishes bytes by folder; a new fact also wakes whoever shows worktrees. */
export async function publishSizes(
	ledger: Pick<HostLedger, 'write'>,
	sizes: ReadonlyMap<string, number>,
): Promise<void> {
	await ledger.write((transaction) =>
		transaction.setFact(
			factKeys.worktrees,
			Object.fromEntries([...sizes].map(([folder, bytes]) => [nameOfFolder(folder), bytes])),
		),
	);
}

/** Bytes by name, as last published; empty when nobody has. */
export async function readSizes(reader: LedgerReader): Promise<Readonly<Record<string, number>>> {
	const parsed = sizesSchema.safeParse(await reader.fact(factKeys.worktrees));
	return parsed.success ? parsed.data : {};
}
