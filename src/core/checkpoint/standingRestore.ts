// Owns which restore the next attempt at a task begins with: the last one that nobody took back and no attempt has begun with yet.

import type { LedgerEvent } from '../events.ts';
import type { LedgerReader } from '../ledger.ts';

/** What the event of a restore that was taken back says beside its type. */
const isTakingBack = ({ data }: Pick<LedgerEvent, 'data'>): boolean => data?.['takes_back'] === true;

/** Events newest first, without restores that were taken back and without the taking back itself. */
export function withoutTakenBack<Event extends Pick<LedgerEvent, 'type' | 'data'>>(events: readonly Event[]): Event[] {
	let takenBack = 0;
	return events.filter((event) => {
		if (event.type !== 'run.restored') {
			return true;
		}
		const isGone = takenBack > 0 || isTakingBack(event);
		takenBack += isTakingBack(event) ? 1 : takenBack > 0 ? -1 : 0;
		return !isGone;
	});
}

/** The event of that restore; undefined when the next attempt begins as if there had been none. */
export async function standingRestore(reader: LedgerReader, taskId: string): Promise<LedgerEvent | undefined> {
	const events = await reader.events({
		task_id: taskId,
		types: ['run.restored', 'task.moved'],
		newestFirst: true,
		limit: looked,
	});
	const begun = events.findIndex(({ type, data }) => type === 'task.moved' && data?.['move'] === 'claim');
	const since = begun === -1 ? events : events.slice(0, begun);
	return withoutTakenBack(since).find(({ type }) => type === 'run.restored');
}

const looked = 1000;
