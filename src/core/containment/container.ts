// Owns what the core asks of whatever contains programs on a machine.

import type { ContainmentPlan } from './containmentPlan.ts';
import type { MachineContainment } from './machineContainment.ts';

export interface Container {
	/** What there is here. Tried once; never rejects for what is missing. */
	look(): Promise<MachineContainment>;
	/** The words that go before a command to hold it to a plan; undefined where nothing can. */
	wrap(plan: ContainmentPlan): Promise<readonly [program: string, ...rest: string[]] | undefined>;
}
