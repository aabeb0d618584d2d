// A program of its own for `dashboardPage.ts`: changes one task of a picture after the other, and writes what the dashboard would be
// told of each change to a file, a message a line. Prints how many megabytes are live early and in the end. (What following a ledger
// holds, is measured by `ledgerMemory.ts`.)

import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { LedgerEvent } from '../../src/core/events.ts';
import type { SwarmSnapshot } from '../../src/core/swarm/swarmSnapshot.ts';
import { TaskCards } from '../../src/editor/panels/taskCards.ts';
import { DashboardFeed } from '../../src/protocol/dashboardState.ts';
import { toEventLine } from '../../src/protocol/eventLine.ts';
import { toDashboardModel } from '../../src/protocol/viewModels.ts';
import { buildDashboardFacts } from '../support/dashboardFacts.ts';
import { projectSnapshot } from '../support/dashboardTasks.ts';

export interface FeedFigures {
	readonly messages: number;
	/** Live megabytes after a tenth of the changes, and after all. */
	readonly early: number;
	readonly late: number;
}

const file = process.argv[2] ?? '';
const [count, taskCount] = [Number(process.argv[3]), Number(process.argv[4])];
/** As many lines as the log of the dashboard keeps is too much for a program that makes an hour of them in a minute. */
const logLines = 500;

const live = (): number => {
	globalThis.gc?.();
	return process.memoryUsage().heapUsed / 1_048_576;
};

const cards = new TaskCards();
const feed = new DashboardFeed();
let snapshot: SwarmSnapshot = projectSnapshot(taskCount);
let log = snapshot.events.map(toEventLine);
const state = () => ({
	overview: toDashboardModel(buildDashboardFacts(snapshot)),
	tasks: cards.of(snapshot),
	log,
});
const out = createWriteStream(file);
let messages = 0;
const write = async (message: string, data: unknown) => {
	messages += 1;
	if (!out.write(`${JSON.stringify({ message, data })}\n`)) {
		await once(out, 'drain');
	}
};
await write('snapshot', feed.whole(state()));
let early = Number.NaN;
for (let round = 0; round < count; round += 1) {
	const id = `T-${round % taskCount}`;
	const shown = snapshot.tasks.get(id);
	if (shown === undefined) {
		throw new Error(`There is no task ${id}.`);
	}
	const event: LedgerEvent = {
		sequence: round + 1,
		at: new Date().toISOString(),
		actor: 'human:bench',
		type: 'task.edited',
		task_id: id,
		message: `${id} edited, change ${round}`,
	};
	const task = { ...shown.task, name: `Change ${round} of this task` };
	snapshot = {
		...snapshot,
		version: snapshot.version + 1,
		tasks: new Map(snapshot.tasks).set(id, { ...shown, task }),
		events: [event, ...snapshot.events].slice(0, 100),
	};
	log = [...log, toEventLine(event)].slice(-logLines);
	const delta = feed.next(state());
	if (delta !== undefined) {
		await write('delta', delta);
	}
	if (round === Math.floor(count / 10)) {
		early = live();
	}
}
out.end();
await finished(out);
const figures: FeedFigures = { messages, early, late: live() };
process.stdout.write(JSON.stringify(figures));
