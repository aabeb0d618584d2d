// Owns the one word for what the swarm does, as every view says it.

import type { SwarmState } from '../core/swarm/swarmSnapshot.ts';

const wordOfMode = { work: 'running', drain: 'draining', pause: 'paused' } as const;

export type SwarmWord = 'stopped' | 'starting' | (typeof wordOfMode)[keyof typeof wordOfMode];

export function swarmWord({ shouldRun, isHostAlive, mode }: SwarmState): SwarmWord {
	if (!shouldRun) {
		return 'stopped';
	}
	return isHostAlive ? wordOfMode[mode] : 'starting';
}
