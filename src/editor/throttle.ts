// Owns how often a view is told: at once after a rest, then not more often than the interval, and never without the last change.

import type { Disposable } from '../base/event.ts';

/**
 * How often a tree may be told: at once after a rest, then with more than 200 ms between. The editor passes a change of a tree on
 * at once when the one before is 200 ms old; a later one it holds back, and starts its 200 ms anew with each that follows. A view
 * told more often than that would stand still for as long as the swarm is busy.
 */
export const treeMilliseconds = 250;

export interface Throttle extends Disposable {
	trigger(): void;
}

/** Calls the job at once, and for triggers during the interval after it once more at the interval's end. */
export function throttle(intervalMilliseconds: number, job: () => void): Throttle {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let isAsked = false;
	let isDisposed = false;
	const run = () => {
		isAsked = false;
		timer = setTimeout(() => {
			timer = undefined;
			if (isAsked) {
				run();
			}
		}, intervalMilliseconds);
		job();
	};
	return {
		trigger() {
			if (isDisposed) {
				return;
			}
			if (timer === undefined) {
				run();
			} else {
				isAsked = true;
			}
		},
		dispose() {
			isDisposed = true;
			clearTimeout(timer);
		},
	};
}
