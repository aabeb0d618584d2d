// Owns the rival of the ledger: all tasks in one JSON file, as task tools keep them, done as well as it can be: one lock file, taken
// exclusively and waited for with growing, random pauses; a whole new file, synced, then put in the place of the old one.
//
// Where a choice had to be made it is the cheaper one: the JSON has no indentation, nothing looks for locks whose holder died, the
// folder is not synced, no history is written, and who finds the task it wants taken takes another one in the same turn.

import { closeSync, fsyncSync, openSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClaimReport } from './claimCrowd.ts';
import { grantedOf } from './claimCrowd.ts';
import type { ClaimOutcome } from './crowdMember.ts';

const longestPause = 16;

interface TaskFile {
	readonly tasks: { readonly task_id: string; status: string; claimed_by?: string; claimed_at?: string }[];
}

export function writeTasks(path: string, tasks: readonly object[]): void {
	writeFileSync(path, JSON.stringify({ tasks }));
}

/** Claims the task, or the first ready one when it is taken; `busy` when the lock was not to be had before the deadline. */
export async function claimLocked(path: string, id: string, worker: string, deadline: number): Promise<ClaimOutcome> {
	const lock = `${path}.lock`;
	for (let pause = 1; !takeLock(lock); pause = Math.min(2 * pause, longestPause)) {
		if (performance.now() >= deadline) {
			return 'busy';
		}
		await delay(pause * (0.5 + Math.random()));
	}
	try {
		const file = read(path);
		const isReady = ({ status }: { readonly status: string }) => status === 'READY';
		const task = file.tasks.find((each) => each.task_id === id && isReady(each)) ?? file.tasks.find(isReady);
		if (task === undefined) {
			return 'over';
		}
		Object.assign(task, { status: 'CLAIMED', claimed_by: worker, claimed_at: new Date().toISOString() });
		replace(path, JSON.stringify(file));
		return 'granted';
	} finally {
		unlinkSync(lock);
	}
}

/** Every granted claim is in the file, and no task has two: the second would have left one task fewer claimed than were granted. */
export function assertLockedOnce(path: string, reports: readonly ClaimReport[]): void {
	const granted = reports.reduce((sum, report) => sum + grantedOf(report), 0);
	const claimed = read(path).tasks.filter(({ status }) => status === 'CLAIMED').length;
	if (claimed !== granted) {
		throw new Error(`${granted} claims were granted, the JSON file holds ${claimed} claimed tasks.`);
	}
}

const read = (path: string): TaskFile => JSON.parse(readFileSync(path, 'utf8')) as TaskFile;

function takeLock(lock: string): boolean {
	try {
		closeSync(openSync(lock, 'wx'));
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
			return false;
		}
		throw error;
	}
}

/** Only the holder of the lock writes, so the name of its new file needs nothing of its own. */
function replace(path: string, text: string): void {
	const next = `${path}.next`;
	const file = openSync(next, 'w');
	try {
		writeFileSync(file, text);
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
	renameSync(next, path);
}
