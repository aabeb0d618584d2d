// Owns the few asynchronous shapes the house needs: one job at a time, coalescing, a sleep that can be aborted.

import type { Disposable } from './event.ts';

/** Runs jobs one after the other per key; a failing job does not stop the next. */
export class Sequencer {
	private readonly tails = new Map<string, Promise<unknown>>();

	run<T>(key: string, job: () => Promise<T>): Promise<T> {
		const previous = this.tails.get(key) ?? Promise.resolve();
		const next = previous.then(job, job);
		const tail = next.then(
			() => undefined,
			() => undefined,
		);
		this.tails.set(key, tail);
		void tail.then(() => {
			if (this.tails.get(key) === tail) {
				this.tails.delete(key);
			}
		});
		return next;
	}
}

/** Resolves after the given milliseconds, or rejects with the signal's reason as soon as it aborts. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		if (signal?.aborted === true) {
			reject(signal.reason);
			return;
		}
		const onAbort = () => {
			clearTimeout(timer);
			reject(signal?.reason);
		};
		const timer = setTimeout(() => {
			signal?.removeEventListener('abort', onAbort);
			resolve();
		}, milliseconds);
		signal?.addEventListener('abort', onAbort, { once: true });
	});
}

/** A wait that goes on is looked at again after this long, however little of it there was. */
const shortestLook = 250;
/** The longest time a timer can wait. */
const longestTimer = 2 ** 31 - 1;

/**
 * Resolves once so many milliseconds have passed besides those that `waited` counts, which never goes down; rejects as `sleep` does.
 */
export async function sleepWithoutWaits(
	milliseconds: number,
	waited: () => number,
	signal?: AbortSignal,
): Promise<void> {
	let counted = waited();
	for (let left = milliseconds; left > 0;) {
		await sleep(Math.min(left, longestTimer), signal);
		const before = counted;
		counted = waited();
		left = counted > before ? Math.max(counted - before, shortestLook) : 0;
	}
}

export interface Coalescer extends Disposable {
	/** Asks for a run; calls within the window and calls during a run fold into one more run. */
	trigger(): void;
	/** Resolves when nothing is running or asked for. */
	idle(): Promise<void>;
}

/**
 * Folds bursts of triggers into single runs of an asynchronous job, never two at once.
 * @param window how long triggers are gathered before a run, in milliseconds; asked anew for each when it is a function.
 */
export function coalesce(
	window: number | (() => number),
	job: () => Promise<void>,
	onError: (error: unknown) => void,
): Coalescer {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let running: Promise<void> | undefined;
	const wait = () => (typeof window === 'number' ? window : window());
	let isAskedAgain = false;
	let isDisposed = false;
	const waiters: (() => void)[] = [];

	const settle = () => {
		if (running === undefined && timer === undefined) {
			for (const waiter of waiters.splice(0)) {
				waiter();
			}
		}
	};
	const start = () => {
		timer = undefined;
		running = job()
			.catch(onError)
			.finally(() => {
				running = undefined;
				if (isAskedAgain && !isDisposed) {
					isAskedAgain = false;
					timer = setTimeout(start, wait());
				}
				settle();
			});
	};
	return {
		trigger() {
			if (isDisposed) {
				return;
			}
			if (running !== undefined) {
				isAskedAgain = true;
			} else {
				timer ??= setTimeout(start, wait());
			}
		},
		idle: () =>
			new Promise((resolve) => {
				waiters.push(resolve);
				settle();
			}),
		dispose() {
			isDisposed = true;
			clearTimeout(timer);
			timer = undefined;
			settle();
		},
	};
}

/**
 * Shares a look at something that changes among all who ask meanwhile. Each gets a look that began after it asked, so nobody gets an
 * older answer than a look of its own would give; there are never two at once.
 */
export function shareLooks<T>(look: () => Promise<T>): () => Promise<T> {
	let running: Promise<unknown> = Promise.resolve();
	let next: Promise<T> | undefined;
	return () => {
		if (next === undefined) {
			next = running.then(begin, begin);
			running = next;
		}
		return next;
	};

	function begin(): Promise<T> {
		next = undefined;
		return look();
	}
}

/** The value of the work, or `otherwise` when it takes longer; rejects as the work does. */
export function withinTime<T, U = undefined>(milliseconds: number, work: Promise<T>, otherwise?: U): Promise<T | U> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => resolve(otherwise as U), Math.min(milliseconds, longestTimer));
		void work.then(resolve, reject).finally(() => clearTimeout(timer));
	});
}

/** Rejects with the given error when the work takes longer; the work itself is told through the signal. */
export async function withTimeout<T>(
	milliseconds: number,
	work: (signal: AbortSignal) => Promise<T>,
	onTimeout: () => Error,
): Promise<T> {
	const controller = new AbortController();
	let timer: ReturnType<typeof setTimeout> | undefined;
	const timeout = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(() => {
			const error = onTimeout();
			controller.abort(error);
			reject(error);
		}, milliseconds);
	});
	try {
		return await Promise.race([work(controller.signal), timeout]);
	} finally {
		clearTimeout(timer);
	}
}

/** Items that are worked on together: enough to hide latency, few enough to hold in memory. */
const batchSize = 16;

/** Works on a list of items a few at a time, or `size` at a time; the values in the order of the items. Rejects with the first failure. */
export async function inBatches<Item, Value>(
	items: readonly Item[],
	work: (item: Item) => Promise<Value>,
	size = batchSize,
): Promise<Value[]> {
	const values: Value[] = [];
	for (let start = 0; start < items.length; start += size) {
		values.push(...(await Promise.all(items.slice(start, start + size).map(work))));
	}
	return values;
}
