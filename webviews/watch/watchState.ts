// Owns what the page remembers over a reload: which run, whether it follows, where it was scrolled to. The rest is read again.

import type { WatchState } from '../../src/protocol/watchApi.ts';

const filters = ['all', 'messages', 'tools'] as const;

const fieldOf = (value: unknown, name: string): unknown =>
	typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** Reads what was kept; anything unexpected, or kept for another run, means following the newest. */
export function readState(kept: unknown, runId: string): WatchState {
	const isSame = fieldOf(kept, 'runId') === runId;
	const anchor = isSame ? fieldOf(kept, 'anchor') : undefined;
	const [offset, key, pixels] = [fieldOf(anchor, 'offset'), fieldOf(anchor, 'key'), fieldOf(anchor, 'pixels')];
	const isPlace = typeof offset === 'number' && typeof key === 'string' && typeof pixels === 'number';
	return {
		runId,
		isFollowing: !(isSame && fieldOf(kept, 'isFollowing') === false && isPlace),
		anchor: isPlace ? { offset, key, pixels } : null,
		filter: filters.find((each) => isSame && each === fieldOf(kept, 'filter')) ?? 'all',
	};
}
