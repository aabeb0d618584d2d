// Owns two signals of drift that only add to others: how full the context is, and how long or dear the run is against others of its
// kind.

import { formatDuration } from '../../base/words.ts';
import type { DriftSignal } from './driftReading.ts';
import type { DriftLine } from './driftSteps.ts';

/** What tasks of one type take, by those that were completed; undefined where too few were. */
export interface UsualPace {
	readonly milliseconds?: number | undefined;
	readonly tokens?: number | undefined;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
/** A run this short is not slow, whatever others take. */
const shortestMilliseconds = 120_000;

export class MeasuredPace {
	private readonly usual: UsualPace;
	private beganAt: number | undefined;
	private lastAt = 0;
	private tokens = 0;
	private fill = 0;

	constructor(usual: UsualPace = {}) {
		this.usual = usual;
	}

	note({ at, kind, data = {} }: DriftLine): void {
		this.beganAt ??= at;
		this.lastAt = Math.max(this.lastAt, at);
		if (kind !== 'usage' || data['isRepeated'] === true) {
			return;
		}
		const { used, size } = data;
		if (isNumber(used) && isNumber(size) && size > 0) {
			this.fill = used / size;
		} else {
			const total = data['totalTokens'] ?? data['total_tokens'];
			this.tokens += isNumber(total)
				? total
				: Object.entries(data).reduce(
						(sum, [name, value]) => sum + (isNumber(value) && /tokens$/iu.test(name) ? value : 0),
						0,
					);
		}
	}

	context(): DriftSignal {
		const strength = Math.min(1, Math.max(0, (this.fill - 0.8) / 0.15));
		return {
			name: 'context',
			figure: this.fill,
			strength,
			text: `Its context is ${Math.round(this.fill * 100)}% full`,
		};
	}

	signal(): DriftSignal {
		const took = this.lastAt - (this.beganAt ?? this.lastAt);
		const { milliseconds, tokens } = this.usual;
		const byTime = milliseconds === undefined || took < shortestMilliseconds ? 0 : took / Math.max(1, milliseconds);
		const byTokens = tokens === undefined ? 0 : this.tokens / Math.max(1, tokens);
		const figure = Math.max(byTime, byTokens);
		const what = byTime >= byTokens ? formatDuration(took) : `${this.tokens} tokens`;
		return {
			name: 'pace',
			figure,
			strength: Math.min(1, Math.max(0, (figure - 3) / 5)),
			text: `It has taken ${what}, ${figure.toFixed(1)} times as much as such tasks do`,
		};
	}
}
