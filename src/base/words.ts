// Owns small words: counts, durations and sizes as a person says them.

/** `45 s`, `3 min`, `1 h 5 min`, `2 d 3 h`; never negative. */
export function formatDuration(milliseconds: number): string {
	const seconds = Math.max(0, Math.floor(milliseconds / 1000));
	const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86_400)];
	const join = (large: string, rest: number, unit: string) => (rest === 0 ? large : `${large} ${rest} ${unit}`);
	if (minutes === 0) {
		return `${seconds} s`;
	}
	if (hours === 0) {
		return `${minutes} min`;
	}
	return days === 0 ? join(`${hours} h`, minutes % 60, 'min') : join(`${days} d`, hours % 24, 'h');
}

/** How long something took, which may have been no time at all: `36 ms`, `45 s`, `3 min`. */
export const formatTook = (milliseconds: number): string =>
	milliseconds < 1000 ? `${Math.max(0, Math.round(milliseconds))} ms` : formatDuration(milliseconds);

/** `1 task`, `3 tasks`. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
	return `${count} ${count === 1 ? singular : plural}`;
}

/** The sentence that fits the count, each a whole one: translations of words glued together are none. */
export const byCount = (count: number, one: string, many: string): string => (count === 1 ? one : many);

/** `a; b; c; and 2 more`: reasons of one answer. */
export function listed(items: readonly string[], limit = 3): string {
	const rest = items.length - limit;
	return `${items.slice(0, limit).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}

/** `512 B`, `14 KB`, `3.2 MB`, `1.5 GB`: at most three digits. */
export function formatBytes(bytes: number): string {
	const units = ['B', 'KB', 'MB', 'GB', 'TB'];
	const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
	const value = bytes / 1024 ** power;
	return `${value < 10 && power > 0 ? Number(value.toFixed(1)) : Math.round(value)} ${units[power] ?? ''}`;
}
