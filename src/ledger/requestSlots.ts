// Owns a file in which processes leave requests for whoever holds the write lock, and find the answers. It is a convenience, never
// the truth: it needs not be durable, anything unreadable in it is nobody's request, and who gets no answer serves itself.

import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { Disposable } from '../base/event.ts';
import { machineTime } from './waitingLine.ts';

const slotCount = 64;
/** Numbers of a slot's head: the request's token, when its owner was last heard of, its length and checksum, … */
const requestNumbers = 4;
/** … and the token it was answered for, the length of the answer or -1, its checksum, and when it was taken. */
const headNumbers = 2 * requestNumbers;
const numberBytes = Float64Array.BYTES_PER_ELEMENT;
const headBytes = headNumbers * numberBytes;
/** Heads come first, so that one read shows all of them. */
const bodiesOffset = slotCount * headBytes;
const requestBytes = 4096;
const answerBytes = 28_672;
const slotBytes = requestBytes + answerBytes;

/** A request whose owner has not been heard of for so long is nobody's: its process is gone. */
const abandonedMilliseconds = 1000;
/** After so long without an answer, whoever took a request is gone, or has more to do than its owner can wait for. */
const servedMilliseconds = 200;

export interface TakenRequest {
	readonly slot: number;
	readonly token: number;
	readonly text: string;
}

/** `waiting`: nobody has seen it; `taken`: somebody is at it right now; `gone`: it must be left once more; else the answer. */
export type RequestState = 'waiting' | 'taken' | 'gone' | { readonly answer: string };

export class RequestSlots implements Disposable {
	private readonly path: string;
	private readonly now: () => number;
	/** undefined before the first use, null when there can be none: then everybody serves itself. */
	private file: number | null | undefined;
	private readonly heads = new Float64Array(slotCount * headNumbers);
	private readonly ownHead = new Float64Array(headNumbers);
	private readonly half = new Float64Array(requestNumbers);
	private slot = Math.floor(Math.random() * slotCount);
	private token = 0;
	private length = 0;
	private checksum = 0;

	/** @param path of the file; it is made when missing. */
	constructor(path: string, now: () => number = machineTime) {
		this.path = path;
		this.now = now;
	}

	/** Leaves a request in place of an earlier one. False when it cannot be left: then only the caller itself can serve it. */
	post(text: string): boolean {
		const bytes = Buffer.from(text);
		if (bytes.length > requestBytes || !this.readHeads()) {
			return false;
		}
		const time = this.now();
		for (let tries = 0; tries < slotCount && this.isAlive(this.slot, time); tries += 1) {
			this.slot = (this.slot + 1) % slotCount;
		}
		this.token = Math.random() + Number.EPSILON;
		this.length = bytes.length;
		this.checksum = crc32(bytes);
		return this.write(bytes, this.bodyOffset(this.slot)) && this.renew();
	}

	/** What became of the request that was left; says that its owner still waits for it. */
	look(): RequestState {
		if (!this.read(this.ownHead, this.slot * headBytes) || this.ownHead[0] !== this.token) {
			return 'gone';
		}
		const [, , , , token, length = 0, checksum = 0, at = 0] = this.ownHead;
		if (token === this.token) {
			const answer = this.readText(this.bodyOffset(this.slot) + requestBytes, length, checksum);
			if (answer !== undefined) {
				return { answer };
			}
			if (this.now() - at < servedMilliseconds) {
				return 'taken';
			}
		}
		this.renew();
		return 'waiting';
	}

	/** Takes the request back. Whoever has taken it before serves it nevertheless. */
	withdraw(): void {
		if (this.read(this.ownHead, this.slot * headBytes) && this.ownHead[0] === this.token) {
			this.half.fill(0);
			this.write(this.half, this.slot * headBytes);
		}
		this.token = 0;
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
		const marked: TakenRequest[] = [];
		for (let slot = 0; slot < slotCount; slot += 1) {
			const token = this.numberAt(slot, 0);
			if (token !== this.token && this.isAlive(slot, time) && !this.isTaken(slot, time)) {
				this.half.set([token, -1, 0, time]);
				this.write(this.half, this.answerHeadOffset(slot));
				marked.push({ slot, token, text: '' });
			}
		}
		if (marked.length === 0) {
			return [];
		}
		this.readHeads();
		const taken: TakenRequest[] = [];
		for (const { slot, token } of marked) {
			const text =
				this.numberAt(slot, 0) === token
					? this.readText(this.bodyOffset(slot), this.numberAt(slot, 2), this.numberAt(slot, 3))
					: undefined;
			if (text === undefined) {
				this.answer({ slot, token, text: '' });
			} else {
				taken.push({ slot, token, text });
			}
		}
		return taken;
	}

	/** Whether somebody else waits for the lock or for an answer. */
	isAsked(): boolean {
		const time = this.now();
		if (this.readHeads()) {
			for (let slot = 0; slot < slotCount; slot += 1) {
				if (this.numberAt(slot, 0) !== this.token && this.isAlive(slot, time)) {
					return true;
				}
			}
		}
		return false;
	}

	/** Answers a request that was taken; without an answer its owner serves itself at once. */
	answer({ slot, token }: TakenRequest, text?: string): void {
		const bytes = text === undefined ? undefined : Buffer.from(text);
		if (bytes === undefined || bytes.length > answerBytes) {
			this.half.fill(0);
		} else {
			this.write(bytes, this.bodyOffset(slot) + requestBytes);
			this.half.set([token, bytes.length, crc32(bytes), 0]);
		}
		this.write(this.half, this.answerHeadOffset(slot));
	}

	dispose(): void {
		this.close();
	}

	private renew(): boolean {
		this.half.set([this.token, this.now(), this.length, this.checksum]);
		return this.write(this.half, this.slot * headBytes);
	}

	private numberAt(slot: number, which: number): number {
		return this.heads[slot * headNumbers + which] ?? 0;
	}

	private isAlive(slot: number, time: number): boolean {
		const silent = time - this.numberAt(slot, 1);
		return this.numberAt(slot, 0) !== 0 && silent < abandonedMilliseconds && silent > -abandonedMilliseconds;
	}

	/** Whether somebody is at it, or has answered it already. */
	private isTaken(slot: number, time: number): boolean {
		const isSame = this.numberAt(slot, 4) === this.numberAt(slot, 0);
		return isSame && (this.numberAt(slot, 5) >= 0 || time - this.numberAt(slot, 7) < servedMilliseconds);
	}

	private bodyOffset(slot: number): number {
		return bodiesOffset + slot * slotBytes;
	}

	private answerHeadOffset(slot: number): number {
		return slot * headBytes + requestNumbers * numberBytes;
	}

	private readHeads(): boolean {
		return this.read(this.heads, 0);
	}

	/** undefined when it is not, or not yet, what its writer meant. */
	private readText(offset: number, length: number, checksum: number): string | undefined {
		if (!Number.isInteger(length) || length <= 0 || length > answerBytes) {
			return undefined;
		}
		const bytes = Buffer.alloc(length);
		return this.read(bytes, offset) && crc32(bytes) === checksum ? bytes.toString() : undefined;
	}

	private read(target: Float64Array | Buffer, offset: number): boolean {
		if (this.file === null) {
			return false;
		}
		try {
			this.file ??= openSync(this.path, constants.O_RDWR | constants.O_CREAT, 0o644);
			const bytes = readSync(this.file, target, 0, target.byteLength, offset);
			target.fill(0, Math.floor(bytes / target.BYTES_PER_ELEMENT));
			return true;
		} catch {
			this.close();
			return false;
		}
	}

	private write(source: Float64Array | Buffer, offset: number): boolean {
		if (typeof this.file !== 'number') {
			return false;
		}
		try {
			writeSync(this.file, source, 0, source.byteLength, offset);
			return true;
		} catch {
			// A full disk: who waits serves itself.
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
