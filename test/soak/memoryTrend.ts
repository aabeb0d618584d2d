// Owns whether the memory of a host stays flat: a line through what its last life took, without its first minute.

import type { MemorySample } from './soakLives.ts';

export interface Trend {
	/** Slope of the line through the samples. */
	readonly megabytesPerMinute: number;
	/** How long the samples reach. */
	readonly minutes: number;
	readonly medianMegabytes: number;
	readonly isFlat: boolean;
}

const megabyte = 1024 * 1024;
const warmUpSeconds = 60;
/** Shorter lives show the garbage of the moment and no trend. */
const leastMinutes = 3;
/** Growth over the life that is taken for garbage that was not yet collected. */
const spareMegabytes = 40;
const spareShare = 0.3;

/** The trend of the last life; undefined where it was too short to have one. */
export function memoryTrend(samples: readonly MemorySample[]): Trend | undefined {
	const last = samples.at(-1)?.life;
	const life = samples.filter((sample) => sample.life === last);
	const begin = (life[0]?.at ?? 0) + warmUpSeconds;
	const points = life.filter(({ at }) => at >= begin).map(({ at, bytes }) => ({ x: at / 60, y: bytes / megabyte }));
	const minutes = (points.at(-1)?.x ?? 0) - (points[0]?.x ?? 0);
	if (minutes < leastMinutes) {
		return undefined;
	}
	const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
	const [middleX, middleY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
	const megabytesPerMinute =
		mean(points.map(({ x, y }) => (x - middleX) * (y - middleY))) / mean(points.map(({ x }) => (x - middleX) ** 2));
	const sorted = points.map(({ y }) => y).toSorted((one, other) => one - other);
	const medianMegabytes = sorted[Math.floor(sorted.length / 2)] ?? 0;
	const growth = megabytesPerMinute * minutes;
	return {
		megabytesPerMinute,
		minutes,
		medianMegabytes,
		isFlat: growth <= Math.max(spareMegabytes, medianMegabytes * spareShare),
	};
}
