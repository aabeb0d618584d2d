// Owns writing a checkpoint of ours as older agents read one. They restore the status of a task, its context and memories; the files
// stay in git, and the file says where.

import type { JsonObject } from '../../base/json.ts';
import { stringifyFile } from '../../base/json.ts';
import { legacyStatuses } from '../list/legacyList.ts';
import type { Task } from '../task/task.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { CheckpointStory } from './checkpointStory.ts';
import { olderEnding, sameName, stateChecksum } from './olderCheckpoint.ts';

/** The text of the file. `task` is undefined where it is not there any more. */
export function olderCheckpointText(checkpoint: Checkpoint, story: CheckpointStory, task: Task | undefined): string {
	const { plan_position: place } = story;
	const state: JsonObject = {
		current_task: {
			id: story.task_id,
			status: task === undefined ? 'IN_PROGRESS' : legacyStatuses[task.status],
			progress_percentage: place === null || place.total === 0 ? 0 : Math.round((place.done / place.total) * 100),
			context: { name: task?.name ?? '', attempt: story.attempt, plan: story.plan, summary: story.summary },
		},
		mailbox: { last_processed_id: null, pending_count: 0 },
		operational_context: {
			goals: task === undefined ? [] : [task.name],
			constraints: [...(task?.touches ?? [])],
			decisions: [...story.decisions],
		},
		memory: {
			short_term: { did: [...story.did] },
			session: { session_id: story.session_id, pinned: [...story.pinned], usage: story.usage },
		},
	};
	return stringifyFile({
		agent_id: story.worker,
		timestamp: story.at,
		checkpoint_type: 'routine',
		version: '1.0',
		state,
		dreamos: {
			run_id: checkpoint.run_id,
			checkpoint: checkpoint.id,
			commit: checkpoint.commit,
			base: story.base,
			checksum: stateChecksum(state),
		},
	});
}

/** Name of the file; names have seconds only, so `later` seconds are added where one is taken. */
export function olderCheckpointName({ worker, at }: Pick<CheckpointStory, 'worker' | 'at'>, later = 0): string {
	const time = new Date(Date.parse(at) + later * 1000).toISOString();
	return `${sameName(worker)}_${time.slice(0, 19).replaceAll(/[-T:]/gu, '')}_routine${olderEnding}`;
}

/** What an older reader finds nothing of. */
export const leftBehind =
	'Files stay in git (the file names the commit); the older format has no place for them, and its mailbox is left empty.';
