// Owns which time the ledger knows for a stamp of a task: what it keeps for it, else when it saw that happen.

import { isJsonObject } from '../../base/json.ts';
import { recordFields } from '../board/recordFields.ts';
import type { LedgerEvent } from '../events.ts';
import type { Task } from '../task/task.ts';

const stamps = ['created_at', 'updated_at', 'claimed_at', 'started_at', 'completed_at'] as const;

const movedTo =
	(status: string) =>
	({ type, data }: LedgerEvent): boolean =>
		type === 'task.moved' && isJsonObject(data) && data['to'] === status;

/** What an event must be to set a stamp. When a task was adopted says nothing about when it came to be. */
const sources: Readonly<Record<(typeof stamps)[number], (event: LedgerEvent) => boolean>> = {
	created_at: ({ type, data }) => type === 'task.created' && !(isJsonObject(data) && 'stood_as' in data),
	updated_at: () => true,
	claimed_at: movedTo('CLAIMED'),
	started_at: movedTo('IN_PROGRESS'),
	completed_at: movedTo('COMPLETED'),
};

/**
 * ISO text; undefined when the ledger does not know it, or the key is no stamp.
 * @param events those of the task, oldest first.
 */
export function timeFromLedger(
	key: string,
	task: Task | undefined,
	events: readonly LedgerEvent[],
): string | undefined {
	const field = stamps.find((stamp) => recordFields[stamp].keys.includes(key));
	return field === undefined ? undefined : (task?.[field] ?? events.findLast(sources[field])?.at);
}
