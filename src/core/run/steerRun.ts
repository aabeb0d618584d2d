// Owns what steering changes of a run, and for which runs it may: a host has an agent at it that listens. Each change is one row and
// its event; the host that drives the run follows.

import { DreamError } from '../../base/errors.ts';
import { formatActor } from '../actor.ts';
import type { LedgerTransaction } from '../ledger.ts';
import type { AdvancedTask } from '../task/advanceTask.ts';
import { advanceTask } from '../task/advanceTask.ts';
import type { Run, RunState } from './run.ts';
import { drivenStates, isPausedRun } from './run.ts';

const listeningStates: readonly RunState[] = ['claimed', 'preparing', 'working'];

/**
 * Fails with `run.notSteerable`, which says why, unless an agent of the run listens. `what` is such as "paused"; `isSteerable` says
 * whether the run's driver can do it at all.
 */
export function requireSteerable(run: Run, what: string, isSteerable: boolean): void {
	requireDriven(run, what);
	if (canBeSteered(run, isSteerable)) {
		return;
	}
	if (!isSteerable) {
		throw notSteerable(
			run,
			what,
			`its driver "${run.driver}" only runs the steps of the task`,
			'Release or restart it instead.',
		);
	}
	throw notSteerable(
		run,
		what,
		`its agent is done and its change is being checked (${run.state})`,
		'Wait for the end of the checks: a change in review can be sent back with comments.',
	);
}

/** Whether an agent of the run listens; `isSteerable` says whether its driver can do it at all. */
export const canBeSteered = (run: Run, isSteerable: boolean): boolean =>
	run.host_id !== null && isSteerable && listeningStates.includes(run.state);

/** Fails with `run.notSteerable` unless a host drives the run. */
function requireDriven(run: Run, what: string): void {
	if (run.host_id === null) {
		throw notSteerable(run, what, `${run.worker} holds it, and no host drives it`, '');
	}
	if (!drivenStates.includes(run.state)) {
		throw notSteerable(
			run,
			what,
			run.state === 'review' ? 'its change waits for review' : `it is ${run.state}`,
			run.state === 'review' ? 'Send the change back, with what should be different.' : '',
		);
	}
}

const notSteerable = ({ run_id, state, driver }: Run, what: string, why: string, advice: string): DreamError =>
	new DreamError('run.notSteerable', `Run ${run_id} cannot be ${what}: ${why}.`, {
		details: { run_id, state, driver },
		advice,
	});

/** Lets it stand still. Pausing a paused run changes nothing. */
export async function pauseRun(transaction: LedgerTransaction, run: Run): Promise<Run> {
	if (isPausedRun(run)) {
		return run;
	}
	const by = formatActor(transaction.actor);
	const paused = await transaction.updateRun(run, { pause: { by, at: transaction.at, is_over: false } });
	await transaction.append({
		type: 'run.paused',
		task_id: run.task_id,
		run_id: run.run_id,
		agent_id: run.worker,
		message: `${run.run_id} of ${run.worker} was paused`,
	});
	return paused;
}

/** Lets it go on. Fails with `run.notPaused`. */
export async function resumeRun(transaction: LedgerTransaction, run: Run): Promise<Run> {
	const { pause } = run;
	if (pause === null || !isPausedRun(run)) {
		throw new DreamError('run.notPaused', `Run ${run.run_id} is not paused: it is ${run.state}.`, {
			details: { run_id: run.run_id, state: run.state },
		});
	}
	const resumed = await transaction.updateRun(run, { pause: { ...pause, is_over: true } });
	await transaction.append({
		type: 'run.resumed',
		task_id: run.task_id,
		run_id: run.run_id,
		agent_id: run.worker,
		message: `${run.run_id} of ${run.worker} goes on`,
	});
	return resumed;
}

/** Gives its task back to the queue, which costs no attempt; who had it is the first it is offered to. */
export function restartRun(transaction: LedgerTransaction, run: Run): Promise<AdvancedTask> {
	requireDriven(run, 'restarted');
	return advanceTask(transaction, {
		taskId: run.task_id,
		move: 'release',
		reason: `restarted by ${formatActor(transaction.actor)}`,
		token: { run_id: run.run_id, epoch: run.epoch },
	});
}
