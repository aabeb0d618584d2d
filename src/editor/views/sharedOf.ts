// Owns which files two agents touch, for the rows of one picture.

import { l10n } from 'vscode';
import { displayLine } from '../../base/text.ts';
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

/** Who shares the files of a run, for a row: such as `same files as Agent-2`; empty when nobody does. */
export function sharedNote(snapshot: SwarmSnapshot, runId: string): string {
	const workers = [...new Set(sharedOf(snapshot, runId).map(({ worker }) => worker))];
	return workers.length === 0 ? '' : l10n.t('same files as {0}', displayLine(workers.join(', '), 60));
}
