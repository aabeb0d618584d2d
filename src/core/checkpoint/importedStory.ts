// Owns what an older generation left of a task, as the next attempt at it is told.

import type { LedgerReader } from '../ledger.ts';

/** What an older generation left of a task, with who said it; undefined for nothing. */
export async function importedStory(
	reader: LedgerReader,
	taskId: string,
): Promise<{ readonly agent: string; readonly told: string } | undefined> {
	const [newest] = await reader.events({
		task_id: taskId,
		types: ['checkpoint.imported'],
		newestFirst: true,
		limit: 1,
	});
	const { agent, told } = newest?.data ?? {};
	return typeof agent === 'string' && typeof told === 'string' ? { agent, told } : undefined;
}
