// Owns how a run ends, whatever way it went: one transaction that moves the task on, or says why it does not.

import type { DreamError } from '../../base/errors.ts';
import type { Agent } from '../agent/agent.ts';
import type { Verdict } from '../gate/agentReview.ts';
import { requestReview } from '../gate/agentReview.ts';
import { isUnproven, needsReview, planGates } from '../gate/gatePlan.ts';
import { hasLiveEditor, requestLanding } from '../landing/requestLanding.ts';
import type { LedgerTransaction } from '../ledger.ts';
import type { ChangedFile, Clock } from '../ports.ts';
import type { FailureRule } from '../recovery/failureRule.ts';
import { failureRule } from '../recovery/failureRule.ts';
import type { Run } from '../run/run.ts';
import { isOpenRun } from '../run/run.ts';
import { describeStrays, hasStrayed } from '../run/runStrays.ts';
import type { Settings } from '../settings.ts';
import { advanceTask } from '../task/advanceTask.ts';
import { requireTask } from '../task/moveTask.ts';
import type { GateResult } from '../task/task.ts';
import { concludeReview } from './concludeReview.ts';
import { endFailedAttempt, parkRun, withoutMachine } from './attempts.ts';
import type { HostLedger } from './hostLedger.ts';
import { leaveToHeir } from './runWorktree.ts';

export type RunStop =
	/** The swarm stops: the task goes back to its queue, and nobody failed. */
	| { readonly kind: 'release'; readonly reason: string; readonly code?: string; readonly isUrgent?: boolean }
	/** Somebody else ended the run: nothing is left to write but, where a write was refused, that. */
	| { readonly kind: 'taken'; readonly error?: DreamError }
	/** Another host leads: nothing may be written at all. */
	| { readonly kind: 'abandon' };

export type RunEnding =
	| ({ readonly kind: 'passed' } & PassedChange)
	| {
			readonly kind: 'failed';
			readonly code: string;
			readonly reason: string;
			readonly isTransient: boolean;
			readonly gates?: readonly GateResult[];
	  }
	| { readonly kind: 'stopped'; readonly stop: RunStop };

export interface EndingParts {
	readonly ledger: HostLedger;
	readonly clock: Clock;
	readonly settings: () => Settings;
	/** The agent cannot work (program missing, not logged in, no room on the disk): nobody should give it tasks. */
	readonly onUnusableAgent: (agent: Agent, reason: string) => void;
	/** How the agent did: it failed by its own fault, or it worked. Tells whether the task pays for a failure with an attempt. */
	readonly onAgentEnded: (agent: Agent, failure?: AgentFailure) => 'pays' | 'spared';
}

export interface AgentFailure {
	readonly rule: FailureRule;
	readonly code: string;
	readonly reason: string;
}

/**
 * `parked`: the run is not over. It was paused when its host had to end, and goes on under another. `left`: it is over, and a person
 * goes on in its worktree.
 */
export type Concluded = 'over' | 'parked' | 'left';

/** Writes the verdict. Fails with `run.fenced` when somebody else moved the task meanwhile. */
export async function concludeRun(
	parts: EndingParts,
	claim: { readonly run: Run; readonly agent: Agent },
	ending: RunEnding,
): Promise<Concluded> {
	const { run, agent } = claim;
	const token = { run_id: run.run_id, epoch: run.epoch };
	switch (ending.kind) {
		case 'passed':
			parts.onAgentEnded(agent);
			await parts.ledger.persist((transaction) => passRun(parts, transaction, run, ending));
			return 'over';
		case 'stopped':
			return concludeStopped(parts, run, ending.stop);
		case 'failed':
			break;
	}
	const rule = failureRule(ending);
	if (rule.fault === 'agent') {
		const { code, reason } = ending;
		const price = parts.onAgentEnded(agent, { rule, code, reason });
		if (price === 'spared' || rule.isFree === true) {
			return concludeStopped(parts, run, { kind: 'release', reason, code: ending.code });
		}
	} else if (rule.fault === 'task') {
		parts.onAgentEnded(agent);
	}
	if (rule.fault === 'nobody') {
		return concludeStopped(parts, run, { kind: 'release', reason: ending.reason, code: ending.code });
	}
	const isUnusable = rule.fault === 'entry' || rule.fault === 'machine';
	if (isUnusable || rule.fault === 'person' || rule.fault === 'budget') {
		if (isUnusable) {
			parts.onUnusableAgent(agent, ending.reason);
		}
		await parts.ledger.persist((transaction) =>
			advanceTask(transaction, {
				taskId: run.task_id,
				move: 'block',
				reason: ending.reason,
				token,
				patch: {
					block_reason: { kind: rule.fault === 'budget' ? 'budget' : 'needs_input', text: ending.reason },
				},
				runPatch: withoutMachine,
				failureCode: ending.code,
			}),
		);
		return 'over';
	}
	await parts.ledger.persist(async (transaction) => {
		const { task } = await requireTask(transaction, run.task_id);
		await endFailedAttempt(transaction, run, {
			state: 'failed',
			reason: ending.reason,
			code: ending.code,
			maxAttempts: parts.settings()['tasks.maxAttempts'],
			isFinal: !ending.isTransient,
			...(ending.gates === undefined ? {} : { patch: { result: { ...task.result, gates: [...ending.gates] } } }),
		});
	});
	return 'over';
}

export interface PassedChange {
	readonly changes: readonly ChangedFile[];
	readonly gates: readonly GateResult[];
	/** A person made every decision already: there is nothing to review. */
	readonly isDecided?: boolean;
	/** What it says of another's change: that was its whole work. */
	readonly verdict?: Verdict;
}

export interface RequestedLanding {
	readonly command_id: string;
	/** Whether a window lands it. */
	readonly hasEditor: boolean;
}

/** Checks passed: on to review, to landing (which is returned), or, when no file was changed, straight to the end. */
export async function passRun(
	{ settings, clock }: Pick<EndingParts, 'settings' | 'clock'>,
	transaction: LedgerTransaction,
	opened: Run,
	{ changes, gates, isDecided, verdict }: PassedChange,
): Promise<RequestedLanding | undefined> {
	const { run_id, task_id, epoch } = opened;
	const { task } = await requireTask(transaction, task_id);
	const token = { run_id, epoch };
	const result = { ...task.result, gates: [...gates] };
	const strayed = await transaction.run(run_id);
	const isStrayed = strayed !== undefined && hasStrayed(strayed);
	if (changes.length === 0 && isStrayed) {
		const reason = `${describeStrays(strayed).join(' ')} ${strayAdvice}`;
		await advanceTask(transaction, {
			taskId: task_id,
			move: 'block',
			reason,
			token,
			patch: { result, block_reason: { kind: 'needs_input', text: reason } },
			runPatch: withoutMachine,
		});
		return;
	}
	if (changes.length === 0) {
		const note =
			verdict === undefined
				? 'No file was changed.'
				: await concludeReview({ settings, clock }, transaction, opened, verdict);
		const summary = [task.result?.summary ?? '', note].join(' ').trim();
		await advanceTask(transaction, {
			taskId: task_id,
			move: 'complete',
			reason: verdict === undefined ? 'no file was changed' : note,
			token,
			patch: { result: { ...result, summary } },
			runPatch: withoutMachine,
		});
		return undefined;
	}
	const plan = planGates(task, settings());
	const wantsReview =
		settings()['landing.mode'] === 'review' || needsReview(plan) || isUnproven(plan, gates) || isStrayed;
	if (isDecided !== true && wantsReview) {
		await advanceTask(transaction, {
			taskId: task_id,
			move: 'review',
			...(isStrayed ? { reason: `${describeStrays(strayed).join(' ')} ${strayAdvice}` } : {}),
			token,
			patch: { result },
			runPatch: withoutMachine,
		});
		if (plan.review === 'agent') {
			await requestReview(transaction, strayed ?? opened, task, plan);
		}
		return undefined;
	}
	const run = await transaction.updateRun(token, withoutMachine);
	const toBranch = settings()['landing.mode'] === 'branch';
	const hasEditor = await hasLiveEditor(transaction, clock.now());
	return {
		command_id: await requestLanding(transaction, run, { hasEditor, toBranch }),
		hasEditor: hasEditor && !toBranch,
	};
}

const strayAdvice =
	'It does not land by itself: look at these files, undo what should not be, then accept or reject the change; set "containment": "required" where that must not happen again.';

async function concludeStopped({ ledger }: EndingParts, run: Run, stop: RunStop): Promise<Concluded> {
	const { run_id, task_id, epoch } = run;
	switch (stop.kind) {
		case 'release':
			return ledger.persist(async (transaction) => {
				const current = await transaction.run(run_id);
				if (current !== undefined && isOpenRun(current.state) && current.pause !== null) {
					await parkRun(transaction, current);
					return 'parked';
				}
				await advanceTask(transaction, {
					taskId: task_id,
					move: 'release',
					reason: stop.reason,
					token: { run_id, epoch },
					runPatch: withoutMachine,
					...(stop.code === undefined ? {} : { failureCode: stop.code }),
				});
				return 'over';
			});
		case 'taken': {
			const { error } = stop;
			if (error !== undefined) {
				await ledger.persist((transaction) =>
					transaction.append({
						type: 'run.fenced',
						task_id,
						run_id,
						message: `${run.worker} was refused: ${error.message}`,
					}),
				);
			}
			return (await leaveToHeir(ledger, run)) ? 'left' : 'over';
		}
		case 'abandon':
			return 'over';
	}
}
