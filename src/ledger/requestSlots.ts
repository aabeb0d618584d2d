// Owns a file in which processes leave requests for one that serves them under the write lock, and find the answers. It is a
// convenience, never the truth: it needs not be durable, what is unreadable in it is nobody's request, and who gets no answer
// serves itself.

import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { Disposable } from '../base/event.ts';
import { machineTime } from './waitingLine.ts';

const slotCount = 64;
/** Numbers of a request: its token, when its owner was last heard of, its length and checksum. Length 0: it was taken back. */
const requestNumbers = 4;
/** A head is a request and its answer: the token it is for, its length (or a word for none), its checksum, when it was begun. */
const headNumbers = 2 * requestNumbers;
const numberBytes = Float64Array.BYTES_PER_ELEMENT;
const headBytes = headNumbers * numberBytes;
/** Heads come first, so that one read shows all of them; behind them stands when somebody served last, and who. */
const servedOffset = slotCount * headBytes;
const bodiesOffset = 8192;
const requestBytes = 4096;
const answerBytes = 28_672;
const slotBytes = requestBytes + answerBytes;

/** In place of a length: the answer is to come; there will be none. */
const begunOnly = -1;
const unserved = -2;

/** Who has not been heard of for so long is gone, and its slot is free. */
const abandonedMilliseconds = 1000;
/** After so long without a sign, whoever serves is gone, or so busy that another may serve as well. */
const silentMilliseconds = 25;
/** After so long without an answer, whoever began with a request may be gone, and its owner tries for itself. */
const unansweredMilliseconds = 200;

export interface TakenRequest {
	readonly slot: number;
	readonly token: number;
	readonly text: string;
}

/**
 * `waiting`: nobody has seen it; `taken`: somebody is at it; `late`: somebody has been at it for long, and may have done it; `gone`: it
 * must be left once more; else the answer.
 */
export type RequestState = 'waiting' | 'taken' | 'late' | 'gone' | { readonly answer: string };

export class RequestSlots implements Disposable {
	private readonly path: string;
	private readonly now: () => number;
	/** undefined before the first use, null when there can be none: then everybody serves itself. */
	private file: number | null | undefined;
	private readonly heads = new Float64Array(slotCount * headNumbers + 2);
	private readonly ownHead = new Float64Array(headNumbers);
	private readonly half = new Float64Array(requestNumbers);
	private readonly served = new Float64Array(2);
	private readonly id = Math.random() + Number.EPSILON;
	private slot: number | undefined;
	private token = 0;
	private length = 0;
	private checksum = 0;

	/** @param path of the file; it is made when missing. */
	constructor(path: string, now: () => number = machineTime) {
		this.path = path;
		this.now = now;
	}

	/** Whether a request was left and not taken back. */
	get isLeft(): boolean {
		return this.length > 0;
	}

	/** Leaves a request in place of an earlier one. False when it cannot be left: then only the caller itself can serve it. */
	post(text: string): boolean {
		const bytes = Buffer.from(text);
		if (this.slot === undefined || !this.isFree(this.slot)) {
			this.slot = this.findSlot();
		}
		if (this.slot === undefined || bytes.length > requestBytes) {
			return false;
		}
		this.token = Math.random() + Number.EPSILON;
		this.length = bytes.length;
		this.checksum = crc32(bytes);
		return this.write(bytes, bodyOffset(this.slot)) && this.renew(this.slot);
	}

	/** What became of the request that was left; says that its owner still waits for it. */
	look(): RequestState {
		const { slot } = this;
		if (slot === undefined || !this.read(this.ownHead, slot * headBytes) || this.ownHead[0] !== this.token) {
			// Another process had chosen the same slot at the same moment.
			this.slot = undefined;
			return 'gone';
		}
		const [, , , , token, length = 0, checksum = 0, at = 0] = this.ownHead;
		const isBegun = token === this.token;
		if (isBegun && length !== begunOnly) {
			const answer = this.readText(bodyOffset(slot) + requestBytes, length, checksum);
			return answer === undefined ? 'gone' : { answer };
		}
		if (isBegun && Math.abs(this.now() - at) < unansweredMilliseconds) {
			return 'taken';
		}
		this.renew(slot);
		return isBegun ? 'late' : 'waiting';
	}

	/** Takes the request back. Whoever has begun with it may serve it nevertheless: `look` tells. */
	withdraw(): void {
		const { isLeft } = this;
		this.length = 0;
		if (this.slot !== undefined && isLeft) {
			this.renew(this.slot);
		}
	}

	/** Reads the file once: whether another process serves right now, and how many others wait. */
	survey(): { readonly isServed: boolean; readonly asked: number } {
		if (!this.readHeads()) {
			return { isServed: false, asked: 0 };
		}
		const time = this.now();
		const silent = time - (this.heads[slotCount * headNumbers] ?? 0);
		const isOther = this.heads[slotCount * headNumbers + 1] !== this.id;
		let asked = 0;
		for (let slot = 0; slot < slotCount; slot += 1) {
			asked += this.isOpen(slot, time) ? 1 : 0;
		}
		return { isServed: isOther && silent < silentMilliseconds && silent >= 0, asked };
	}

	/** Says that we serve, or no longer do: the others then wait, or try for themselves. */
	serves(isServing: boolean): void {
		this.served.set([isServing ? this.now() : 0, this.id]);
		this.write(this.served, servedOffset);
	}

	/**
	 * For the holder of the write lock only: the requests of others that nobody is at. Those that are withdrawn until this
	 * returns are not among them.
	 */
	take(): TakenRequest[] {
		if (!this.readHeads()) {
			return [];
		}
		const time = this.now();
		const begun: Omit<TakenRequest, 'text'>[] = [];
		for (let slot = 0; slot < slotCount; slot += 1) {
			if (this.isOpen(slot, time)) {
				const token = this.numberAt(slot, 0);
				this.half.set([token, begunOnly, 0, time]);
				// What cannot be marked must not be served: the next one would not know.
				if (this.write(this.half, answerHeadOffset(slot))) {
					begun.push({ slot, token });
				}
			}
		}
		if (begun.length === 0) {
			return [];
		}
		this.readHeads();
		return begun.flatMap(({ slot, token }) => {
			const isSame = this.numberAt(slot, 0) === token;
			const text = isSame
				? this.readText(bodyOffset(slot), this.numberAt(slot, 2), this.numberAt(slot, 3))
				: undefined;
			if (text === undefined) {
				this.answer({ slot, token });
				return [];
			}
			return [{ slot, token, text }];
		});
	}

	/** Whether all whose requests were taken still wait for them: whoever has given up must not get what it asked for. */
	areWanted(requests: readonly TakenRequest[]): boolean {
		if (requests.length === 0) {
			return true;
		}
		const time = this.now();
		return (
			this.readHeads() &&
			requests.every(
				({ slot, token }) =>
					this.numberAt(slot, 0) === token && this.numberAt(slot, 2) > 0 && this.isAlive(slot, time),
			)
		);
	}

	/** Answers a request that was taken; without an answer its owner leaves it once more, or serves itself. */
	answer({ slot, token }: Pick<TakenRequest, 'slot' | 'token'>, text?: string): void {
		if (!this.read(this.half, slot * headBytes) || this.half[0] !== token) {
			// Its owner has given up meanwhile, and the slot is somebody else's.
			return;
		}
		const bytes = text === undefined ? undefined : Buffer.from(text);
		if (bytes !== undefined && bytes.length <= answerBytes && this.write(bytes, bodyOffset(slot) + requestBytes)) {
			this.half.set([token, bytes.length, crc32(bytes), 0]);
		} else {
			this.half.set([token, unserved, 0, 0]);
		}
		this.write(this.half, answerHeadOffset(slot));
	}

	dispose(): void {
		if (this.slot !== undefined) {
			this.half.fill(0);
			this.write(this.half, this.slot * headBytes);
		}
		this.close();
	}

	/** A slot nobody is on. Two that choose one at the same moment notice when they look. */
	private findSlot(): number | undefined {
		if (!this.readHeads()) {
			return undefined;
		}
		const time = this.now();
		const first = Math.floor(Math.random() * slotCount);
		for (let tries = 0; tries < slotCount; tries += 1) {
			const slot = (first + tries) % slotCount;
			if (!this.isAlive(slot, time)) {
				return slot;
			}
		}
		return undefined;
	}

	/** Whether our slot is still ours, and nobody is late with an answer to what we left in it before. */
	private isFree(slot: number): boolean {
		const [owner, , , , token, length] = this.read(this.ownHead, slot * headBytes) ? this.ownHead : [];
		return owner === this.token && !(token === this.token && length === begunOnly);
	}

	private renew(slot: number): boolean {
		this.half.set([this.token, this.now(), this.length, this.checksum]);
		return this.write(this.half, slot * headBytes);
	}

	private numberAt(slot: number, which: number): number {
		return this.heads[slot * headNumbers + which] ?? 0;
	}

	private isAlive(slot: number, time: number): boolean {
		const silent = time - this.numberAt(slot, 1);
		return this.numberAt(slot, 0) !== 0 && silent < abandonedMilliseconds && silent > -abandonedMilliseconds;
	}

	/** Whether somebody else waits there, and nobody has answered or is at it. */
	private isOpen(slot: number, time: number): boolean {
		const token = this.numberAt(slot, 0);
		if (token === 0 || token === this.token || this.numberAt(slot, 2) <= 0 || !this.isAlive(slot, time)) {
			return false;
		}
		// One server for each, also when that one is gone: its answer may still come, and would be taken for the other's.
		return this.numberAt(slot, 4) !== token;
	}

	private readHeads(): boolean {
		return this.read(this.heads, 0);
	}

	/** undefined when it is not, or not yet, what its writer meant. */
	private readText(offset: number, length: number, checksum: number): string | undefined {
		if (!Number.isInteger(length) || length <= 0 || length > answerBytes) {
			return undefined;
		}
		const bytes = Buffer.allocUnsafe(length);
		return this.read(bytes, offset) && crc32(bytes) === checksum ? bytes.toString() : undefined;
	}

	private read(target: Float64Array | Buffer, offset: number): boolean {
		return this.tried((file) => {
			const bytes = readSync(file, target, 0, target.byteLength, offset);
			if (bytes < target.byteLength) {
				target.fill(0, Math.floor(bytes / target.BYTES_PER_ELEMENT));
			}
		});
	}

	private write(source: Float64Array | Buffer, offset: number): boolean {
		return this.tried((file) => void writeSync(file, source, 0, source.byteLength, offset));
	}

	/** False when there can be no file, or the disk is full: then whoever waits serves itself. */
	private tried(job: (file: number) => void): boolean {
		if (this.file === null) {
			return false;
		}
		try {
			// A link in its place may lead to a file of somebody's.
			this.file ??= openSync(this.path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o644);
			job(this.file);
			return true;
		} catch {
			this.file ??= null;
			return false;
		}
	}

	/** From here on there are no requests for us. */
	private close(): void {
		if (typeof this.file === 'number') {
			closeSync(this.file);
		}
		this.file = null;
	}
}

const bodyOffset = (slot: number): number => bodiesOffset + slot * slotBytes;

const answerHeadOffset = (slot: number): number => slot * headBytes + requestNumbers * numberBytes;
