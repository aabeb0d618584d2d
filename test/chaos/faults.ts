// Owns what befalls the processes of a chaos run: by the seed it is decided what comes next and when.

import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../support/random.ts';
import { BoardLock } from './boardLock.ts';
import { boardFile, boards } from './boardText.ts';
import type { ChaosPlace } from './chaosPlace.ts';
import { fillDisk, freeDisk, lockable, makeReadOnly, makeWritable } from './chaosPlace.ts';
import type { Lives } from './lives.ts';
import { canTakePermissions } from './lives.ts';

export const faultNames = ['kill', 'pause', 'clock', 'fullDisk', 'readOnly', 'tear'] as const;
export type FaultName = (typeof faultNames)[number];

/** As often as they are named. */
const mixture: readonly FaultName[] = [
	...Array.from({ length: 12 }, () => 'kill' as const),
	'pause',
	'pause',
	'pause',
	'clock',
	'clock',
	'fullDisk',
	'readOnly',
	'tear',
];
const hour = 3_600_000;

export class Faults {
	readonly counts: Record<FaultName, number> = { kill: 0, pause: 0, clock: 0, fullDisk: 0, readOnly: 0, tear: 0 };
	private readonly place: ChaosPlace;
	private readonly lives: Lives;
	private readonly random: Random;

	private readonly meanMilliseconds: number;

	/** @param meanMilliseconds how long it is from one to the next, on average. */
	constructor(place: ChaosPlace, lives: Lives, random: Random, meanMilliseconds: number) {
		this.place = place;
		this.lives = lives;
		this.random = random;
		this.meanMilliseconds = meanMilliseconds;
	}

	/** Lets things happen until the signal; afterwards everything is as it should be again. */
	async rage(signal: AbortSignal): Promise<void> {
		const rest = (milliseconds: number) => delay(milliseconds, undefined, { signal }).catch(() => undefined);
		try {
			while (!signal.aborted && !this.lives.all.some(({ isAtWork }) => isAtWork)) {
				await rest(50);
			}
			while (!signal.aborted) {
				await rest(this.random.below(2 * this.meanMilliseconds));
				if (!signal.aborted) {
					await this.strike(this.random.pick(mixture), rest);
				}
			}
		} finally {
			this.calm();
		}
	}

	private async strike(fault: FaultName, rest: (milliseconds: number) => Promise<unknown>): Promise<void> {
		const { place, random, lives } = this;
		switch (fault) {
			case 'kill': {
				// Rarely also one that is only about to begin: on a busy machine nobody would ever get to work otherwise.
				const those = lives.all.filter(({ isAtWork }) => isAtWork || random.next() < 0.1);
				if (those.length === 0) {
					return;
				}
				random.pick(those).child.kill('SIGKILL');
				break;
			}
			case 'pause': {
				const life = random.pick(lives.all.filter(({ role, isAtWork }) => role !== 'git' && isAtWork));
				if (life === undefined) {
					return;
				}
				life.isPaused = true;
				life.child.kill('SIGSTOP');
				void rest(random.below(6000)).then(() => {
					life.isPaused = false;
					life.child.kill('SIGCONT');
				});
				break;
			}
			case 'clock': {
				const shift = Number(readFileSync(place.clock, 'utf8'));
				const jump = random.pick([-hour, -5000, 3000, hour, 24 * hour]);
				writeFileSync(place.clock, String(shift + jump));
				break;
			}
			case 'fullDisk':
				if (place.disk === undefined) {
					return;
				}
				fillDisk(place);
				await rest(200 + random.below(1500));
				freeDisk(place);
				break;
			case 'readOnly':
				if (!canTakePermissions) {
					return;
				}
				try {
					makeReadOnly(random.pick(lockable(place)));
				} catch {
					// A board is being replaced at this very moment.
				}
				await rest(200 + random.below(1500));
				makeWritable(place);
				break;
			case 'tear':
				await this.tear(rest);
				break;
		}
		this.counts[fault] += 1;
	}

	/** A board as a machine leaves it that went down while somebody wrote it. */
	private async tear(rest: (milliseconds: number) => Promise<unknown>): Promise<void> {
		const lock = new BoardLock(this.place.journals);
		const path = boardFile(this.place.folder, this.random.pick(boards));
		await lock.during('tear', AbortSignal.timeout(2000), async () => {
			try {
				truncateSync(path, this.random.below(readFileSync(path).length));
			} catch {
				// Read-only or being replaced at this moment.
			}
			await rest(300);
		});
	}

	private calm(): void {
		freeDisk(this.place);
		makeWritable(this.place);
		for (const life of this.lives.all) {
			if (life.isPaused) {
				life.child.kill('SIGCONT');
			}
		}
	}
}
