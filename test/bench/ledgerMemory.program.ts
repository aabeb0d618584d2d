// A program of its own for `ledgerMemory.ts`: opens the given ledger, follows it as a window does, and prints, as one object, by how
// many megabytes it grew.

import { nullLogger } from '../../src/base/log.ts';
import { SwarmModel } from '../../src/core/swarm/swarmModel.ts';
import { editTask } from '../../src/core/task/editTask.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import { benchActor, openBenchLedger } from './seededLedger.ts';
import { taskId } from './taskId.ts';

export interface MemoryGrowth {
	/** Resident when all is loaded and compiled, before the ledger is opened. */
	readonly before: number;
	/** How much more was resident in the end, garbage collected. */
	readonly growth: number;
	/** What of all that is resident is live: objects that are still in use. */
	readonly live: number;
	/** The same as `growth` for the most that was ever resident. */
	readonly peak: number;
	readonly tasks: number;
}

const changes = 20;
const megabytes = (bytes: number) => bytes / 1_048_576;

function resident(): number {
	globalThis.gc?.();
	return megabytes(process.memoryUsage().rss);
}

const before = resident();
const ledger = await openBenchLedger(process.argv[2] ?? '');
const model = new SwarmModel(systemClock, nullLogger);
model.onDidChange(() => undefined);
model.follow(ledger);
await model.settled();
for (let round = 0; round < changes; round += 1) {
	await ledger.write(benchActor, (transaction) => editTask(transaction, taskId(round), { notes: `note ${round}` }));
	model.poke();
	await model.settled();
}
const figures: MemoryGrowth = {
	before,
	growth: resident() - before,
	live: megabytes(process.memoryUsage().heapUsed),
	// Linux and macOS count in different units; Node tells kilobytes on both.
	peak: process.resourceUsage().maxRSS / 1024 - before,
	tasks: model.current.tasks.size,
};
model.dispose();
ledger.dispose();
process.stdout.write(JSON.stringify(figures));
