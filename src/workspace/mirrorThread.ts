// Owns the thread in which a window's boards are mirrored: reading and writing files of megabytes must not hold up the editor. It
// is started again when it ends by itself, and takes nothing with it: what it does is safe to be cut short at any point.

import { Worker } from 'node:worker_threads';
import { withTimeout } from '../base/async.ts';
import { describeError, DreamError } from '../base/errors.ts';
import { Emitter } from '../base/event.ts';
import type { Logger } from '../base/log.ts';
import type { Actor } from '../core/actor.ts';
import type { BoardProblem } from '../core/board/boardProblem.ts';
import type { BoardFileName } from '../core/task/archive.ts';
import type { MirrorDoor } from '../ledger/mirrorDoor.ts';
import type { MirrorReply, MirrorRequest, MirrorThreadData } from './mirrorMessages.ts';
import { hearError } from './mirrorMessages.ts';

export interface MirrorThreadOptions extends MirrorThreadData {
	/** Absolute path of the thread's program. */
	readonly script: string;
	readonly log: Logger;
}

type Call = MirrorRequest extends infer Request ? (Request extends MirrorRequest ? Omit<Request, 'id'> : never) : never;

interface Waiter {
	readonly resolve: (problems: readonly BoardProblem[]) => void;
	readonly reject: (error: Error) => void;
}

const restartMilliseconds = 1000;
const slowestRestartMilliseconds = 60_000;
const closeMilliseconds = 5000;

export class MirrorThread implements MirrorDoor {
	private readonly options: MirrorThreadOptions;
	private readonly changed: Emitter<readonly BoardProblem[]>;
	private readonly waiters = new Map<number, Waiter>();
	private worker: Worker | undefined;
	private restart: ReturnType<typeof setTimeout> | undefined;
	private failures = 0;
	private lastId = 0;
	private isDisposed = false;

	constructor(options: MirrorThreadOptions) {
		this.options = options;
		this.changed = new Emitter((error) => options.log.error('A listener to board problems failed.', error));
	}

	readonly onDidChangeProblems: MirrorDoor['onDidChangeProblems'] = (listener) => this.changed.event(listener);

	start(): void {
		if (this.isDisposed || this.worker !== undefined) {
			return;
		}
		const { script, folder } = this.options;
		const workerData: MirrorThreadData = { folder };
		const worker = new Worker(script, { workerData, name: 'Dream.OS boards' });
		this.worker = worker;
		// Whoever ends without closing is not held up.
		worker.unref();
		worker.on('message', (reply: MirrorReply) => this.hear(reply));
		let reason = 'it ended';
		worker.on('error', (error) => (reason = describeError(error)));
		worker.once('exit', () => this.onEnded(worker, reason));
	}

	async flush(): Promise<void> {
		await this.ask({ call: 'flush' });
	}

	check(): Promise<readonly BoardProblem[]> {
		return this.ask({ call: 'check' });
	}

	async acceptLedger(board: BoardFileName, actor: Actor): Promise<void> {
		await this.ask({ call: 'acceptLedger', board, actor });
	}

	async close(): Promise<void> {
		const { worker } = this;
		this.isDisposed = true;
		clearTimeout(this.restart);
		this.changed.dispose();
		if (worker !== undefined) {
			const late = () => new DreamError('mirror.ended', 'The thread that mirrors the boards did not close.');
			await withTimeout(closeMilliseconds, () => this.ask({ call: 'close' }), late).catch((error: unknown) =>
				this.options.log.warn(describeError(error)),
			);
			await worker.terminate();
		}
	}

	dispose(): void {
		this.isDisposed = true;
		clearTimeout(this.restart);
		this.changed.dispose();
		void this.worker?.terminate();
	}

	private ask(call: Call): Promise<readonly BoardProblem[]> {
		this.start();
		const { worker } = this;
		if (worker === undefined) {
			return Promise.reject(this.ended());
		}
		this.lastId += 1;
		const id = this.lastId;
		return new Promise((resolve, reject) => {
			this.waiters.set(id, { resolve, reject });
			worker.ref();
			worker.postMessage({ ...call, id } satisfies MirrorRequest);
		});
	}

	private hear(reply: MirrorReply): void {
		this.failures = 0;
		switch (reply.kind) {
			case 'problems':
				if (!this.isDisposed) {
					this.changed.fire(reply.problems);
				}
				return;
			case 'log':
				this.options.log[reply.level](reply.message);
				return;
			case 'answer':
				this.take(reply.id)?.resolve(reply.problems);
				return;
			case 'refusal':
				this.take(reply.id)?.reject(hearError(reply.error));
		}
	}

	private take(id: number): Waiter | undefined {
		const waiter = this.waiters.get(id);
		this.waiters.delete(id);
		if (this.waiters.size === 0) {
			this.worker?.unref();
		}
		return waiter;
	}

	private onEnded(worker: Worker, reason: string): void {
		if (this.worker !== worker) {
			return;
		}
		this.worker = undefined;
		for (const { reject } of this.waiters.values()) {
			reject(this.ended());
		}
		this.waiters.clear();
		if (!this.isDisposed) {
			const wait = Math.min(restartMilliseconds * 2 ** this.failures, slowestRestartMilliseconds);
			this.failures += 1;
			this.options.log.error(`The thread that mirrors the boards ended and is started again: ${reason}`);
			this.restart = setTimeout(() => this.start(), wait);
			this.restart.unref();
		}
	}

	private ended(): DreamError {
		return new DreamError(
			'mirror.ended',
			'The boards are not mirrored at this moment; the ledger has everything.',
			{
				details: { folder: this.options.folder },
				advice: 'It starts again by itself; Show Logs says why it ended.',
			},
		);
	}
}
