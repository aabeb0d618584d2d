// A program of its own for `archiveScale.ts`: opens the workspace of the given folder and prints, as one object, what a change, a
// finished task, a picture and the start cost it in processor time, and how much memory it holds in the end.

import { SwarmModel } from '../../src/core/swarm/swarmModel.ts';
import { nullLogger } from '../../src/base/log.ts';
import { editTask } from '../../src/core/task/editTask.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import { benchActor } from './seededLedger.ts';
import { ledgerOf, openBenchWorkspace } from './seededWorkspace.ts';
import { median } from './statistics.ts';

export interface ScaleFigures {
	readonly change: number;
	readonly completion: number;
	readonly start: number;
	readonly picture: number;
	readonly memory: number;
}

const person = { kind: 'human', id: 'ann' } as const;
const warmUpRounds = 3;
const rounds = 15;

const cost = async (work: () => Promise<unknown>): Promise<number> => {
	const before = process.cpuUsage();
	await work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
};

const workspace = await openBenchWorkspace(process.argv[2] ?? '', 'nothing');
const ledger = ledgerOf(workspace);
await workspace.flushBoards();

const model = new SwarmModel(systemClock, nullLogger);
model.onDidChange(() => undefined);
const start = await cost(async () => {
	model.follow(ledger);
	await model.settled();
});

const changes: number[] = [];
const pictures: number[] = [];
const completions: number[] = [];
for (let round = 0; round < warmUpRounds + rounds; round += 1) {
	await ledger.write(benchActor, (transaction) => editTask(transaction, 'open-0', { notes: `note ${round}` }));
	pictures.push(
		await cost(async () => {
			model.poke();
			await model.settled();
		}),
	);
	changes.push(await cost(() => workspace.flushBoards()));
	const task_id = `open-${round + 1}`;
	await workspace.dream.perform('task.claim', { task_id }, person);
	await workspace.dream.perform('task.complete', { task_id }, person);
	completions.push(await cost(() => workspace.flushBoards()));
}
for (const times of [changes, pictures, completions]) {
	times.splice(0, warmUpRounds);
}
globalThis.gc?.();
const figures: ScaleFigures = {
	change: median(changes),
	completion: median(completions),
	start,
	picture: median(pictures),
	memory: process.memoryUsage().rss / 1_048_576,
};
model.dispose();
await workspace.close();
process.stdout.write(JSON.stringify(figures));
