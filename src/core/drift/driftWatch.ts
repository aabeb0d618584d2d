// Owns watching one run for drift: takes its lines in, measures after each step, and says when a rung of the ladder is due. The same
// for a run at work and for one that is replayed from its log.

import { DriftLadder } from './driftLadder.ts';
import type { DriftTask } from './driftMeter.ts';
import { DriftMeter } from './driftMeter.ts';
import type { DriftReading, DriftRung, DriftSensitivity } from './driftReading.ts';
import type { DriftLine } from './driftSteps.ts';

export interface DriftFinding {
	readonly rung: DriftRung;
	readonly reading: DriftReading;
	/** Steps of the run so far. */
	readonly step: number;
}

/** An agent that only talks is measured after so many lines. */
const talkLines = 8;

export class DriftWatch {
	private readonly meter: DriftMeter;
	private readonly ladder: DriftLadder;
	private measuredSteps = 0;
	private talked = 0;
	private last: DriftReading | undefined;
	/** Something was found that the agent was not told yet: what it does until then is the same drift. */
	private isDue = false;

	/** `climbed`: rungs earlier attempts at the task took. */
	constructor(task: DriftTask, sensitivity: DriftSensitivity, climbed = 0) {
		this.meter = new DriftMeter(task);
		this.ladder = new DriftLadder(sensitivity, climbed);
	}

	/** What was measured last; undefined before the first step ended. */
	get reading(): DriftReading | undefined {
		return this.last;
	}

	note(line: DriftLine): DriftFinding | undefined {
		this.meter.note(line);
		this.talked += line.kind === 'message' || line.kind === 'thought' ? line.text.split('\n').length : 0;
		const { steps } = this.meter;
		if (steps === this.measuredSteps && this.talked < talkLines) {
			return undefined;
		}
		this.measuredSteps = steps;
		this.talked = 0;
		this.last = this.meter.measure();
		const rung = this.isDue ? undefined : this.ladder.next(this.last);
		if (rung === undefined) {
			return undefined;
		}
		this.isDue = true;
		return { rung, reading: this.last, step: steps };
	}

	/** The agent was told: what it does from here on counts. */
	beginAgain(): void {
		this.isDue = false;
		this.meter.beginAgain();
	}
}
