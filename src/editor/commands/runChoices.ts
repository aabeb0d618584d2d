// Owns which runs a steering command is about, and what it says when there is none. Pure: whether a run lets it be done is core's.

import { l10n } from 'vscode';
import { DreamError } from '../../base/errors.ts';
import type { Run } from '../../core/run/run.ts';
import { drivenStates, isPausedRun } from '../../core/run/run.ts';

/** What the row says the command is about; all empty when it came from the palette. */
export interface RunQuestion {
	readonly runId?: string | undefined;
	readonly agentId?: string | undefined;
	readonly taskId?: string | undefined;
}

export interface SteeringCommand {
	/** As the palette shows it. */
	readonly title: string;
	/** It is only for runs with an agent that listens: steps of a task do not. */
	readonly needsListener?: true;
	/** It is only for runs that are paused, or only for those that are not. */
	readonly isPaused?: boolean;
}

const listeningDrivers: readonly string[] = ['acp', 'lm'];

/** The runs the command is for. Fails with `run.none`, which says why there is none and what to do. */
export function runChoices(
	runs: readonly Run[],
	{ runId, agentId, taskId }: RunQuestion,
	{ title, needsListener, isPaused }: SteeringCommand,
): readonly Run[] {
	const atWork = runs.filter(
		(run) =>
			drivenStates.includes(run.state) &&
			(runId === undefined || run.run_id === runId) &&
			(agentId === undefined || run.worker === agentId) &&
			(taskId === undefined || run.task_id === taskId),
	);
	if (atWork.length === 0) {
		throw new DreamError('run.none', l10n.t('{0}: no such run is at work.', title), {
			advice: l10n.t('Start the swarm, or wait until an agent has a task.'),
		});
	}
	const listening = atWork.filter((run) => needsListener !== true || listeningDrivers.includes(run.driver));
	if (listening.length === 0) {
		throw new DreamError('run.none', l10n.t('{0}: what is at work only runs the steps of its task.', title), {
			advice: l10n.t('Release or restart the task instead.'),
		});
	}
	const meant = listening.filter((run) => isPaused === undefined || isPausedRun(run) === isPaused);
	if (meant.length === 0) {
		throw new DreamError(
			'run.none',
			isPaused === true ? l10n.t('{0}: nothing is paused.', title) : l10n.t('{0}: it is already paused.', title),
			{
				advice: isPaused === true ? l10n.t('Nothing has to be resumed.') : l10n.t('Resume Run lets it go on.'),
			},
		);
	}
	return meant;
}
