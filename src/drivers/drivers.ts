// Owns the list of ways to run an agent. A new driver is one folder beside this file and one line in it.

import type { Driver, DriverFactory, DriverPorts } from '../core/driver/driver.ts';
import { createAcpDriver } from './acp/acpDriver.ts';
import { createCommandDriver } from './command/commandDriver.ts';
import { createLmDriver } from './lm/lmDriver.ts';

const factories: readonly DriverFactory[] = [createCommandDriver, (ports) => createAcpDriver(ports), createLmDriver];

/** Every driver by its id, the value of `driver` in `runtime/agents.json`. `human` is not among them: a person runs itself. */
export function createDrivers(ports: DriverPorts): ReadonlyMap<string, Driver> {
	return new Map(factories.map((create) => create(ports)).map((driver) => [driver.id, driver]));
}
