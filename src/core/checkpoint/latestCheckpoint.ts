// Owns which checkpoint work goes on from: the newest one that is whole. One that is damaged is told, and the one before is taken.

import type { Git } from '../ports.ts';
import type { Checkpoint } from './checkpoint.ts';
import { readCheckpoints } from './checkpoint.ts';
import { checkpointPrefix } from './checkpointReference.ts';

export interface LatestCheckpointParts {
	readonly git: Pick<Git, 'readReferences' | 'findDamage'>;
	/** Told of each that is passed over. */
	readonly onDamaged: (checkpoint: Checkpoint, why: string) => void;
}

/** The newest checkpoint of a run that is whole and tells a story; undefined where there is none. */
export async function latestCheckpoint(
	{ git, onDamaged }: LatestCheckpointParts,
	runId: string,
): Promise<Checkpoint | undefined> {
	const all = readCheckpoints(await git.readReferences(`${checkpointPrefix}${runId}/`));
	for (const each of all.toReversed()) {
		const damage = await git.findDamage(each.commit);
		if (damage !== undefined) {
			onDamaged(each, damage);
		} else if (each.story !== undefined) {
			return each;
		}
	}
	return undefined;
}

export const describeDamage = ({ id }: Pick<Checkpoint, 'id'>, why: string): string =>
	`The checkpoint ${id} is damaged (${why}); the one before it is used, where there is one.`;
