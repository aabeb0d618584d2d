// Owns when two attempts at a task failed in the same way: the same code, and the same words but for what is another each time (ids,
// numbers, times, folders). Only what the work itself failed with counts: a crash says nothing about the task.

import { failureRule } from './failureRule.ts';

export interface AttemptFailure {
	/** Stable code of what went wrong. */
	readonly code: string | undefined;
	readonly reason: string;
}

/** Further words of a long output say no more about the way. */
const compared = 2000;

/** Runs name themselves, folders and times differ: none of that is another way to fail. */
const wordsOf = (reason: string): string =>
	reason
		.slice(0, compared)
		.replaceAll(/\brun-[0-9a-z-]+/gu, 'run')
		.replaceAll(/(?:[A-Za-z]:)?[\\/][^\s'"]*[\\/]/gu, '/')
		.replaceAll(/[0-9a-f]{7,}|\d+(?:[.,:]\d+)*/giu, '#')
		.replaceAll(/\s+/gu, ' ')
		.trim();

/** Whether trying once more would most likely fail in this way again. */
export function isSameFailure(one: AttemptFailure, other: AttemptFailure): boolean {
	const { code } = one;
	return (
		code !== undefined &&
		code === other.code &&
		failureRule({ code, isTransient: false }).fault === 'task' &&
		wordsOf(one.reason) === wordsOf(other.reason)
	);
}
