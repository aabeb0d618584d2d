// Owns what the ledger knows that bears on drift: how far up the ladder a task is already, and what tasks of its type usually take.

import { quantile } from '../figures/figure.ts';
import { readSpending } from '../figures/spending.ts';
import type { LedgerReader } from '../ledger.ts';
import type { Task } from '../task/task.ts';
import { freshStarts } from '../task/taskStatus.ts';
import type { UsualPace } from './measuredPace.ts';

const looked = 1000;
const comparedRuns = 60;
/** Fewer tell nothing. */
const fewestCompared = 5;

/** Rungs taken for a task since a person last decided about it. */
export async function climbedRungs(reader: Pick<LedgerReader, 'events'>, taskId: string): Promise<number> {
	let climbed = 0;
	for (const { type, data } of await reader.events({
		task_id: taskId,
		types: ['run.drifted', 'task.moved'],
		newestFirst: true,
		limit: looked,
	})) {
		if (type === 'run.drifted') {
			climbed += 1;
		} else if (freshStarts.some((move) => move === data?.['move'])) {
			break;
		}
	}
	return climbed;
}

/** By the last runs that completed a task of the same type. */
export async function usualPace(
	reader: Pick<LedgerReader, 'runs' | 'task'>,
	{ task_type: type }: Pick<Task, 'task_type'>,
): Promise<UsualPace> {
	const runs = await reader.runs({ state: ['completed'], limit: comparedRuns });
	const times: number[] = [];
	const tokens: number[] = [];
	for (const { task_id, opened_at, closed_at } of runs) {
		const task = (await reader.task(task_id))?.task;
		if (task?.task_type === type && closed_at !== null) {
			times.push(Date.parse(closed_at) - Date.parse(opened_at));
			const spent = readSpending(task).tokens;
			tokens.push(...(spent === undefined ? [] : [spent]));
		}
	}
	const median = (values: readonly number[]) => (values.length < fewestCompared ? undefined : quantile(values, 0.5));
	return { milliseconds: median(times), tokens: median(tokens) };
}
