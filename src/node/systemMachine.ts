// Owns how much of the machine is left: memory a new program could have, and what the processors did.

import { execFile } from 'node:child_process';
import { cpus, freemem, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { Machine } from '../core/ports.ts';

/** `platform` for tests. */
export function systemMachine(platform: NodeJS.Platform = process.platform): Machine {
	return {
		async load() {
			const times = cpus().map((each) => each.times);
			const idleMilliseconds = times.reduce((sum, { idle }) => sum + idle, 0);
			const busyMilliseconds = times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, 0);
			return {
				freeMemoryBytes: platform === 'darwin' ? await macMemory() : freemem(),
				idleMilliseconds,
				processorMilliseconds: idleMilliseconds + busyMilliseconds,
			};
		},
	};
}

/** macOS keeps memory full of what it can drop at once, and calls only the rest free: the kernel's own figure is in per cent of all. */
async function macMemory(): Promise<number> {
	try {
		const { stdout } = await promisify(execFile)('/usr/sbin/sysctl', ['-n', 'kern.memorystatus_level']);
		const percent = Number(stdout.trim());
		return Number.isFinite(percent) ? (totalmem() * percent) / 100 : totalmem();
	} catch {
		// Without a figure nobody is held up.
		return totalmem();
	}
}
