// Owns noticing that nothing has been heard of an agent for too long. Some agents wait for ever for an answer that will not come.

import type { Disposable } from '../base/event.ts';
import type { Clock } from '../core/ports.ts';

export interface SilenceWatch extends Disposable {
	/** Something was heard. */
	hear(): void;
}

export interface SilenceListener {
	/** Whether silence means nothing just now: a command may run for long without a word. */
	isExcused(): boolean;
	/** Milliseconds in which it stood still for a person's answer; they are no silence of its own. */
	waitedMilliseconds(): number;
	/** Called once. */
	onSilent(): void;
}

/** Watches from now on; `milliseconds` of 0 watches nothing. */
export function watchSilence(
	clock: Pick<Clock, 'monotonic'>,
	milliseconds: number,
	listener: SilenceListener,
): SilenceWatch {
	/** Time that is the agent's own. */
	const now = () => clock.monotonic() - listener.waitedMilliseconds();
	let heardAt = now();
	let timer: ReturnType<typeof setTimeout> | undefined;
	const look = () => {
		if (listener.isExcused()) {
			heardAt = now();
		}
		const remaining = milliseconds - (now() - heardAt);
		if (remaining <= 0) {
			listener.onSilent();
		} else {
			timer = setTimeout(look, remaining);
		}
	};
	if (milliseconds > 0) {
		timer = setTimeout(look, milliseconds);
	}
	return {
		hear() {
			heardAt = now();
		},
		dispose: () => clearTimeout(timer),
	};
}
