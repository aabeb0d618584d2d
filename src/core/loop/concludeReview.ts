// Owns what follows from the verdict of an agent on another's change: it lands, or goes back with what should be different. A person's
// word comes first: where one decided meanwhile, or has to look in any case, the verdict is only written down.

import { authorsOf } from '../gate/agentReview.ts';
import { recordReview } from '../gate/recordReview.ts';
import type { Verdict } from '../gate/agentReview.ts';
import { planGates } from '../gate/gatePlan.ts';
import { hasLiveEditor, requestLanding } from '../landing/requestLanding.ts';
import type { LedgerTransaction } from '../ledger.ts';
import type { Clock } from '../ports.ts';
import type { Run } from '../run/run.ts';
import { hasStrayed } from '../run/runStrays.ts';
import type { Settings } from '../settings.ts';
import { requireTask } from '../task/moveTask.ts';
import { endFailedAttempt } from './attempts.ts';

export interface ReviewParts {
	readonly clock: Clock;
	readonly settings: () => Settings;
}

/** Resolves to what became of the change, as a sentence. */
export async function concludeReview(
	{ clock, settings }: ReviewParts,
	transaction: LedgerTransaction,
	reviewer: Run,
	{ run_id, isAccepted, reason }: Verdict,
): Promise<string> {
	const run = await transaction.run(run_id);
	if (run?.state !== 'review') {
		return 'The change was decided on before.';
	}
	if ((await authorsOf(transaction, run)).includes(reviewer.worker)) {
		return 'Nobody judges its own change: the verdict does not count.';
	}
	const by = `agent:${reviewer.worker}`;
	await recordReview(transaction, run, { verdict: isAccepted ? 'accepted' : 'rejected', reason, by });
	if (!isAccepted) {
		await endFailedAttempt(transaction, run, {
			state: 'failed',
			code: 'review.rejected',
			reason: `${reviewer.worker} looked at the change and rejected it: ${reason}`,
			maxAttempts: settings()['tasks.maxAttempts'],
			isFinal: false,
		});
		return 'The change was rejected.';
	}
	const { task } = await requireTask(transaction, run.task_id);
	const mode = settings()['landing.mode'];
	if (mode === 'review' || hasStrayed(run) || planGates(task, settings()).review === 'person') {
		return 'The change was accepted, and waits for a person all the same.';
	}
	await requestLanding(transaction, run, {
		hasEditor: await hasLiveEditor(transaction, clock.now()),
		toBranch: mode === 'branch',
	});
	return 'The change was accepted.';
}
