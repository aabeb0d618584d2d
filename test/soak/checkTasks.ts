// Owns what the checker asks of each task: how it ended, and whether that is true.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { groupBy } from '../../src/base/groups.ts';
import type { Tell } from './checkSoak.ts';
import type { Observations } from './runSoak.ts';
import type { SoakPlace } from './soakPlace.ts';
import { attemptsAllowed } from './soakPlace.ts';
import type { RecordedRun, RecordedTask, SoakRecord } from './soakRecord.ts';
import type { SoakTask } from './soakTasks.ts';
import { temperamentOf } from './temperaments.ts';

interface Known {
	readonly place: SoakPlace;
	readonly record: SoakRecord;
	readonly given: readonly SoakTask[];
	readonly runsOf: ReadonlyMap<string, readonly RecordedRun[]>;
	readonly hostsKilled: number;
	readonly tell: Tell;
}

export function checkTasks(place: SoakPlace, observations: Observations, record: SoakRecord, tell: Tell): void {
	const given = observations.tasks;
	const runsOf = groupBy(record.runs, ({ taskId }) => taskId);
	const known: Known = { place, record, given, runsOf, hostsKilled: observations.killed.host, tell };
	const ids = new Set(given.map(({ id }) => id));
	for (const id of record.tasks.keys()) {
		if (!ids.has(id)) {
			tell('lost', `${id} is in the ledger, and nobody gave it.`);
		}
	}
	const stranded = findStranded(given, record.tasks);
	for (const wanted of given) {
		const task = record.tasks.get(wanted.id);
		if (task === undefined) {
			tell('lost', `${wanted.id} was given, and is not in the ledger.`);
			continue;
		}
		switch (task.status) {
			case 'COMPLETED':
				checkCompleted(known, wanted);
				break;
			case 'FAILED':
				checkFailed(known, wanted, task);
				break;
			case 'BLOCKED':
				checkBlocked(known, wanted, task);
				break;
			default:
				if (task.status !== 'PENDING' || !stranded.has(wanted.id)) {
					tell('unfinished', `${wanted.id} is ${task.status}: ${task.reason}`);
				}
		}
	}
}

/** Tasks that can never begin: something they wait for, near or far, ended otherwise than completed. Tasks stand after what they wait for. */
function findStranded(given: readonly SoakTask[], tasks: SoakRecord['tasks']): Set<string> {
	const stranded = new Set<string>();
	const isOver = (id: string) => ['FAILED', 'BLOCKED', 'CANCELLED'].includes(tasks.get(id)?.status ?? '');
	for (const { id, dependencies } of given) {
		if (dependencies.some((each) => isOver(each) || stranded.has(each))) {
			stranded.add(id);
		}
	}
	return stranded;
}

const contentOf = (place: SoakPlace, path: string): string | undefined => {
	const file = join(place.folder, path);
	return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
};

function checkCompleted({ place, record, given, runsOf, tell }: Known, wanted: SoakTask): void {
	const { id, kind, path, gates } = wanted;
	const found = contentOf(place, path);
	const sharers = given.filter((each) => each.path === path && record.tasks.get(each.id)?.status === 'COMPLETED');
	if (!sharers.some((each) => each.content === found)) {
		tell(
			'landed',
			`${id} is completed, and ${path} ${found === undefined ? 'is not there' : `says: ${found.slice(0, 200)}`}`,
		);
	}
	const run = (runsOf.get(id) ?? []).findLast(({ state }) => state === 'completed');
	if (run === undefined) {
		tell('gate', `${id} is completed, and no run of it is.`);
		return;
	}
	const missed = gates.filter(
		(gate) => !run.gates.some(({ command, exit_code: code }) => command === gate && code === 0),
	);
	if (missed.length > 0) {
		tell('gate', `${id} was completed by ${run.id} although these were not seen to pass: ${missed.join('; ')}`);
	}
	// A shared file holds what its last task wrote; what the others wrote was there, and is so no more.
	const again = kind === 'shared' ? [] : gates.filter((gate) => !passes(place, gate));
	if (again.length > 0) {
		tell('gate', `${id} is completed, and these fail in the workspace: ${again.join('; ')}`);
	}
	if (!isWorkOfAble(run, record)) {
		tell('liar', `${id} was completed by ${run.worker}.`);
	}
}

/** Whoever goes on with what a killed one left, and adds nothing, hands in work that was really done. */
function isWorkOfAble({ worker, continues }: RecordedRun, record: SoakRecord): boolean {
	const earlier = record.runs.find(({ id }) => id === continues);
	return temperamentOf(worker)?.isAble === true || (earlier !== undefined && isWorkOfAble(earlier, record));
}

const passes = ({ folder }: SoakPlace, command: string): boolean =>
	spawnSync('/bin/sh', ['-c', command], { cwd: folder, stdio: 'ignore' }).status === 0;

function checkFailed({ runsOf, tell, hostsKilled }: Known, wanted: SoakTask, task: RecordedTask): void {
	const failed = (runsOf.get(wanted.id) ?? []).filter(({ state }) => state === 'failed' || state === 'lost');
	if (failed.length < attemptsAllowed) {
		tell('failure', `${wanted.id} failed after ${failed.length} attempts of ${attemptsAllowed}: ${task.reason}`);
	}
	for (const run of failed) {
		const untrue = untrueFailure(wanted, run, hostsKilled);
		if (untrue !== undefined) {
			tell('failure', `${wanted.id}, ${run.id} of ${run.worker}: ${untrue} (${run.reason.slice(0, 300)})`);
		}
	}
}

/** Why a failed attempt cannot have failed in the way it is told; undefined when it can. */
function untrueFailure(wanted: SoakTask, run: RecordedRun, hostsKilled: number): string | undefined {
	const temperament = temperamentOf(run.worker);
	if (run.state === 'lost') {
		return hostsKilled > 0 ? undefined : 'it was lost with a host, and none was killed';
	}
	if (run.reason === '') {
		return 'it has no reason';
	}
	if (run.code === 'gate.failed') {
		if (run.gates.every(({ exit_code: code }) => code === 0)) {
			return 'a gate is said to have failed, and none did';
		}
		return temperament?.isAble === true && wanted.kind !== 'impossible'
			? 'a gate failed on an agent that does the work'
			: undefined;
	}
	return (temperament?.failures ?? []).includes(run.code ?? '')
		? undefined
		: `it failed with ${run.code ?? 'no code'}, which such an agent never does`;
}

function checkBlocked({ runsOf, given, record, tell, hostsKilled }: Known, wanted: SoakTask, task: RecordedTask): void {
	const { id, path } = wanted;
	const runs = runsOf.get(id) ?? [];
	if (task.blocked === null || task.blocked.text === '') {
		tell('blocked', `${id} is blocked without a reason.`);
		return;
	}
	const told = `${id} is blocked (${task.blocked.kind}: ${task.blocked.text.slice(0, 300)})`;
	if (task.blocked.kind === 'conflict') {
		const others = given.filter((each) => each.id !== id && each.path === path);
		if (!others.some((each) => record.tasks.get(each.id)?.status === 'COMPLETED')) {
			tell('blocked', `${told}, and nobody else landed anything in ${path}.`);
		}
		return;
	}
	const last = runs.findLast(({ state }) => state === 'blocked' || state === 'failed' || state === 'lost');
	const untrue =
		last === undefined
			? 'and was never tried'
			: untrueFailure(wanted, { ...last, reason: task.blocked.text }, hostsKilled);
	if (untrue !== undefined) {
		tell('blocked', `${told}: ${untrue}.`);
	}
}
