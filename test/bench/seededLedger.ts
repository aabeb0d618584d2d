// Owns the ledger that claims are measured on: real tasks through the real door, as many as a big project has.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { nullLogger } from '../../src/base/log.ts';
import type { Actor } from '../../src/core/actor.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import { createTask } from '../../src/core/task/createTask.ts';
import type { TaskPriority } from '../../src/core/task/taskPriority.ts';
import { taskPriorities } from '../../src/core/task/taskPriority.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import { grantedOf } from './claimCrowd.ts';
import type { ClaimReport } from './claimCrowd.ts';
import { warmUpClaims } from './crowdMember.ts';
import { taskId } from './taskId.ts';

/** The size every budget speaks of. */
export const taskCount = 10_000;

export const benchActor: Actor = { kind: 'system', id: 'bench' };

const tasksPerTransaction = 500;

export const openBenchLedger = (path: string): Promise<Ledger> =>
	openLedger({ path, clock: systemClock, log: nullLogger });

/** Makes a ledger with ready tasks of ordinary size, closes it, and returns its path. Its log is empty afterwards. */
export async function seedLedger(folder: string, count = taskCount): Promise<string> {
	const path = join(folder, 'dreamos.db');
	const ledger = await openBenchLedger(path);
	for (let start = 0; start < count; start += tasksPerTransaction) {
		await ledger.write(benchActor, async (transaction) => {
			for (let index = start; index < Math.min(start + tasksPerTransaction, count); index += 1) {
				await createTask(transaction, ordinaryTask(index));
			}
		});
	}
	ledger.dispose();
	return path;
}

/** What people write on boards: a title, a few sentences, some tags, steps and a gate. */
export function ordinaryTask(index: number) {
	const priority: TaskPriority = taskPriorities[index % taskPriorities.length] ?? 'MEDIUM';
	return {
		task_id: taskId(index),
		name: `Make the parser of module ${index} report where it failed`,
		description: 'It says "invalid input" today. Say the line and the column, and what was expected there. '.repeat(
			4,
		),
		priority,
		tags: ['parser', 'errors', `module-${index % 40}`],
		params: { run: [`printf '%s' done > result-${index}.txt`] },
		validation: { commands: [`test -s result-${index}.txt`] },
	};
}

/** Bytes the ledger's log holds; it grows until the first checkpoint and is written over from then on. */
export const logBytes = (path: string): number => statSync(`${path}-wal`).size;

/** Every granted claim is in the ledger, and no task has two. */
export async function assertClaimedOnce(path: string, reports: readonly ClaimReport[]): Promise<void> {
	const ledger = await openBenchLedger(path);
	try {
		const runs = await ledger.read((reader) => reader.runs());
		const granted = reports.reduce((sum, report) => sum + grantedOf(report) + warmUpClaims, 0);
		const tasks = new Set(runs.map(({ task_id }) => task_id));
		if (runs.length !== granted || tasks.size !== granted) {
			throw new Error(
				`${granted} claims were granted, the ledger holds ${runs.length} runs of ${tasks.size} tasks.`,
			);
		}
	} finally {
		ledger.dispose();
	}
}
