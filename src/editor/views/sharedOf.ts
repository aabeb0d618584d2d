// Owns which files two agents touch, for the rows of one picture.

import type { SharedFile } from '../../core/run/sharedFiles.ts';
import { sharedFiles } from '../../core/run/sharedFiles.ts';
import type { SwarmSnapshot } from '../../core/swarm/swarmSnapshot.ts';

const sharedBySnapshot = new WeakMap<SwarmSnapshot, ReadonlyMap<string, readonly SharedFile[]>>();

/** Files of a run that another open run changes too; found once for each picture. */
export function sharedOf(snapshot: SwarmSnapshot, runId: string): readonly SharedFile[] {
	const shared = sharedBySnapshot.get(snapshot) ?? sharedFiles(snapshot.agents.flatMap(({ runs }) => runs));
	sharedBySnapshot.set(snapshot, shared);
	return shared.get(runId) ?? [];
}
