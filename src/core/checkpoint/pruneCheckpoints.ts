// Owns how many checkpoints stay: the last ones of each run, those that are young enough, and as many as fit into the disk they may
// take. The one that was just made always stays.

import type { Git } from '../ports.ts';
import type { Settings } from '../settings.ts';
import type { Checkpoint } from './checkpoint.ts';
import { readCheckpoints } from './checkpoint.ts';
import { checkpointPrefix, checkpointReference } from './checkpointReference.ts';

export type CheckpointLimits = Pick<Settings, 'checkpoints.kept' | 'checkpoints.days' | 'checkpoints.maxMegabytes'>;
type CheckpointGit = Pick<Git, 'readReferences' | 'setReference' | 'sizeOfCommits'>;

const dayMilliseconds = 86_400_000;
const megabyte = 1024 * 1024;

/** Those to forget by number and age; `now` in milliseconds since 1970. */
export function outdatedCheckpoints(all: readonly Checkpoint[], limits: CheckpointLimits, now: number): Checkpoint[] {
	const newestOf = new Map<string, number[]>();
	for (const { run_id, number } of all) {
		newestOf.set(
			run_id,
			[...(newestOf.get(run_id) ?? []), number].toSorted((a, b) => b - a),
		);
	}
	const oldest = limits['checkpoints.days'] === 0 ? -Infinity : now - limits['checkpoints.days'] * dayMilliseconds;
	return all.filter(({ run_id, number, story }) => {
		const rank = newestOf.get(run_id)?.indexOf(number) ?? 0;
		return (
			rank >= Math.max(1, limits['checkpoints.kept']) || (story !== undefined && Date.parse(story.at) < oldest)
		);
	});
}

/** Forgets what is too many, too old or too big. */
export async function pruneCheckpoints(
	git: CheckpointGit,
	limits: CheckpointLimits,
	{ now, fresh }: { readonly now: number; readonly fresh: string },
): Promise<void> {
	const all = readCheckpoints(await git.readReferences(checkpointPrefix));
	const outdated = new Set(outdatedCheckpoints(all, limits, now).filter(({ id }) => id !== fresh));
	const forget = async (some: Iterable<Checkpoint>) => {
		for (const { run_id, number } of some) {
			await git.setReference(checkpointReference(run_id, number), undefined);
		}
	};
	await forget(outdated);
	// What was set aside has no story, and is as young as its run.
	const newest = new Map<string, number>();
	for (const { run_id, story } of all) {
		newest.set(run_id, Math.max(newest.get(run_id) ?? 0, story === undefined ? 0 : Date.parse(story.at)));
	}
	const time = ({ run_id, story }: Checkpoint) =>
		story === undefined ? (newest.get(run_id) ?? 0) : Date.parse(story.at);
	let rest = all
		.filter((each) => !outdated.has(each) && each.id !== fresh)
		.toSorted((left, right) => time(left) - time(right));
	const kept = all.filter(({ id }) => id === fresh);
	const size = () => git.sizeOfCommits([...kept, ...rest].map(({ commit }) => commit));
	while (rest.length > 0 && (await size()) > limits['checkpoints.maxMegabytes'] * megabyte) {
		const oldest = Math.ceil(rest.length / 4);
		await forget(rest.slice(0, oldest));
		rest = rest.slice(oldest);
	}
}
