// Owns the machine's two clocks. Nothing else in the product asks the system for the time.

import { performance } from 'node:perf_hooks';
import type { Clock } from '../core/ports.ts';

export const systemClock: Clock = {
	now: () => Date.now(),
	monotonic: () => performance.now(),
};
