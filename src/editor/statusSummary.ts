// Owns the words of the status bar item, and what it offers. Pure, so that it is tested without an editor.

import { l10n } from 'vscode';
import type { SwarmSnapshot } from '../core/swarm/swarmSnapshot.ts';
import { swarmWord } from '../protocol/swarmWord.ts';
import { countOfQuestions, countOfTasks } from './counts.ts';
import type { CommandId } from './manifest.ts';
import { swarmWords } from './stateWords.ts';
import { workingStatuses } from './views/taskRows.ts';

/** Text with its icon, and the lines of the hover. */
export function statusSummary({ swarm, counts, agents, questions }: SwarmSnapshot): {
	readonly text: string;
	readonly tooltip: string;
} {
	const working = workingStatuses.reduce((sum, status) => sum + counts[status], 0);
	const state = swarmWord(swarm);
	const icon = {
		stopped: '$(circle-outline)',
		running: '$(play-circle)',
		draining: '$(debug-step-over)',
		paused: '$(debug-pause)',
		starting: '$(sync~spin)',
	}[state];
	const review = counts.REVIEW === 0 ? '' : l10n.t('{0} to review', counts.REVIEW);
	const busy = working === 0 ? '' : l10n.t('{0} working', working);
	const asking = questions.length === 0 ? '' : countOfQuestions(questions.length);
	const held = state === 'draining' || state === 'paused' ? swarmWords[state] : '';
	const figures = [held, asking, busy, review].filter(Boolean).join(', ');
	const enabled = agents.filter(({ state: each }) => each !== 'disabled').length;
	return {
		text: `${icon} ${figures === '' ? l10n.t('Swarm {0}', swarmWords[state]) : figures}`,
		tooltip: [
			l10n.t('Swarm {0}', swarmWords[state]),
			...(questions.length === 0 ? [] : [l10n.t('{0} to answer', countOfQuestions(questions.length))]),
			l10n.t('{0} in work', countOfTasks(working)),
			l10n.t('{0} ready', countOfTasks(counts.READY)),
			...(counts.REVIEW === 0
				? []
				: [
						counts.REVIEW === 1
							? l10n.t('1 change to review')
							: l10n.t('{0} changes to review', counts.REVIEW),
					]),
			...(counts.BLOCKED === 0 ? [] : [l10n.t('{0} blocked', countOfTasks(counts.BLOCKED))]),
			enabled === 1 ? l10n.t('1 agent') : l10n.t('{0} agents', enabled),
		].join('\n'),
	};
}

export interface StatusChoice {
	readonly title: string;
	readonly command: CommandId;
}

/** What can be done now, what waits for the person first. */
export function statusChoices({ swarm, agents, counts, questions }: SwarmSnapshot): readonly StatusChoice[] {
	const isRunning = swarm.shouldRun && swarm.isHostAlive;
	return [
		...(questions.length === 0
			? []
			: [{ title: l10n.t('Answer Question'), command: 'dreamos.question.answer' } as const]),
		...(counts.REVIEW === 0 ? [] : [{ title: l10n.t('Review Change'), command: 'dreamos.run.review' } as const]),
		...(!isRunning
			? [{ title: l10n.t('Start Swarm'), command: 'dreamos.swarm.start' } as const]
			: [
					swarm.mode === 'work' && !agents.some(({ state }) => state === 'paused')
						? ({ title: l10n.t('Pause All'), command: 'dreamos.swarm.pause' } as const)
						: ({ title: l10n.t('Resume All'), command: 'dreamos.swarm.resume' } as const),
					{ title: l10n.t('Stop Swarm'), command: 'dreamos.swarm.stop' } as const,
				]),
		{ title: l10n.t('Create Task'), command: 'dreamos.task.create' },
		{ title: l10n.t('Open Dashboard'), command: 'dreamos.dashboard.open' },
	];
}
