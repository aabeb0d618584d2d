// Owns what a terminal says after commands about the swarm as a whole.

import { countOf } from '../base/words.ts';
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
