// A person who edits board files by hand: one thing at a time, and watching what comes of it. What stood in a file while nobody but
// Dream.OS wrote to it must be taken over or told in the history; the person writes down when it is neither.

import { setTimeout as delay } from 'node:timers/promises';
import { nullLogger } from '../../src/base/log.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { openWorkspace } from '../../src/workspace/openWorkspace.ts';
import { Random } from '../support/random.ts';
import { BoardLock } from './boardLock.ts';
import type { Board } from './boardText.ts';
import { boards, readRecords, readText, saveRecords } from './boardText.ts';
import type { EditOutcome } from './journal.ts';
import { Journal } from './journal.ts';
import { LedgerView } from './ledgerView.ts';
import { endOfLife, readLifeOptions, tellCount } from './lifeOptions.ts';

const { folder, journals, name, seed, tasks } = readLifeOptions();
const signal = endOfLife();
const journal = new Journal(journals, name);
const view = new LedgerView(folder);
const random = new Random(seed);
const lock = new BoardLock(journals);
/** How long a person looks at the boards before turning to something else. */
const patienceMilliseconds = 12_000;
const lookEveryMilliseconds = 40;

/** What is typed: a key of the person's own, and with it perhaps something Dream.OS has an opinion on. */
function retyped(record: JsonObject, token: string): JsonObject {
	const others = Object.entries(record).filter(([key]) => !key.startsWith('typed_'));
	const more = random.pick<JsonObject>([
		{},
		{},
		{ name: `Named ${token}` },
		{ priority: random.pick(['high', 3, 'CRITICAL', 'soon', null]) },
		{ status: random.pick(['READY', 'todo', 'WORKING', 'done', 'NONSENSE', 'BLOCKED', 'CANCELLED']) },
		{ notes: `noted ${token}` },
	]);
	return { ...Object.fromEntries(others), ...more, [`typed_${token}`]: token };
}

/** Changes one board and saves it. Names the task that carries the token; undefined when there was nothing to do. */
function edit(token: string, board: Board): string | undefined {
	const records = readRecords(folder, board);
	if (records === undefined) {
		return undefined;
	}
	const at = random.below(records.length + 1);
	const record = records[at];
	const isAddition = view.ids().length < tasks * 1.2 && random.next() < 0.15;
	if (record === undefined || isAddition) {
		const status = board === 'completed_tasks' ? 'COMPLETED' : 'PENDING';
		const added = { task_id: token, name: `Typed ${token}`, status, required_capabilities: ['chaos'] };
		saveRecords(folder, board, [...records, { ...added, [`typed_${token}`]: token }], random.next() < 0.5);
		return token;
	}
	const id = record['task_id'];
	if (typeof id !== 'string') {
		return undefined;
	}
	const next =
		random.next() < 0.03
			? records.filter((each) => each !== record)
			: records.map((each) => (each === record ? retyped(record, token) : each));
	saveRecords(folder, board, next, random.next() < 0.5);
	return next.length < records.length ? undefined : id;
}

async function watch(task: string, board: Board, token: string): Promise<EditOutcome['outcome']> {
	const end = performance.now() + patienceMilliseconds;
	let missing = 0;
	while (performance.now() < end && !signal.aborted) {
		if (view.knows(task, `typed_${token}`)) {
			return 'taken';
		}
		const text = readText(folder, board);
		missing = text === undefined || text.includes(`typed_${token}`) ? 0 : missing + 1;
		if (missing > 10) {
			return 'vanished';
		}
		await delay(lookEveryMilliseconds);
	}
	return 'waiting';
}

/** A board that cannot be read stands still until somebody decides; this person takes what the ledger has. */
async function repair(): Promise<void> {
	const broken = boards.find((board) => readRecords(folder, board) === undefined);
	if (broken === undefined) {
		return;
	}
	await delay(random.below(1500));
	if (readRecords(folder, broken) !== undefined) {
		return;
	}
	const options = { folder, log: nullLogger, hostScript: '/nowhere/host.cjs', follows: 'nothing' } as const;
	const workspace = await openWorkspace({ ...options, startedFrom: 'terminal' });
	try {
		await workspace.dream.perform('boards.accept', { board: broken }, { kind: 'human', id: name });
		journal.write({ kind: 'note', what: 'accept' });
	} finally {
		await workspace.close();
	}
}

async function editAndWatch(count: number): Promise<void> {
	const token = `${name}#${count}`;
	const board = random.pick(boards);
	const task = edit(token, board);
	journal.write({ kind: 'note', what: 'edit' });
	const isThere = readText(folder, board)?.includes(`typed_${token}`) === true;
	if (task !== undefined && isThere) {
		journal.write({ kind: 'edit', token, board, task, sequence: view.sequence() });
		const outcome = await watch(task, board, token);
		journal.write({ kind: 'outcome', token, outcome, sequence: view.sequence() });
	}
}

for (let count = 1; !signal.aborted; count += 1) {
	try {
		await lock.during(name, signal, async () => {
			await repair();
			await editAndWatch(count);
		});
	} catch {
		// A full disk, a file that may not be written, a ledger that is locked: the person tries again later.
	}
	tellCount(count);
	await delay(random.below(400));
}
view.close();
journal.close();
process.disconnect();
