// Owns one claim inside a transaction it shares with others: its own actor and events, its own outcome, and done once only.

import type { AsyncLocalStorage } from 'node:async_hooks';
import { isDreamError } from '../base/errors.ts';
import { claimTask } from '../core/task/advanceTask.ts';
import type { ClaimOrder, ClaimOutcome } from './claimOrders.ts';
import type { LedgerSource, SqliteReader } from './sqliteReader.ts';
import { SqliteTransaction } from './sqliteTransaction.ts';

/**
 * Serves one order. A refusal is an outcome as long as nothing was written for it; whatever else fails concerns all who share the
 * transaction, and is thrown.
 */
export async function serveOrder(
	source: LedgerSource,
	{ actor, request, mayBeServed }: ClaimOrder,
	at: string,
	inside: AsyncLocalStorage<SqliteReader>,
): Promise<ClaimOutcome> {
	const transaction = new SqliteTransaction(source, actor, at);
	try {
		if (mayBeServed) {
			// Served by somebody who was ended before the answer was out.
			const run = await transaction.run(request.runId);
			const stored = run === undefined ? undefined : await transaction.task(run.task_id);
			if (run?.task_id === request.taskId && run.worker === request.worker && stored !== undefined) {
				return { granted: { stored, run } };
			}
		}
		const granted = await inside.run(transaction, () => claimTask(transaction, request));
		await transaction.complete();
		return { granted };
	} catch (error) {
		if (isDreamError(error) && !transaction.hasWritten) {
			return { refused: error };
		}
		throw error;
	} finally {
		transaction.end();
	}
}
