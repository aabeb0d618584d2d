// Owns what an agent is told that drifts, and what a person is asked. What the task says comes from the prompt; words of an agent are
// quoted, so that nothing in them can pass for ours.

import { quote } from '../loop/taskPrompt.ts';
import type { DriftReading } from './driftReading.ts';

const measured = ({ reasons }: DriftReading): string =>
	reasons.length === 0
		? 'What you did lately'
		: `This was measured:\n${reasons.map((each) => `- ${quote(each).slice(2)}`).join('\n')}`;

const known = (story: string): string[] =>
	story === '' ? [] : [`What was known at the last checkpoint:\n${quote(story)}`];

/** The mildest word. */
export const reminder = (reading: DriftReading): string =>
	[
		'You were interrupted: it looks as if you do not get on with your task. Nobody has changed it.',
		measured(reading),
		'Stop for a moment. Say in one sentence what the task asks for and what is left of it, then take another way than before. If something is missing that only a person can give, say so plainly and end your turn. When you are done, say in a few sentences what you changed.',
	].join('\n\n');

/** `prompt`: the task as it was given. `story`: what the last checkpoint tells; empty when it tells nothing. */
export const restatement = (reading: DriftReading, prompt: string, story: string): string =>
	[
		'You were interrupted a second time: it still looks as if you do not get on with your task. This is the task again, with what counts as done.',
		measured(reading),
		prompt.trim(),
		...known(story),
		'Drop whatever does not serve this task. Your files are as you left them.',
	].join('\n\n');

/** The first message of a session that knows nothing of the one before. */
export const freshStart = (reading: DriftReading, prompt: string, story: string): string =>
	[
		prompt.trim(),
		'An earlier session worked on this and lost its way; you begin with its files as they were at its last checkpoint. Look at what is there, keep what is good, and do not repeat what did not help.',
		measured(reading),
		...known(story),
	].join('\n\n');

export const handOffWords = (worker: string, { reasons }: DriftReading): string =>
	`${worker} lost its way in this task, also after it was told its task again and after a fresh start. ${reasons.join('. ')}.`;

export const personQuestion = (taskId: string, worker: string, { reasons }: DriftReading): string =>
	`${worker} lost its way in ${taskId}, and so did whoever had it before: ${reasons.slice(0, 2).join('; ')}. What should be done differently? Your answer goes to the next attempt.`;
