// Owns counting the time in which a run stands still for people: a question is open, or it is paused. Time that two of them share
// counts once.

import type { Clock } from '../ports.ts';

export class WaitClock {
	private readonly clock: Pick<Clock, 'monotonic'>;
	private open = 0;
	private since = 0;
	private past = 0;

	constructor(clock: Pick<Clock, 'monotonic'>) {
		this.clock = clock;
	}

	/** Milliseconds so far. */
	get total(): number {
		return this.past + (this.open > 0 ? this.clock.monotonic() - this.since : 0);
	}

	/** Returns what ends this wait. */
	begin(): () => void {
		if (this.open === 0) {
			this.since = this.clock.monotonic();
		}
		this.open += 1;
		return () => {
			this.open -= 1;
			if (this.open === 0) {
				this.past += this.clock.monotonic() - this.since;
			}
		};
	}
}
