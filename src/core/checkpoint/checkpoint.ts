// Owns what a checkpoint is: a hidden commit of a run's worktree, whose message says how far the run was. Being one git object it is
// there as a whole or not at all, and git's own id of it is the checksum of both.

import { parseJsonOrUndefined } from '../../base/json.ts';
import { displayLine } from '../../base/text.ts';
import type { ReferenceText } from '../ports.ts';
import { checkpointNumber, checkpointedRun } from './checkpointReference.ts';
import type { CheckpointStory } from './checkpointStory.ts';
import { readStory } from './checkpointStory.ts';

export interface Checkpoint {
	/** `<run>/<number>`. */
	readonly id: string;
	readonly run_id: string;
	readonly number: number;
	readonly commit: string;
	/** undefined for work that was set aside by a restore, or a story that cannot be read; the files are there all the same. */
	readonly story: CheckpointStory | undefined;
	/** First line of the commit's message; empty where that cannot be read. */
	readonly title: string;
	/** git could not read its commit: it is damaged, and nothing is to be begun with it. */
	readonly is_damaged: boolean;
}

/** The message of the commit. */
export function checkpointMessage(runId: string, number: number, story: CheckpointStory): string {
	return `Dream.OS: checkpoint ${number} of ${runId} (${displayLine(story.task_id)})\n\n${JSON.stringify(story)}`;
}

/** Checkpoints among references, by run, the oldest first. */
export function readCheckpoints(references: readonly ReferenceText[]): Checkpoint[] {
	return references
		.flatMap(({ name, commit, message }) => {
			const number = checkpointNumber(name);
			const run = checkpointedRun(name);
			if (run === undefined || number === undefined) {
				return [];
			}
			const [title = '', , ...rest] = (message ?? '').trim().split('\n');
			const story = readStory(parseJsonOrUndefined(rest.join('\n')));
			const is_damaged = message === undefined;
			return [{ id: `${run}/${number}`, run_id: run, number, commit, title, story, is_damaged }];
		})
		.toSorted((left, right) => left.run_id.localeCompare(right.run_id) || left.number - right.number);
}
