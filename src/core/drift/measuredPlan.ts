// Owns one signal of drift: a plan that does not move. Where an agent has no plan it says nothing.

import { isJsonObject } from '../../base/json.ts';
import type { DriftSignal } from './driftReading.ts';

export class MeasuredPlan {
	private most = 0;
	private open = 0;
	private current = '';
	private since = 0;
	private back = 0;

	/** One step of the run ended. */
	step(): void {
		this.since += 1;
	}

	/** The plan as the agent tells it now. */
	note(entries: unknown): void {
		if (!Array.isArray(entries)) {
			return;
		}
		const all = (entries as readonly unknown[]).filter(isJsonObject);
		const of = (status: string) => all.filter((entry) => entry['status'] === status);
		const done = of('completed').length;
		const current = JSON.stringify(of('in_progress').map((entry) => entry['content']));
		this.open = all.length - done;
		if (done < this.most) {
			this.back += 1;
		}
		if (done > this.most || (current !== this.current && done === this.most && this.back === 0)) {
			this.since = 0;
		}
		if (done > this.most) {
			this.most = done;
			this.back = 0;
		}
		this.current = current;
	}

	/** Whether something was crossed off, or begun, not long ago. */
	get isMoving(): boolean {
		return this.most > 0 && this.since < 40;
	}

	beginAgain(): void {
		this.since = 0;
		this.back = 0;
	}

	signal(): DriftSignal {
		const since = this.open === 0 ? 0 : this.since;
		const stands = Math.min(1, Math.max(0, (since - 40) / 80));
		const goesBack = this.open === 0 ? 0 : Math.min(1, Math.max(0, (this.back - 1) / 3));
		return goesBack > stands
			? { name: 'plan', figure: this.back, strength: goesBack, text: `Its plan went back ${this.back} times` }
			: { name: 'plan', figure: since, strength: stands, text: `Its plan has not moved for ${since} steps` };
	}
}
