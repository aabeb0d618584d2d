// Owns whether the program that took a landing still lives. A window and a terminal are known by their lease, a host by its id.

import type { Command, LedgerReader } from '../ledger.ts';
import { isProgramAlive } from '../swarmFacts.ts';

/** Takers of before, that held no lease, are given up after this long. */
const patienceMilliseconds = 60_000;

/** Whether a landing that was taken is still in somebody's hands; `now` in wall milliseconds. */
export async function isTakerAlive(reader: LedgerReader, command: Command, now: number): Promise<boolean> {
	const { taken_by: taker, created_at } = command;
	return (await isProgramAlive(reader, taker ?? '', now)) ?? now - Date.parse(created_at) < patienceMilliseconds;
}
