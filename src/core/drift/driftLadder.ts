// Owns when drift is noticed and what is done about it: a ladder of five steps that only goes up, for a task and all its attempts.
// It ends with a person; nothing on it is done twice.

import type { DriftReading, DriftRung, DriftSensitivity } from './driftReading.ts';
import { driftRungs, driftThresholds } from './driftReading.ts';

/** So many readings in a row have to say so: one odd moment is no drift. */
const inARow = 3;

export class DriftLadder {
	private readonly threshold: number;
	private run = 0;
	private climbed: number;

	/** `climbed`: how many rungs earlier attempts at the task took, as far as that still counts. */
	constructor(sensitivity: DriftSensitivity, climbed = 0) {
		this.threshold = driftThresholds[sensitivity];
		this.climbed = climbed;
	}

	/** The next rung, when a reading after a step shows drift. undefined while there is none, and when the ladder is at its end. */
	next({ score }: Pick<DriftReading, 'score'>): DriftRung | undefined {
		this.run = score >= this.threshold ? this.run + 1 : 0;
		if (this.run < inARow || this.climbed >= driftRungs.length) {
			return undefined;
		}
		this.run = 0;
		this.climbed += 1;
		return driftRungs[this.climbed - 1];
	}
}
