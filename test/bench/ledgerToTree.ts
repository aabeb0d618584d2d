// Measures how soon the views of one process know what another one changed.
//
// Method: a live workspace of 10,000 tasks in this process, as every editor window has one: watcher, mirror, model. A second
// process moves one task (backlog to ready queue or back) and notes the moment its commit was acknowledged, by the clock both
// share. We note the moment the model announces a snapshot that shows the move; the tree asks the editor to redraw in that same
// moment. Pauses between the changes differ, so that no timer of ours is always met at its best. The mirror writes the changed
// boards meanwhile, as it would. Two loads, and the slower p99 counts: one change at a time, and each change amid a burst of
// twenty.

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TaskStatus } from '../../src/core/task/taskStatus.ts';
import type { OpenWorkspace } from '../../src/workspace/workspaceOptions.ts';
import { defineBenchmark } from './benchmark.ts';
import type { OtherProcess } from './otherProcess.ts';
import { startOtherProcess } from './otherProcess.ts';
import { taskCount } from './seededLedger.ts';
import { openBenchWorkspace, seedWorkspace } from './seededWorkspace.ts';
import { percentile, shuffled } from './statistics.ts';
import { whenShown } from './whenShown.ts';
import { taskId } from './taskId.ts';

const warmUpChanges = 20;
const singleChanges = 150;
const bursts = 15;
const burstSize = 20;

export const ledgerToTree = defineBenchmark({
	figures: {
		'ledger.toTree': {
			title: 'change committed by another process → snapshot for the trees, p99',
			unit: 'ms',
			limit: { atMost: 100 },
		},
	},
	async measure({ folder, onEnd }) {
		const place = join(folder, 'workspace');
		await seedWorkspace(place);
		const workspace = await openBenchWorkspace(place, 'everything');
		onEnd(() => workspace.close());
		const other = await startOtherProcess(place);
		onEnd(() => other.end());
		await workspace.model.settled();

		const ids = [...shuffled(taskCount, 1)].map(taskId);
		const change = async (): Promise<number> => {
			const id = ids.pop() ?? '';
			const isReady = workspace.model.current.tasks.get(id)?.task.status === 'READY';
			return delayOf(workspace, other, id, isReady ? 'PENDING' : 'READY');
		};
		const single: number[] = [];
		for (let count = 0; count < warmUpChanges + singleChanges; count += 1) {
			await delay(30 + 140 * Math.random());
			single.push(await change());
		}
		single.splice(0, warmUpChanges);
		const amid: number[] = [];
		for (let count = 0; count < bursts; count += 1) {
			await delay(200 + 200 * Math.random());
			amid.push(...(await Promise.all(Array.from({ length: burstSize }, change))));
		}
		return {
			'ledger.toTree': {
				value: Math.max(percentile(single, 0.99), percentile(amid, 0.99)),
				notes: [describe('one change at a time', single), describe(`bursts of ${burstSize}`, amid)],
			},
		};
	},
});

/** Milliseconds between the commit in the other process and the first snapshot that shows it. */
async function delayOf(workspace: OpenWorkspace, other: OtherProcess, id: string, status: TaskStatus): Promise<number> {
	const shown = whenShown(workspace, `${id} as ${status}`, ({ tasks }) => tasks.get(id)?.task.status === status);
	const [committed, seen] = await Promise.all([
		other.write({ id, move: status === 'READY' ? 'ready' : 'shelve' }),
		shown,
	]);
	return seen - committed;
}

function describe(load: string, times: readonly number[]): string {
	const [half, most] = [percentile(times, 0.5), percentile(times, 0.99)];
	return `${load}: p50 ${half.toFixed(0)}, p99 ${most.toFixed(0)}, max ${Math.max(...times).toFixed(0)} ms (${times.length} changes)`;
}
