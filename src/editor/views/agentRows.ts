// Owns what a row of the Agents view says. Pure, so that it is tested without an editor.

import { l10n } from 'vscode';
import { displayLine } from '../../base/text.ts';
import { formatDuration } from '../../base/words.ts';
import { describeCheck } from '../../core/agent/describeCheck.ts';
import type { AgentState } from '../../core/agent/agent.ts';
import { describeUsage } from '../../core/budget/usage.ts';
import { describeWish } from '../../core/models/describeWish.ts';
import { shownDrift } from '../../core/drift/driftReading.ts';
import { describeTrust, trustOf } from '../../core/figures/trust.ts';
import type { GateVerdict } from '../../core/gate/gateVerdict.ts';
import { gateVerdict } from '../../core/gate/gateVerdict.ts';
import type { Question } from '../../core/question/question.ts';
import type { Run, RunState } from '../../core/run/run.ts';
import { describeResources } from '../../core/run/runResources.ts';
import { describeStrays, hasStrayed } from '../../core/run/runStrays.ts';
import { isOpenRun, isPausedRun } from '../../core/run/run.ts';
import type { ShownAgent, SwarmSnapshot } from '../../core/swarm/swarmSnapshot.ts';
import { describeShared } from '../../core/run/sharedFiles.ts';
import { agentWords, runWords } from '../stateWords.ts';
import { sharedNote, sharedOf } from './sharedOf.ts';
import type { RowIcon } from './taskRows.ts';
import { askingIcon } from './taskRows.ts';

/** Somebody made it stand still. */
const pausedIcon: RowIcon = { id: 'debug-pause', color: 'charts.yellow' };

const agentIcons: Readonly<Record<AgentState, RowIcon>> = {
	idle: { id: 'circle-large-outline' },
	working: { id: 'play-circle', color: 'charts.blue' },
	paused: pausedIcon,
	asking: askingIcon,
	review: { id: 'git-pull-request', color: 'charts.yellow' },
	disabled: { id: 'circle-slash', color: 'disabledForeground' },
};

/** It cannot work, and its hover says what to do. */
const withoutModelIcon: RowIcon = { id: 'debug-disconnect', color: 'charts.yellow' };

const runIcons: Readonly<Record<RunState, RowIcon>> = {
	claimed: { id: 'account', color: 'charts.blue' },
	preparing: { id: 'gear', color: 'charts.blue' },
	working: { id: 'play-circle', color: 'charts.blue' },
	validating: { id: 'beaker', color: 'charts.blue' },
	review: { id: 'git-pull-request', color: 'charts.yellow' },
	landing: { id: 'git-merge', color: 'charts.blue' },
	completed: { id: 'pass', color: 'testing.iconPassed' },
	failed: { id: 'error', color: 'testing.iconFailed' },
	released: { id: 'discard' },
	cancelled: { id: 'circle-slash' },
	blocked: { id: 'stop-circle', color: 'charts.orange' },
	lost: { id: 'warning', color: 'charts.orange' },
};

export interface AgentRow {
	readonly label: string;
	readonly description: string;
	readonly icon: RowIcon;
	/** `agent.working`, with `acp` after it for one that can be checked and given keys, `lm` for one that can be checked; `run.review`. */
	readonly contextValue: string;
}

function elapsed(run: Run, now: number): string {
	return formatDuration((run.closed_at === null ? now : Date.parse(run.closed_at)) - Date.parse(run.opened_at));
}

const nameOf = (snapshot: SwarmSnapshot, taskId: string): string =>
	displayLine(snapshot.tasks.get(taskId)?.task.name || taskId, 120);

export function agentRow(
	snapshot: SwarmSnapshot,
	{ agent, run, runs, state, missingModel, held }: ShownAgent,
	now: number,
): AgentRow {
	const role = displayLine(agent.name || agent.role, 80);
	const words =
		state === 'idle' && missingModel !== undefined
			? l10n.t('has no language model')
			: state === 'idle' && held !== undefined
				? l10n.t('is left alone for now')
				: state === 'working' && run !== undefined
					? runWords[run.state]
					: agentWords[state];
	// The state first: in a narrow sidebar the end is cut off.
	const drifts = shownDrift(run?.drift) === undefined ? '' : l10n.t('drifts');
	const trust = trustOf(runs);
	const doubt = trust.contradicted === 0 ? '' : l10n.t('trust {0}', describeTrust(trust));
	const parts =
		run === undefined
			? [words, doubt, role]
			: [words, drifts, doubt, nameOf(snapshot, run.task_id), elapsed(run, now)];
	return {
		label: displayLine(agent.id, 80),
		description: parts.filter(Boolean).join(' · '),
		icon:
			state === 'idle' && (missingModel !== undefined || held !== undefined)
				? withoutModelIcon
				: agentIcons[state],
		contextValue: `agent.${state}${agent.driver === 'acp' ? '.acp' : agent.driver === 'lm' ? '.lm' : ''}`,
	};
}

function driftLine({ drift }: Run): string {
	const shown = shownDrift(drift);
	return shown === undefined ? '' : l10n.t('Drifts: {0}', shown);
}

/** How far its word can be trusted, by its last runs; empty where none was checked. */
function trustLine(runs: readonly Run[]): string {
	const trust = trustOf(runs);
	return trust.share === null
		? ''
		: trust.checked === 1
			? l10n.t(
					'Trust {0}: in {1} of its last checked run the evidence contradicted what it said',
					describeTrust(trust),
					trust.contradicted,
				)
			: l10n.t(
					'Trust {0}: in {1} of its last {2} checked runs the evidence contradicted what it said',
					describeTrust(trust),
					trust.contradicted,
					trust.checked,
				);
}

/** Plain text of an agent's hover. */
export function agentTooltip({ agent, run, runs, check, containment, missingModel, held, usage }: ShownAgent): string {
	const how = agent.command === undefined ? agent.driver : `${agent.driver}: ${agent.command.join(' ')}`;
	const lines = [
		[agent.id, agent.name, agent.role].filter(Boolean).join(' · '),
		agent.model === undefined
			? l10n.t('Driven by {0}', how)
			: l10n.t('Driven by {0} with {1}', how, describeWish(agent.model)),
		containment === '' ? '' : `${containment.charAt(0).toUpperCase()}${containment.slice(1)}`,
		missingModel === undefined ? '' : l10n.t('Gets no task: {0}', missingModel),
		held === undefined ? '' : l10n.t('Gets no task: {0}', held),
		usage === undefined || usage.run.turns === 0 ? '' : l10n.t('This run used {0}', describeUsage(usage.run)),
		usage === undefined || usage.today.turns === 0 ? '' : l10n.t('Used today: {0}', describeUsage(usage.today)),
		agent.capabilities.length === 0 ? '' : l10n.t('Can: {0}', agent.capabilities.join(', ')),
		trustLine(runs),
		...(run === undefined || run.resources === null ? [] : [l10n.t('Uses {0}', describeResources(run.resources))]),
		run === undefined ? '' : driftLine(run),
		...(check === undefined
			? []
			: [l10n.t('Checked {0}: {1}', new Date(check.at).toLocaleString(), describeCheck(check))]),
	];
	return lines
		.filter(Boolean)
		.map((line) => displayLine(line, 400))
		.join('\n');
}

/** The oldest question of a run that is open. */
export const questionOf = ({ questions }: SwarmSnapshot, runId: string): Question | undefined =>
	questions.find(({ run_id }) => run_id === runId);

export function runRow(snapshot: SwarmSnapshot, run: Run, now: number): AgentRow {
	const question = questionOf(snapshot, run.run_id);
	if (question !== undefined) {
		return {
			label: nameOf(snapshot, run.task_id),
			description: l10n.t('asks: {0}', displayLine(question.title, 120)),
			icon: askingIcon,
			contextValue: 'run.asking',
		};
	}
	const isPaused = isPausedRun(run);
	const shared = sharedNote(snapshot, run.run_id);
	return {
		label: nameOf(snapshot, run.task_id),
		description: [
			isPaused ? agentWords.paused : runWords[run.state],
			run.attempt > 1 ? l10n.t('attempt {0}', run.attempt) : '',
			run.state === 'review' && run.reason !== null && !hasStrayed(run) ? l10n.t('conflicts') : '',
			hasStrayed(run) ? l10n.t('wrote outside its worktree') : '',
			shared,
			elapsed(run, now),
		]
			.filter(Boolean)
			.join(' · '),
		icon: isPaused ? pausedIcon : runIcons[run.state],
		contextValue: `run.${isPaused ? 'paused' : run.state}`,
	};
}

const verdictMarks: Readonly<Record<GateVerdict, string>> = { passed: '✓', failed: '✗', 'not read': '?' };

/** Plain text of a run's hover. */
export function runTooltip(snapshot: SwarmSnapshot, run: Run): string {
	const shared = sharedOf(snapshot, run.run_id);
	const lines = [
		`${run.run_id} · ${run.task_id} · ${runWords[run.state]}`,
		run.reason === null ? '' : displayLine(run.reason, 500),
		run.closed_at === null
			? l10n.t('Began {0}', new Date(run.opened_at).toLocaleString())
			: l10n.t(
					'Began {0}, ended {1}',
					new Date(run.opened_at).toLocaleString(),
					new Date(run.closed_at).toLocaleString(),
				),
		run.resources === null
			? ''
			: run.closed_at === null
				? l10n.t('Uses {0}', describeResources(run.resources))
				: l10n.t('Used {0}', describeResources(run.resources)),
		driftLine(run),
		...run.gates.slice(0, 10).map((gate) => `${verdictMarks[gateVerdict(gate)]} ${displayLine(gate.command, 120)}`),
		run.files.length === 0
			? ''
			: l10n.t(
					'Files: {0}',
					run.files
						.slice(0, 10)
						.map((file) => displayLine(file, 120))
						.join(', '),
				),
		shared.length === 0
			? ''
			: l10n.t('Two agents touch the same files: {0}', displayLine(describeShared(shared), 400)),
		...describeStrays(run).map((line) => displayLine(line, 600)),
	];
	return lines.filter(Boolean).join('\n');
}

/** Whether a row changes with time alone. */
export const isTicking = ({ run }: ShownAgent): boolean => run !== undefined && isOpenRun(run.state);
