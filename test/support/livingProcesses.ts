// Owns how tests see which processes live: by a word in their command line, read from the system and never guessed.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export interface LivingProcess {
	readonly pid: number;
	readonly command: string;
}

/** Processes, zombies left out, whose command line holds the word. */
export function processesWith(word: string): LivingProcess[] {
	return (process.platform === 'linux' ? fromProc() : fromPs()).filter(
		({ pid, command }) => pid !== process.pid && command.includes(word),
	);
}

/** Waits until the condition holds; fails with what was waited for. How long is for a machine that stalls, not for the product. */
export async function until(condition: () => boolean, what: string, milliseconds = 50_000): Promise<void> {
	const deadline = Date.now() + milliseconds;
	while (!condition()) {
		if (Date.now() > deadline) {
			throw new Error(`Waited ${milliseconds} ms in vain: ${what}`);
		}
		await delay(10);
	}
}

/** Ends what a failed test left. */
export function killAllWith(word: string): void {
	for (const { pid } of processesWith(word)) {
		try {
			process.kill(pid, 'SIGKILL');
		} catch {
			// Gone meanwhile.
		}
	}
}

function fromProc(): LivingProcess[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/u.test(name))
		.flatMap((name) => {
			try {
				const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
				const isZombie = stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
				const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
				return isZombie ? [] : [{ pid: Number(name), command }];
			} catch {
				return [];
			}
		});
}

function fromPs(): LivingProcess[] {
	return execFileSync('ps', ['-axo', 'pid=,stat=,command='], { encoding: 'utf8' })
		.split('\n')
		.flatMap((line) => {
			const match = /^\s*(\d+)\s+(\S+)\s+(.*)$/u.exec(line);
			return match === null || match[2]?.startsWith('Z') === true
				? []
				: [{ pid: Number(match[1]), command: match[3] ?? '' }];
		});
}
