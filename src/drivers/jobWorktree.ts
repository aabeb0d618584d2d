// Owns the check before a job: its worktree is an absolute path to a folder that is there. Some agents would accept anything
// and work somewhere else.

import { isAbsolute } from 'node:path';
import type { DriverJob, DriverPorts } from '../core/driver/driver.ts';
import { driverError } from './driverFailure.ts';

/** Rejects with `worktree.missing`. */
export async function checkWorktree(ports: DriverPorts, job: DriverJob): Promise<void> {
	const found = isAbsolute(job.worktree) ? await ports.files.stat(job.worktree).catch(() => undefined) : undefined;
	if (found?.isFolder !== true) {
		throw driverError('worktree.missing', `The worktree ${job.worktree} of ${job.run_id} is not there.`, {
			advice: 'Something removed it while the run began; another try makes a new one.',
			isTransient: true,
		});
	}
}
