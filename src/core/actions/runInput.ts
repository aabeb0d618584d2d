// Owns what actions about runs have in common: their input, and whether there is something to decide.

import * as z from 'zod';
import { DreamError } from '../../base/errors.ts';
import type { Run } from '../run/run.ts';

const runId = z.string().min(1).describe('Id of the run');
export const byRun = { run_id: runId };

/** The run of a task that waits for a person; fails with what it is instead. */
export function requireReview(run: Run): void {
	if (run.state !== 'review') {
		throw new DreamError(
			'run.notInReview',
			`Run ${run.run_id} is ${run.state}; there is no change of it to decide on.`,
			{
				details: { run_id: run.run_id, state: run.state },
			},
		);
	}
}
