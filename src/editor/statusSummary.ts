// Owns the words of the status bar item, and what it offers. Pure, so that it is tested without an editor.

import { countOf } from '../base/words.ts';
import type { SwarmSnapshot } from '../core/swarm/swarmSnapshot.ts';
import { swarmWord } from '../protocol/swarmWord.ts';
import type { CommandId } from './manifest.ts';
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
	const review = counts.REVIEW === 0 ? '' : `${counts.REVIEW} to review`;
	const busy = working === 0 ? '' : `${working} working`;
	const asking = questions.length === 0 ? '' : countOf(questions.length, 'question');
	const held = state === 'draining' || state === 'paused' ? state : '';
	const figures = [held, asking, busy, review].filter(Boolean).join(', ');
	const enabled = agents.filter(({ state: each }) => each !== 'disabled').length;
	return {
		text: `${icon} ${figures === '' ? `Swarm ${state}` : figures}`,
		tooltip: [
			`Swarm ${state}`,
			...(questions.length === 0 ? [] : [`${countOf(questions.length, 'question')} to answer`]),
			`${countOf(working, 'task')} in work`,
			`${countOf(counts.READY, 'task')} ready`,
			...(counts.REVIEW === 0 ? [] : [`${countOf(counts.REVIEW, 'change')} to review`]),
			...(counts.BLOCKED === 0 ? [] : [`${countOf(counts.BLOCKED, 'task')} blocked`]),
			countOf(enabled, 'agent'),
		].join('\n'),
	};
}

export interface StatusChoice {
	readonly title: string;
	readonly command: CommandId;
}

/** What can be done now, what waits for the person first. */
export function statusChoices({ swarm, counts, questions }: SwarmSnapshot): readonly StatusChoice[] {
	const isRunning = swarm.shouldRun && swarm.isHostAlive;
	return [
		...(questions.length === 0 ? [] : [{ title: 'Answer Question', command: 'dreamos.question.answer' } as const]),
		...(counts.REVIEW === 0 ? [] : [{ title: 'Review Change', command: 'dreamos.run.review' } as const]),
		...(!isRunning
			? [{ title: 'Start Swarm', command: 'dreamos.swarm.start' } as const]
			: [
					swarm.mode === 'work'
						? ({ title: 'Pause All', command: 'dreamos.swarm.pause' } as const)
						: ({ title: 'Resume All', command: 'dreamos.swarm.resume' } as const),
					{ title: 'Stop Swarm', command: 'dreamos.swarm.stop' } as const,
				]),
		{ title: 'Create Task', command: 'dreamos.task.create' },
		{ title: 'Open Dashboard', command: 'dreamos.dashboard.open' },
	];
}
