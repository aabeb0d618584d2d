// Owns how a status was ever spelled and which of our ten it means. The raw spelling stays in the record; this only reads it.

import type { JsonValue } from '../../base/json.ts';
import type { TaskStatus } from '../task/taskStatus.ts';

/**
 * Folded spelling (trimmed, upper case, spaces and dashes as `_`, without an enum prefix such as `TaskStatus.`) to status.
 * The older boards used twenty-five spellings from seven vocabularies that contradict each other; where they do, the meaning
 * that loses nothing wins: ARCHIVED and OBSOLETE were put away undone, so they are CANCELLED and not COMPLETED; REOPENED and
 * INCOMPLETE wait for somebody again; PARTIAL was begun; PAUSED_* waits for a person. A spelling that is not here is never
 * guessed: the task is BLOCKED with a reason that names it.
 */
const statusOfSpelling: ReadonlyMap<string, TaskStatus> = new Map<string, TaskStatus>([
	...spell(
		'PENDING',
		'PENDING TODO TO_DO NEW OPEN BACKLOG NOT_STARTED INCOMPLETE REOPENED UNCLAIMED UNASSIGNED PLANNED PROPOSED',
	),
	...spell('READY', 'READY QUEUED AVAILABLE'),
	...spell('CLAIMED', 'CLAIMED ASSIGNED ACCEPTED'),
	...spell('IN_PROGRESS', 'IN_PROGRESS INPROGRESS WORKING ACTIVE EXECUTING RUNNING STARTED DOING PARTIAL'),
	...spell('VALIDATING', 'VALIDATING VALIDATION TESTING'),
	...spell('REVIEW', 'REVIEW IN_REVIEW NEEDS_REVIEW PENDING_REVIEW COMPLETED_PENDING_REVIEW'),
	...spell('COMPLETED', 'COMPLETED COMPLETE DONE CLOSED FINISHED RESOLVED'),
	...spell('BLOCKED', 'BLOCKED PAUSED PAUSED_BY_DIRECTIVE PAUSED_BY_OVERRIDE ON_HOLD WAITING STALLED'),
	...spell('FAILED', 'FAILED FAILURE ERROR'),
	...spell('CANCELLED', 'CANCELLED CANCELED OBSOLETE ARCHIVED ABANDONED DROPPED SKIPPED SUPERSEDED WONTFIX WONT_FIX'),
]);

function spell(status: TaskStatus, spellings: string): [string, TaskStatus][] {
	return spellings.split(' ').map((spelling) => [spelling, status]);
}

const exact: ReadonlySet<string> = new Set<TaskStatus>([
	'PENDING',
	'READY',
	'CLAIMED',
	'IN_PROGRESS',
	'VALIDATING',
	'REVIEW',
	'COMPLETED',
	'BLOCKED',
	'FAILED',
	'CANCELLED',
]);

/** `missing`: no status is given. `unknown`: one is given that means nothing to us. */
export type StatusReading =
	| { readonly kind: 'known'; readonly status: TaskStatus }
	| { readonly kind: 'missing' }
	| { readonly kind: 'unknown' };

export function normaliseStatus(raw: JsonValue | undefined): StatusReading {
	if (raw === undefined || raw === null) {
		return { kind: 'missing' };
	}
	if (typeof raw !== 'string') {
		return { kind: 'unknown' };
	}
	if (exact.has(raw)) {
		return { kind: 'known', status: raw as TaskStatus };
	}
	const folded = raw
		.slice(0, 200)
		.trim()
		.replace(/^[A-Za-z]\w*\./u, '')
		.replace(/[\s-]+/gu, '_')
		.toUpperCase();
	if (folded === '') {
		return { kind: 'missing' };
	}
	const status = statusOfSpelling.get(folded);
	return status === undefined ? { kind: 'unknown' } : { kind: 'known', status };
}
