// Owns how soon a swarm host that ended by itself is started again: at once for one accident or two, ever later for a host that
// cannot stay alive.

/** Starts within this time count as one series. */
const seriesMilliseconds = 120_000;
/** After the first start of a series, the second, and so on; the last for all that follow. */
const pauses = [0, 2000, 10_000, 30_000, 60_000] as const;
/** From this start of a series on the person is told. */
const tellFrom = 3;

export interface NotedStart {
	/** Starts in the series, this one included. */
	readonly count: number;
	/** Whether the person should hear of it: once in a series. */
	readonly isNews: boolean;
}

export class RestartPace {
	private starts: readonly number[] = [];
	private notBefore = 0;
	private isTold = false;

	/** @param now Milliseconds, by a clock that is never set. */
	isDue(now: number): boolean {
		return now >= this.notBefore;
	}

	/** Takes note of a start that is made now. */
	note(now: number): NotedStart {
		this.starts = [...this.starts.filter((at) => now - at < seriesMilliseconds), now];
		const count = this.starts.length;
		this.notBefore = now + (pauses[Math.min(count, pauses.length) - 1] ?? 0);
		this.isTold &&= count > 1;
		const isNews = count >= tellFrom && !this.isTold;
		this.isTold ||= isNews;
		return { count, isNews };
	}
}
