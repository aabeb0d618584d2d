// Owns what a terminal says after commands about the swarm as a whole.

import { countOf, formatDuration } from '../base/words.ts';
import type { SwarmMode } from '../core/swarmFacts.ts';
import type { TaskStatus } from '../core/task/taskStatus.ts';
import type { Output } from './output.ts';

const wordsOfMode: Readonly<Record<SwarmMode, string>> = {
	work: 'work',
	drain: 'end what runs and begin nothing new',
	pause: 'stand still',
};

export function swarmStatus(
	answer: {
		readonly should_run: boolean;
		readonly mode: SwarmMode;
		readonly host_running: boolean;
		readonly host_pid: number | null;
		readonly tasks: Readonly<Partial<Record<TaskStatus, number>>>;
		readonly questions: number;
	},
	output: Output,
): void {
	const { should_run, mode, host_running, host_pid, tasks, questions } = answer;
	const host = host_running ? `The host runs (process ${host_pid ?? 'unknown'})` : 'No host runs';
	output.say(`${host}; the swarm is told to ${should_run ? wordsOfMode[mode] : 'rest'}.`);
	const counts = Object.entries(tasks).filter(([, count]) => count > 0);
	output.say(counts.length === 0 ? 'No tasks.' : counts.map(([status, count]) => `${count} ${status}`).join(', '));
	if (questions > 0) {
		output.say(
			`${countOf(questions, 'question of an agent waits', 'questions of agents wait')} for you: dreamos question list.`,
		);
	}
}

interface SaidShare {
	readonly share: number | null;
	readonly tasks: number;
	readonly of: number;
}

interface SaidFrequency {
	readonly count: number;
	readonly per_hour: number | null;
}

const sayShare = ({ share, tasks, of }: SaidShare): string =>
	share === null ? 'no such task' : `${tasks} of ${of} (${Math.round(share * 100)} %)`;

const sayFrequency = ({ count, per_hour }: SaidFrequency): string =>
	per_hour === null ? String(count) : `${count}, ${per_hour.toFixed(1)} an hour at work`;

export function swarmStats(
	answer: {
		readonly from: string;
		readonly completed: number;
		readonly failed: number;
		readonly completion_seconds: { readonly median: number | null; readonly p90: number | null };
		readonly at_work_seconds: number | null;
		readonly longest_alone_seconds: number | null;
		readonly interventions: number;
		readonly recovered: SaidShare;
		readonly without_a_person: SaidShare;
		readonly drift: SaidFrequency;
		readonly restarts: SaidFrequency;
	},
	output: Output,
): void {
	const time = (seconds: number | null) => (seconds === null ? '–' : formatDuration(seconds * 1000));
	const { median, p90 } = answer.completion_seconds;
	output.say(`Since ${answer.from}: ${countOf(answer.completed, 'task')} completed, ${answer.failed} failed.`);
	output.say(`Completion time: ${time(median)} (median), nine of ten below ${time(p90)}.`);
	output.say(
		`At work for ${time(answer.at_work_seconds)}, at most ${time(answer.longest_alone_seconds)} without a person; ${countOf(answer.interventions, 'intervention')}.`,
	);
	output.say(`Completed without a person: ${sayShare(answer.without_a_person)}.`);
	output.say(`Recovered by itself: ${sayShare(answer.recovered)}.`);
	output.say(`Drift: ${sayFrequency(answer.drift)}. Restarts after a crash: ${sayFrequency(answer.restarts)}.`);
}

export function swarmStopped({ was_running }: { readonly was_running: boolean }, output: Output): void {
	output.say(was_running ? 'The swarm has stopped.' : 'No host was running; the swarm is told to rest.');
}

export function swarmPaused(
	{ paused, going }: { readonly paused: readonly string[]; readonly going: readonly string[] },
	output: Output,
): void {
	output.say(`The swarm stands still: nothing new begins, ${countOf(paused.length, 'run')} paused.`);
	if (going.length > 0) {
		output.say(`These cannot be paused and go on to their end: ${going.join(', ')}.`);
	}
	output.say('dreamos swarm resume lets it go on.');
}

export function swarmResumed({ resumed }: { readonly resumed: readonly string[] }, output: Output): void {
	output.say(`The swarm goes on${resumed.length === 0 ? '' : `, with ${countOf(resumed.length, 'paused run')}`}.`);
}

export function swarmDraining({ going }: { readonly going: readonly string[] }, output: Output): void {
	output.say(
		going.length === 0
			? 'Nothing runs; nothing new begins until dreamos swarm resume.'
			: `${countOf(going.length, 'run')} to end; nothing new begins until dreamos swarm resume.`,
	);
}
