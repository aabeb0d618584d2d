// Owns the fact that says a ledger was set up. Until it is there, nobody may take files for edits: they are not taken over yet.

import type { Ledger } from '../ledger.ts';

/** Key of the fact; its value says how and when. */
export const setUpFact = 'workspace';

/** Whether a ledger was ever set up. One that was not, because its maker was interrupted, is to be rebuilt from the boards. */
export async function isSetUp(ledger: Ledger): Promise<boolean> {
	return (await ledger.read((reader) => reader.fact(setUpFact))) !== undefined;
}
