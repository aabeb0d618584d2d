// Owns a folder in which processes leave requests for one that serves them under the write lock, and find the answers. It is a
// convenience, never the truth: it needs not be durable, what is unreadable in it is nobody's request, and who gets no answer
// serves itself.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { sleep } from '../base/async.ts';
import type { Disposable } from '../base/event.ts';
import { Bell } from './bell.ts';
import { SharedFile } from './sharedFile.ts';
import { machineTime } from './waitingLine.ts';

const slotCount = 64;
/** Numbers of a request: its token, when its owner was last heard of, its length and checksum. Length 0: it was taken back. */
const requestNumbers = 4;
/** A head is a request, and the token of the one that was begun last with the time of it. */
const headNumbers = requestNumbers + 2;
/** An answer begins with the token it is for, its length and its checksum. */
const answerNumbers = 3;
const numberBytes = Float64Array.BYTES_PER_ELEMENT;
const headBytes = headNumbers * numberBytes;
/** Heads come first, so that one read shows all of them; behind them stands when somebody served last, and who. */
const servedOffset = slotCount * headBytes;
const bodiesOffset = 8192;
const requestBytes = 4096;
/** Most answers are shorter, and one read is enough. */
const usualAnswerBytes = 6144;
const longestAnswerBytes = 1_000_000;
/** Length of the answer to a request that could not be read or served: it is to be left once more. */
const unserved = -1;

/** Who has not been heard of for so long is gone, and its slot is free. */
const abandonedMilliseconds = 1000;
/** After so long without a sign, whoever serves is gone, or so busy that another may serve as well. */
const silentMilliseconds = 25;
/** After so long without an answer, a request that was begun may be served once more: its run tells whether it was done. */
const unansweredMilliseconds = 200;

export interface TakenRequest {
	readonly slot: number;
	readonly token: number;
	/** Somebody had begun with it, and may have done it. */
	readonly mayBeServed: boolean;
	readonly text: string;
}

/** `waiting`: nobody has seen it; `taken`: somebody is at it; `gone`: it must be left once more; else the answer. */
export type RequestState = 'waiting' | 'taken' | 'gone' | { readonly answer: string };

export class RequestSlots implements Disposable {
	private readonly folder: string;
	private readonly now: () => number;
	private readonly requests: SharedFile;
	/** By slot; our own is the one we listen to. */
	private readonly answers = new Map<number, SharedFile>();
	private readonly heads = new Float64Array(slotCount * headNumbers + 2);
	private readonly ownHead = new Float64Array(headNumbers);
	private readonly numbers = new Float64Array(requestNumbers);
	private readonly answerText = Buffer.alloc(usualAnswerBytes);
	private readonly id = Math.random() + Number.EPSILON;
	private slot: number | undefined;
	private bell: Bell | undefined;
	private token = 0;
	private length = 0;
	private checksum = 0;

	/** @param folder it is made when missing. */
	constructor(folder: string, now: () => number = machineTime) {
		this.folder = folder;
		this.now = now;
		this.requests = new SharedFile(join(folder, 'requests'));
	}

	/** Leaves a request in place of an earlier one. False when it cannot be left: then only the caller itself can serve it. */
	post(text: string): boolean {
		const bytes = Buffer.from(text);
		if (bytes.length > requestBytes || (this.slot === undefined && !this.chooseSlot())) {
			return false;
		}
		this.bell?.listen();
		this.token = Math.random() + Number.EPSILON;
		this.length = bytes.length;
		this.checksum = crc32(bytes);
		return this.slot !== undefined && this.requests.write(bytes, bodyOffset(this.slot)) && this.renew(this.slot);
	}

	/** What became of the request that was left; says that its owner still waits for it. */
	look(): RequestState {
		const { slot } = this;
		const answer = slot === undefined ? undefined : this.readAnswer(slot);
		if (answer !== undefined) {
			return answer === 'gone' ? answer : { answer };
		}
		if (slot === undefined || !this.requests.read(this.ownHead, slot * headBytes) || this.ownHead[0] !== this.token) {
			// Another process had chosen the same slot at the same moment.
			this.leave();
			return 'gone';
		}
		this.renew(slot);
		const [, , , , begun, at = 0] = this.ownHead;
		return begun === this.token && this.now() - at < unansweredMilliseconds ? 'taken' : 'waiting';
	}

	/** Resolves when there may be an answer, or the lock may be free; at the latest after the given time. */
	async wait(milliseconds: number): Promise<void> {
		await (this.bell?.wait(milliseconds) ?? sleep(milliseconds));
	}

	/** Takes the request back. Whoever has begun with it serves it nevertheless. */
	withdraw(): void {
		if (this.slot !== undefined) {
			this.length = 0;
			this.renew(this.slot);
			this.bell?.rest();
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
		this.requests.write(Float64Array.of(isServing ? this.now() : 0, this.id), servedOffset);
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
		const begun: (Omit<TakenRequest, 'text'> & { readonly isMarked: boolean })[] = [];
		for (let slot = 0; slot < slotCount; slot += 1) {
			if (this.isOpen(slot, time)) {
				const token = this.numberAt(slot, 0);
				const isMarked = this.requests.write(Float64Array.of(token, time), markOffset(slot));
				begun.push({ slot, token, mayBeServed: this.numberAt(slot, 4) === token, isMarked });
			}
		}
		if (begun.length === 0) {
			return [];
		}
		this.readHeads();
		return begun.flatMap(({ slot, token, mayBeServed, isMarked }) => {
			const isSame = this.numberAt(slot, 0) === token && isMarked;
			const text = isSame ? this.readRequest(slot) : undefined;
			if (text === undefined) {
				this.answer({ slot, token });
				return [];
			}
			return [{ slot, token, mayBeServed, text }];
		});
	}

	/** Answers a request that was taken, and wakes its owner; without an answer it serves itself. */
	answer({ slot, token }: Pick<TakenRequest, 'slot' | 'token'>, text?: string): void {
		const bytes = Buffer.from(text ?? '');
		const head = Float64Array.of(token, text === undefined ? unserved : bytes.length, crc32(bytes));
		this.answersOf(slot).write(Buffer.concat([Buffer.from(head.buffer), bytes]), 0);
	}

	/** Wakes one who waits for the lock: it is free again. */
	wakeOne(): void {
		if (!this.readHeads()) {
			return;
		}
		const time = this.now();
		for (let slot = 0; slot < slotCount; slot += 1) {
			if (this.isOpen(slot, time)) {
				this.answersOf(slot).write(Float64Array.of(0), 0);
				return;
			}
		}
	}

	dispose(): void {
		this.leave();
		this.requests.dispose();
		for (const file of this.answers.values()) {
			file.dispose();
		}
		this.answers.clear();
	}

	/** Chooses a slot nobody is on. Two that choose one at the same moment notice when they look. */
	private chooseSlot(): boolean {
		mkdirSync(this.folder, { recursive: true });
		if (!this.readHeads()) {
			return false;
		}
		const time = this.now();
		const first = Math.floor(Math.random() * slotCount);
		for (let tries = 0; tries < slotCount; tries += 1) {
			const slot = (first + tries) % slotCount;
			if (!this.isAlive(slot, time)) {
				this.slot = slot;
				// The file must be there before it can be watched.
				this.answersOf(slot).write(Float64Array.of(0), 0);
				this.bell = new Bell(this.answerPath(slot));
				return true;
			}
		}
		return false;
	}

	private leave(): void {
		if (this.slot !== undefined) {
			this.bell?.dispose();
			this.bell = undefined;
			this.slot = undefined;
		}
	}

	private answerPath(slot: number): string {
		return join(this.folder, `answer-${slot}`);
	}

	private answersOf(slot: number): SharedFile {
		let file = this.answers.get(slot);
		if (file === undefined) {
			file = new SharedFile(this.answerPath(slot));
			this.answers.set(slot, file);
		}
		return file;
	}

	private renew(slot: number): boolean {
		this.numbers.set([this.token, this.now(), this.length, this.checksum]);
		return this.requests.write(this.numbers, slot * headBytes);
	}

	private numberAt(slot: number, which: number): number {
		return this.heads[slot * headNumbers + which] ?? 0;
	}

	private isAlive(slot: number, time: number): boolean {
		const silent = time - this.numberAt(slot, 1);
		return this.numberAt(slot, 0) !== 0 && silent < abandonedMilliseconds && silent > -abandonedMilliseconds;
	}

	/** Whether somebody else waits there, and nobody is at it. */
	private isOpen(slot: number, time: number): boolean {
		const token = this.numberAt(slot, 0);
		if (token === 0 || token === this.token || this.numberAt(slot, 2) <= 0 || !this.isAlive(slot, time)) {
			return false;
		}
		return this.numberAt(slot, 4) !== token || time - this.numberAt(slot, 5) >= unansweredMilliseconds;
	}

	private readHeads(): boolean {
		return this.requests.read(this.heads, 0);
	}

	/** undefined when it is not, or not yet, what its writer meant; so for answers. */
	private readRequest(slot: number): string | undefined {
		const length = this.numberAt(slot, 2);
		if (!Number.isInteger(length) || length > requestBytes) {
			return undefined;
		}
		const bytes = Buffer.allocUnsafe(length);
		const isRead = this.requests.read(bytes, bodyOffset(slot)) && crc32(bytes) === this.numberAt(slot, 3);
		return isRead ? bytes.toString() : undefined;
	}

	private readAnswer(slot: number): string | undefined {
		const file = this.answersOf(slot);
		if (!file.read(this.answerText, 0)) {
			return undefined;
		}
		const [token = 0, length = 0, checksum = 0] = new Float64Array(this.answerText.buffer, 0, answerNumbers);
		if (token === this.token && length === unserved) {
			return 'gone';
		}
		if (token !== this.token || !Number.isInteger(length) || length <= 0 || length > longestAnswerBytes) {
			return undefined;
		}
		const start = answerNumbers * numberBytes;
		let bytes = this.answerText.subarray(start, start + length);
		if (bytes.length < length) {
			bytes = Buffer.allocUnsafe(length);
			file.read(bytes, start);
		}
		return crc32(bytes) === checksum ? bytes.toString() : undefined;
	}
}

const bodyOffset = (slot: number): number => bodiesOffset + slot * requestBytes;

const markOffset = (slot: number): number => slot * headBytes + requestNumbers * numberBytes;
