// Owns whether the program that took a landing still lives. A window and a terminal are known by their lease, a host by its id.

import type { Command, LedgerReader } from '../ledger.ts';
import { isLeaseAlive, leaseNames } from '../swarmFacts.ts';

/** Takers of before, that held no lease, are given up after this long. */
const patienceMilliseconds = 60_000;

/** Whether a landing that was taken is still in somebody's hands; `now` in wall milliseconds. */
export async function isTakerAlive(reader: LedgerReader, command: Command, now: number): Promise<boolean> {
	const { taken_by: taker, created_at } = command;
	if ([leaseNames.editorPrefix, leaseNames.terminalPrefix].some((prefix) => taker?.startsWith(prefix) === true)) {
		return isLeaseAlive(await reader.lease(taker ?? ''), now);
	}
	if (taker?.startsWith(`${leaseNames.host}-`) === true) {
		const host = await reader.lease(leaseNames.host);
		return host?.holder === taker && host.expires_at > now;
	}
	return now - Date.parse(created_at) < patienceMilliseconds;
}
