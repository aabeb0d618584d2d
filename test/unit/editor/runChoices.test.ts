// Checks which runs a steering command offers, and that it says what to do where there is none.

import assert from 'node:assert/strict';
import { isDreamError } from '../../../src/base/errors.ts';
import type { Run } from '../../../src/core/run/run.ts';
import type { SteeringCommand } from '../../../src/editor/commands/runChoices.ts';
import { runChoices } from '../../../src/editor/commands/runChoices.ts';
import { buildRun } from '../../support/swarmBuilders.ts';

describe('the runs a steering command is about', () => {
	const pause: Run['pause'] = { by: 'person:me', at: '2026-11-26T10:00:00.000Z', is_over: false };
	const runs = [
		buildRun('run-1', { task_id: 'A', worker: 'Agent-1', driver: 'acp', state: 'working' }),
		buildRun('run-2', { task_id: 'B', worker: 'Agent-2', driver: 'command', state: 'working' }),
		buildRun('run-3', { task_id: 'C', worker: 'Agent-3', driver: 'lm', state: 'working', pause }),
		buildRun('run-4', { task_id: 'D', worker: 'Agent-4', driver: 'acp', state: 'review' }),
	];
	const message: SteeringCommand = { title: 'Send Message', needsListener: true };
	const pausing: SteeringCommand = { title: 'Pause Run', needsListener: true, isPaused: false };
	const resuming: SteeringCommand = { title: 'Resume Run', isPaused: true };
	const names = (found: readonly Run[]) => found.map(({ run_id }) => run_id);

	it('are at work, and listen where that is needed', () => {
		assert.deepEqual(names(runChoices(runs, {}, { title: 'Restart Run' })), ['run-1', 'run-2', 'run-3']);
		assert.deepEqual(names(runChoices(runs, {}, message)), ['run-1', 'run-3']);
		assert.deepEqual(names(runChoices(runs, {}, pausing)), ['run-1']);
		assert.deepEqual(names(runChoices(runs, {}, resuming)), ['run-3']);
	});

	it('are those of the row', () => {
		assert.deepEqual(names(runChoices(runs, { agentId: 'Agent-3' }, message)), ['run-3']);
		assert.deepEqual(names(runChoices(runs, { taskId: 'A' }, message)), ['run-1']);
		assert.deepEqual(names(runChoices(runs, { runId: 'run-2' }, { title: 'Restart Run' })), ['run-2']);
	});

	it('may be none, which says why and what to do', () => {
		for (const [question, command, why, advice] of [
			[{ taskId: 'Z' }, message, /no such run is at work/u, /Start the swarm/u],
			[{ runId: 'run-4' }, message, /no such run is at work/u, /Start the swarm/u],
			[{ runId: 'run-2' }, message, /only runs the steps/u, /Release or restart/u],
			[{ runId: 'run-3' }, pausing, /already paused/u, /Resume Run/u],
			[{ runId: 'run-1' }, resuming, /nothing is paused/u, /Nothing has to be resumed/u],
		] as const) {
			assert.throws(
				() => runChoices(runs, question, command),
				(error) =>
					isDreamError(error, 'run.none') && why.test(error.message) && advice.test(error.advice ?? ''),
				why.source,
			);
		}
	});
});
