// Owns one soak run from an empty folder to the end: keeps the backlog filled, kills hosts and windows, lets the swarm come to rest,
// ends everybody in order, and writes down what only somebody who was there can know.

import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isIdle } from '../../src/core/loop/idle.ts';
import { createTask } from '../../src/core/task/createTask.ts';
import { isFinished } from '../../src/core/task/taskStatus.ts';
import { factKeys } from '../../src/core/swarmFacts.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import { Random } from '../support/random.ts';
import type { FoundProcess } from '../support/processTree.mjs';
import { createMark, endProcesses, findProcesses } from '../support/processTree.mjs';
import type { SoakFigures } from './checkFigures.ts';
import { askFigures } from './checkFigures.ts';
import type { MemorySample, Role } from './soakLives.ts';
import { SoakLives } from './soakLives.ts';
import { makePlace, open, person } from './soakPlace.ts';
import type { SoakTask } from './soakTasks.ts';
import { draftOf, soakTasks } from './soakTasks.ts';

export interface SoakOptions {
	readonly minutes: number;
	readonly seed: number;
	/** At most so many tasks are given. */
	readonly tasks: number;
	/** Files the repository has beside those of tasks. */
	readonly files?: number;
	/** Empty folder for everything the run leaves. */
	readonly root: string;
	readonly say?: (line: string) => void;
}

/** What the checker cannot find in the folder afterwards. */
export interface Observations {
	readonly seed: number;
	readonly minutes: number;
	readonly seconds: number;
	/** Wall milliseconds at which everybody had ended. */
	readonly endedAt: number;
	readonly tasks: readonly SoakTask[];
	readonly begun: Readonly<Record<Role, number>>;
	readonly killed: Readonly<Record<Role, number>>;
	readonly complaints: readonly string[];
	/** Still alive after everybody had ended in order. */
	readonly processes: readonly FoundProcess[];
	readonly samples: readonly MemorySample[];
	/** The swarm came to rest by itself before its host was asked to end. */
	readonly hasRested: boolean;
	/** What `dreamos stats` said of it afterwards. */
	readonly figures: SoakFigures;
}

/** Tasks that wait or are worked on at a time. */
const backlog = 24;
const longestKillSeconds = 120;
/** How long the swarm may take, after the last task was given, to come to rest. */
const restMinutes = 6;

export async function runSoak({
	minutes,
	seed,
	tasks,
	files = 0,
	root,
	say = () => undefined,
}: SoakOptions): Promise<Observations> {
	const random = new Random(seed);
	const mark = createMark();
	const place = await makePlace(root, random, files);
	const began = performance.now();
	const workspace = await open(place.folder);
	const ledger = workspace.ledger();
	if (ledger === undefined) {
		throw new Error('The workspace has no ledger.');
	}
	const lives = new SoakLives(place, mark);
	const given: SoakTask[] = [];
	const source = soakTasks(random);
	const elapsed = () => (performance.now() - began) / 60_000;
	let hasRested = false;
	const sampling = setInterval(() => lives.sample(), 2000);
	try {
		await tellSwarm(ledger);
		lives.start();
		// The last third is one life of the host, so that its memory can be told.
		const calmFrom = minutes * 0.66;
		const pause = () => 0.1 + (random.next() * Math.min(longestKillSeconds, minutes * 12)) / 60;
		let [nextHost, nextWindow, nextWord] = [pause(), pause(), 1];
		while (elapsed() < minutes && !(given.length >= tasks && (await countStartable(ledger, given)) === 0)) {
			await fill(ledger, source, given, tasks);
			if (elapsed() > nextHost && elapsed() < calmFrom) {
				lives.kill('host');
				nextHost = elapsed() + pause();
			}
			if (elapsed() > nextWindow) {
				lives.kill('window');
				nextWindow = elapsed() + pause();
			}
			if (elapsed() > nextWord) {
				nextWord += 1;
				say(
					`${Math.round(elapsed())} min: ${given.length} tasks given, ${await countOpen(ledger)} open; ${lives.killed.host} hosts killed`,
				);
			}
			if (given.length >= tasks && elapsed() > calmFrom && (await rests(ledger))) {
				break;
			}
			await delay(500);
		}
		say(`No more tasks; ${await countOpen(ledger)} are open.`);
		for (const latest = elapsed() + restMinutes; elapsed() < latest && !hasRested;) {
			await delay(500);
			hasRested = await rests(ledger);
		}
	} finally {
		clearInterval(sampling);
		await lives.end();
		await workspace.close();
	}
	const endedAt = Date.now();
	const processes = await findProcesses(mark, undefined);
	await endProcesses(mark, undefined, 2000);
	const observations: Observations = {
		seed,
		minutes,
		endedAt,
		seconds: Math.round((performance.now() - began) / 1000),
		tasks: given,
		begun: lives.begun,
		killed: lives.killed,
		complaints: lives.complaints,
		processes,
		samples: lives.samples,
		hasRested,
		figures: askFigures(place.folder),
	};
	writeFileSync(place.observations, JSON.stringify(observations));
	return observations;
}

const rests = (ledger: Ledger): Promise<boolean> =>
	ledger.read(async (reader) =>
		isIdle(
			reader,
			(await reader.events({ types: ['task.created'], newestFirst: true, limit: 1 }))[0]?.sequence ?? 0,
		),
	);

const countOpen = (ledger: Ledger): Promise<number> =>
	ledger.read(async (reader) => {
		const stored = await reader.tasks({});
		return stored.filter(({ task }) => !isFinished(task.status) && task.status !== 'BLOCKED').length;
	});

async function fill(
	ledger: Ledger,
	source: Generator<SoakTask, never>,
	given: SoakTask[],
	most: number,
): Promise<void> {
	const open = await countStartable(ledger, given);
	const more = Math.min(backlog - open, most - given.length);
	if (more <= 0) {
		return;
	}
	await ledger.write(person, async (transaction) => {
		for (let count = 0; count < more; count += 1) {
			const task = source.next().value;
			given.push(task);
			await createTask(transaction, draftOf(task));
		}
	});
}

/** Open tasks that do not wait for ever: for one that ended badly, near or far. Tasks stand after what they wait for. */
const countStartable = (ledger: Ledger, given: readonly SoakTask[]): Promise<number> =>
	ledger.read(async (reader) => {
		const stored = await reader.tasks({});
		const status = new Map(stored.map(({ task }) => [task.task_id, task.status]));
		const stuck = new Set<string>();
		let startable = 0;
		for (const { id, dependencies } of given) {
			const own = status.get(id) ?? 'PENDING';
			if (['FAILED', 'BLOCKED', 'CANCELLED'].includes(own) || dependencies.some((each) => stuck.has(each))) {
				stuck.add(id);
			} else if (own !== 'COMPLETED') {
				startable += 1;
			}
		}
		return startable;
	});

async function tellSwarm(ledger: Ledger): Promise<void> {
	await ledger.write(person, async (transaction) => {
		await transaction.setFact(factKeys.swarm, {
			should_run: true,
			changed_at: transaction.at,
			changed_by: 'human:soak',
			started_from: 'terminal',
		});
		await transaction.append({ type: 'swarm.started', message: 'the run begins' });
	});
}
