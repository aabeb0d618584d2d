// Owns how a host is known beyond its pid, so that an heir need not wait for the lease of a process that is surely dead. In doubt
// (another machine, another container, a system that does not tell) nobody is taken for dead.

import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { JsonObject } from '../base/json.ts';
import type { Lease } from '../core/ledger.ts';
import { systemProcessTable } from './processTable.ts';

export interface HostIdentity extends JsonObject {
	readonly pid: number;
	/** Opaque start time of the process; empty where the system does not tell. */
	readonly started: string;
	/** Machine and, where there are such, the space in which the pid has its meaning. */
	readonly machine: string;
}

export async function thisHost(): Promise<HostIdentity> {
	const { pid } = process;
	return { pid, started: (await systemProcessTable().startsOf([pid])).get(pid) ?? '', machine: machineName() };
}

/** Whether the process that holds a lease is gone for certain. */
export async function isHostGone({ data }: Lease): Promise<boolean> {
	const { pid, started, machine } = data;
	if (typeof pid !== 'number' || typeof started !== 'string' || started === '' || machine !== machineName()) {
		return false;
	}
	return (await systemProcessTable().startsOf([pid])).get(pid) !== started;
}

function machineName(): string {
	try {
		return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
	} catch {
		return hostname();
	}
}
