// Owns the order in which processes take the write lock: who waits longest goes first. It is a courtesy, never a lock:
// SQLite alone keeps transactions apart, and whatever is wrong with the file below only makes waiting less fair.

import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import type { Disposable } from '../base/event.ts';

/** One place in the file is three numbers: who waits, since when, and when it looks again, both on the machine's monotonic clock. */
const placeNumbers = 3;
const placeBytes = placeNumbers * Float64Array.BYTES_PER_ELEMENT;
const placeCount = 64;
/**
 * Who has not looked again so long after it wanted to is passed by, and first again when it does: on a machine with too much to
 * do, waiting for one certain process to get its turn would leave the lock idle most of the time.
 */
const patienceMilliseconds = 1;
/** After so long a place is free for somebody else: its process is gone. */
const abandonedMilliseconds = 1000;
/** Nobody pauses longer; a later time in the file is left from before the machine started anew. */
export const longestPauseMilliseconds = 50;

/** Milliseconds since the machine started: the same for all its processes. */
export const machineTime = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

export class WaitingLine implements Disposable {
	private readonly path: string;
	private readonly now: () => number;
	/** undefined before the first use, null when there can be none: then everybody is first. */
	private file: number | null | undefined;
	private readonly places = new Float64Array(placeNumbers * placeCount);
	private readonly mine = new Float64Array(placeNumbers);
	/** Random, so that two that chose the same place notice. */
	private readonly token = Math.random() + Number.EPSILON;
	private place = Math.floor(Math.random() * placeCount);
	private since: number | undefined;

	/** @param path of the file the places are in; it is made when missing and never needs to be durable. */
	constructor(path: string, now: () => number = machineTime) {
		this.path = path;
		this.now = now;
	}

	/** How many have waited longer than we; everybody who waits, when we are not in the line. */
	ahead(): number {
		if (!this.readPlaces()) {
			return 0;
		}
		const time = this.now();
		let count = 0;
		for (let place = 0; place < placeCount; place += 1) {
			if (!this.isTaken(place, time, patienceMilliseconds)) {
				continue;
			}
			const token = this.numberAt(place, 0);
			const since = this.numberAt(place, 1);
			if (
				since <= time &&
				(this.since === undefined || since < this.since || (since === this.since && token < this.token))
			) {
				count += 1;
			}
		}
		return count;
	}

	/** Takes or renews our place in the line, and says when we look again. */
	wait(pauseMilliseconds: number): void {
		const time = this.now();
		if (this.since === undefined) {
			this.since = time;
			this.readPlaces();
			this.choosePlace(time);
		}
		this.mine.set([this.token, this.since, time + pauseMilliseconds]);
		this.write();
	}

	leave(): void {
		if (this.since !== undefined) {
			this.since = undefined;
			this.mine.fill(0);
			this.write();
		}
	}

	dispose(): void {
		this.leave();
		this.close();
	}

	private numberAt(place: number, which: 0 | 1 | 2): number {
		return this.places[place * placeNumbers + which] ?? 0;
	}

	/** Whether somebody else is on a place and not overdue; what is not a sensible time is nobody. */
	private isTaken(place: number, time: number, patience: number): boolean {
		const token = this.numberAt(place, 0);
		const overdue = time - this.numberAt(place, 2);
		return token !== 0 && token !== this.token && overdue < patience && overdue > -longestPauseMilliseconds;
	}

	/** Keeps the place of last time unless somebody else is on it. Two that choose one at once only wait less fairly. */
	private choosePlace(time: number): void {
		for (let tries = 0; tries < placeCount && this.isTaken(this.place, time, abandonedMilliseconds); tries += 1) {
			this.place = (this.place + 1) % placeCount;
		}
	}

	private readPlaces(): boolean {
		if (this.file === null) {
			return false;
		}
		try {
			// A link in its place may lead to a file of somebody's.
			this.file ??= openSync(this.path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o644);
			const bytes = readSync(this.file, this.places, 0, this.places.byteLength, 0);
			this.places.fill(0, Math.floor(bytes / Float64Array.BYTES_PER_ELEMENT));
			return true;
		} catch {
			this.close();
			return false;
		}
	}

	private write(): void {
		if (typeof this.file === 'number') {
			try {
				writeSync(this.file, this.mine, 0, placeBytes, this.place * placeBytes);
			} catch {
				// A full disk: we wait without a place.
			}
		}
	}

	/** From here on there is no line for us. */
	private close(): void {
		if (typeof this.file === 'number') {
			closeSync(this.file);
		}
		this.file = null;
	}
}
