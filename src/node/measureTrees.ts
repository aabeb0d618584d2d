// Owns measuring process trees: one list of what runs on the machine, and for each tree the sum of what is below it.

import type { ProcessIdentity, ProcessResources } from '../core/ports.ts';
import type { ProcessRow, ProcessTable } from './processTable.ts';
import { addDescendants, readIdentity } from './processTree.ts';

/** What each tree takes, by the pid of its root; a root that is gone is left out. */
export async function measureTrees(
	table: ProcessTable,
	identities: readonly ProcessIdentity[],
): Promise<ReadonlyMap<number, ProcessResources>> {
	const rows = identities.length === 0 ? [] : await table.list();
	const byPid = new Map(rows.map((row) => [row.pid, row]));
	const found = new Map<number, ProcessResources>();
	for (const identity of identities) {
		const root = byPid.get(identity.pid);
		if (root !== undefined && root.started === readIdentity(identity).started) {
			found.set(root.pid, sumOf(treeOf(rows, root)));
		}
	}
	return found;
}

/** The root's group and session are its own: we started it at the head of both. */
function treeOf(rows: readonly ProcessRow[], root: ProcessRow): ProcessRow[] {
	const members = rows.filter(({ pid, group, session }) => [pid, group, session].includes(root.pid));
	const known = new Map(members.map(({ pid, started }) => [pid, started]));
	addDescendants(rows, known);
	return rows.filter(({ pid, started }) => known.get(pid) === started);
}

const sumOf = (rows: readonly ProcessRow[]): ProcessResources => ({
	memoryBytes: rows.reduce((sum, { memory }) => sum + memory, 0),
	cpuMilliseconds: rows.reduce((sum, { cpu }) => sum + cpu, 0),
	processes: rows.length,
});
