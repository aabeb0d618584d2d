// Owns the shape the older Python agents read: their field names, their five statuses, their four priorities. It cannot say
// everything; what it cannot say stays out, and the raw status of ours goes along in notes where it was mapped.

import type { JsonObject } from '../../base/json.ts';
import { stringifyFile } from '../../base/json.ts';
import type { Task } from '../task/task.ts';
import type { TaskStatus } from '../task/taskStatus.ts';

type LegacyStatus = 'PENDING' | 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | 'BLOCKED';

/** The older model knows five statuses and no others; the one chosen keeps an older agent from doing harm. */
export const legacyStatuses: Readonly<Record<TaskStatus, LegacyStatus>> = {
	PENDING: 'PENDING',
	READY: 'PENDING',
	CLAIMED: 'IN_PROGRESS',
	IN_PROGRESS: 'IN_PROGRESS',
	VALIDATING: 'IN_PROGRESS',
	REVIEW: 'IN_PROGRESS',
	COMPLETED: 'COMPLETED',
	BLOCKED: 'BLOCKED',
	FAILED: 'FAILED',
	// Nobody may begin it, and what waits for it must go on waiting.
	CANCELLED: 'FAILED',
};

function legacyRecord(task: Task): JsonObject {
	const status = legacyStatuses[task.status];
	const remark = status === task.status || task.status === 'READY' ? '' : `[Dream.OS status: ${task.status}]`;
	const notes = [task.notes, task.block_reason?.text ?? '', remark].filter((part) => part !== '').join('\n');
	const summary = task.result?.summary;
	return {
		task_id: task.task_id,
		name: task.name,
		description: task.description,
		priority: task.priority,
		status,
		assigned_agent: task.claimed_by ?? task.assigned_agent,
		task_type: task.task_type,
		dependencies: [...task.dependencies],
		tags: [...task.tags],
		notes,
		...(summary === undefined ? {} : { result_summary: summary }),
		created_by: task.created_by,
		timestamp_created_utc: task.created_at,
		timestamp_updated: task.updated_at,
		timestamp_claimed_utc: task.claimed_at,
		timestamp_completed_utc: task.completed_at,
	};
}

/** A JSON list an older agent can read. */
export const writeLegacyList = (tasks: readonly Task[]): string => stringifyFile(tasks.map(legacyRecord));
