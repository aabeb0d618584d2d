// Owns what the checker asks of `dreamos stats`: each figure is counted once more from the rows of the ledger, by other ways than the
// product's, and nobody had a hand in the run.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Tell } from './checkSoak.ts';
import type { Observations } from './runSoak.ts';
import type { SoakRecord } from './soakRecord.ts';

interface Share {
	readonly tasks: number;
	readonly of: number;
}

/** What is looked at of the answer of `dreamos stats --json`. */
export interface SoakFigures {
	readonly completed: number;
	readonly failed: number;
	readonly completion_seconds: { readonly median: number | null };
	readonly at_work_seconds: number;
	readonly longest_alone_seconds: number;
	readonly interventions: number;
	readonly recovered: Share;
	readonly without_a_person: Share;
	readonly drift: { readonly count: number };
	readonly restarts: { readonly count: number };
}

/** Asks as a person in a terminal does. */
export function askFigures(folder: string): SoakFigures {
	const cli = join(import.meta.dirname, '../../src/cli.ts');
	const { stdout, stderr } = spawnSync(
		process.execPath,
		[cli, 'stats', '--json', '--days', '2', '--workspace', folder],
		{
			encoding: 'utf8',
		},
	);
	if (stdout === '') {
		throw new Error(`dreamos stats gave no answer: ${stderr}`);
	}
	return JSON.parse(stdout) as SoakFigures;
}

/** Seconds are rounded, and a run is opened a moment after its task is claimed. */
const spareSeconds = 2;

export function checkFigures({ figures, killed, seconds }: Observations, record: SoakRecord, tell: Tell): void {
	const tasks = [...record.tasks.values()];
	const completed = tasks.filter(({ status }) => status === 'COMPLETED');
	const ended = tasks.filter(({ status }) => ['COMPLETED', 'FAILED', 'BLOCKED'].includes(status));
	const troubled = new Set(
		record.runs
			.filter(({ state, code }) => code !== undefined || ['failed', 'lost', 'blocked'].includes(state))
			.map(({ taskId }) => taskId),
	);
	const { reviewed } = record;
	const atWork = secondsAtWork(record);
	const wanted: readonly (readonly [name: string, said: number, counted: number, spare?: number])[] = [
		['completed', figures.completed, completed.length],
		['failed', figures.failed, tasks.filter(({ status }) => status === 'FAILED').length],
		['recovered.of', figures.recovered.of, ended.filter(({ id }) => troubled.has(id)).length],
		[
			'recovered.tasks',
			figures.recovered.tasks,
			completed.filter(({ id }) => troubled.has(id) && !reviewed.has(id)).length,
		],
		['without_a_person.of', figures.without_a_person.of, completed.length],
		[
			'without_a_person.tasks',
			figures.without_a_person.tasks,
			completed.filter(({ id }) => !reviewed.has(id)).length,
		],
		['interventions', figures.interventions, 0],
		['drift.count', figures.drift.count, record.counts.get('run.drifted') ?? 0],
		['restarts.count', figures.restarts.count, (record.counts.get('host.started') ?? 1) - 1],
		['at_work_seconds', figures.at_work_seconds, atWork, spareSeconds],
	];
	for (const [name, said, counted, spare = 0] of wanted) {
		if (Math.abs(said - counted) > spare) {
			tell('figures', `${name} is ${said} in dreamos stats, and ${counted} when it is counted.`);
		}
	}
	const median = figures.completion_seconds.median ?? 0;
	if (!isMedian(median, completed)) {
		tell(
			'figures',
			`completion_seconds.median is ${median} in dreamos stats, and half of the tasks took otherwise.`,
		);
	}
	if (figures.restarts.count > killed.host) {
		tell('figures', `${figures.restarts.count} restarts are told, and ${killed.host} hosts were killed.`);
	}
	if (figures.at_work_seconds > seconds + spareSeconds || figures.longest_alone_seconds > figures.at_work_seconds) {
		tell('figures', 'More time at work is told than there was.');
	}
}

/** Seconds in which at least one run was open. */
function secondsAtWork({ runs }: SoakRecord): number {
	let [total, until] = [0, 0];
	for (const { openedAt, closedAt } of runs.toSorted((one, other) => one.openedAt - other.openedAt)) {
		total += Math.max(0, closedAt - Math.max(openedAt, until));
		until = Math.max(until, closedAt);
	}
	return Math.round(total / 1000);
}

/** Half of the tasks took as long or less, and half as long or longer. */
function isMedian(said: number, completed: readonly { readonly tookSeconds: number | undefined }[]): boolean {
	const times = completed.flatMap(({ tookSeconds }) => tookSeconds ?? []);
	const shorter = times.filter((time) => time <= said + spareSeconds).length;
	const longer = times.filter((time) => time >= said - spareSeconds).length;
	return Math.min(shorter, longer) >= Math.floor(times.length / 2);
}
