// Owns the driver for the language models of the editor. Its loop, its tools and its permissions are ours; the model is asked through
// a port, because only a window can ask one.

import type { Driver, DriverPorts } from '../../core/driver/driver.ts';
import { checkLmAgent } from './lmCheck.ts';
import { startLmRun } from './lmRun.ts';

export function createLmDriver(ports: DriverPorts): Driver {
	return {
		id: 'lm',
		title: "Editor's Language Model",
		givesTools: true,
		isSteerable: true,
		refusal: () => undefined,
		start: (job, listener) => startLmRun(ports, job, listener),
		check: (job, choices) => checkLmAgent(ports, job, choices),
	};
}
