// Checks that the checker of the chaos run finds what it is there for: every promise is broken here once, from outside of the product.

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { nullLogger } from '../../../src/base/log.ts';
import type { FileSystem } from '../../../src/core/ports.ts';
import { BoardMirror } from '../../../src/ledger/boardMirror.ts';
import { nodeFileSystem } from '../../../src/node/nodeFileSystem.ts';
import { systemClock } from '../../../src/node/systemClock.ts';
import type { OpenWorkspace } from '../../../src/workspace/workspaceOptions.ts';
import { openWorkspace } from '../../../src/workspace/openWorkspace.ts';
import { boardFile, readRecords, saveRecords } from '../../chaos/boardText.ts';
import type { Rule } from '../../chaos/checker.ts';
import { check } from '../../chaos/checker.ts';
import type { ChaosPlace } from '../../chaos/chaosPlace.ts';
import { ledgerFile, makePlace } from '../../chaos/chaosPlace.ts';
import { Journal } from '../../chaos/journal.ts';
import { LedgerView } from '../../chaos/ledgerView.ts';
import { LedgerWork } from '../../chaos/ledgerWork.ts';
import { Random } from '../../support/random.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

describe('the checker of the chaos run', () => {
	const folders = useTemporaryFolders();
	let place: ChaosPlace;
	let workspace: OpenWorkspace;

	/** Honest work of one life through the door for actions. */
	async function work(name: string, steps: number): Promise<void> {
		const journal = new Journal(place.journals, name);
		const view = new LedgerView(place.folder);
		const perform = (action: string, input: object) =>
			workspace.dream.perform(action, input, { kind: 'human', id: name });
		const life = new LedgerWork({ name, random: new Random(steps), journal, view, tasks: 20, perform });
		for (let count = 0; count < steps; count += 1) {
			await life.step();
		}
		view.close();
		journal.close();
	}

	const verdict = (ledger = ledgerFile(place.folder)) =>
		check({ folder: place.folder, ledger, journals: place.journals });

	function assertFound(rule: Rule, pattern: RegExp, found = verdict().findings): void {
		assert.ok(
			found.some((finding) => finding.rule === rule && pattern.test(finding.message)),
			`no finding of ${rule} like ${String(pattern)} in ${JSON.stringify(found, null, 2)}`,
		);
	}

	/** Changes the ledger past the product, as a fault in it would. */
	function withRawLedger(change: (database: DatabaseSync) => void): void {
		const database = new DatabaseSync(ledgerFile(place.folder));
		try {
			change(database);
		} finally {
			database.close();
		}
	}

	const readyTask = async (): Promise<string> => {
		const { task } = (await workspace.dream.perform(
			'task.create',
			{ name: 'a victim' },
			{ kind: 'human', id: 'ann' },
		)) as { task: { task_id: string } };
		return task.task_id;
	};

	beforeEach(async () => {
		place = await makePlace(folders.make(), undefined);
		workspace = await openWorkspace({
			folder: place.folder,
			log: nullLogger,
			startedFrom: 'terminal',
			hostScript: '/nowhere/host.cjs',
			follows: 'nothing',
		});
		await work('writer-0.0', 150);
		await workspace.flushBoards();
	});
	afterEach(() => workspace.close());

	it('finds nothing in honest work, and counts it', () => {
		const { findings, operations, events } = verdict();
		assert.deepEqual(findings, []);
		const { acknowledged = 0, refused = 0 } = operations['writer'] ?? {};
		assert.ok(acknowledged > 80 && refused > 0, JSON.stringify(operations));
		assert.ok(events >= acknowledged);
	});

	it('finds a write that was acknowledged before its commit, and lost with its process', async () => {
		await readyTask();
		const zealot = fork(join(import.meta.dirname, '../../chaos/zealot.program.ts'), [
			JSON.stringify({ folder: place.folder, journals: place.journals, name: 'writer-9.0', seed: 1, tasks: 1 }),
		]);
		const [, signal] = (await once(zealot, 'exit')) as [unknown, string];
		assert.equal(signal, 'SIGKILL');
		await workspace.flushBoards();
		assertFound('lostWrite', /writer-9\.0#1\) was acknowledged, and is not in the history/u);
	});

	it('finds what a ledger that skips its fsync loses in a power cut', async () => {
		withRawLedger((database) => database.exec('pragma wal_checkpoint(truncate)'));
		await work('writer-1.0', 60);
		await workspace.flushBoards();
		// What was written to the log and never forced to the disk is gone after the cut; the file itself is whole.
		const survivor = join(folders.make(), 'dreamos.db');
		copyFileSync(ledgerFile(place.folder), survivor);
		assertFound(
			'lostWrite',
			/writer-1\.0#\d+\) was acknowledged, and is not in the history/u,
			verdict(survivor).findings,
		);
	});

	it('finds two claims of one task by workers that share no lock', async () => {
		const id = await readyTask();
		await workspace.flushBoards();
		withRawLedger((database) => {
			// Both have read that the task is ready; neither compares again when it writes.
			for (const worker of ['a', 'b']) {
				claimUnlocked(database, id, worker);
			}
		});
		assertFound('doubleClaim', /was opened while run-a held it/u);
		assertFound('history', /it was CLAIMED and not READY/u);
	});

	it('finds the write of a worker whose run is over', async () => {
		const id = await readyTask();
		const ann = { kind: 'human', id: 'ann' } as const;
		const { run_id } = (await workspace.dream.perform('task.claim', { task_id: id }, ann)) as { run_id: string };
		await workspace.dream.perform('task.release', { task_id: id }, ann);
		withRawLedger((database) =>
			appendEvent(database, { type: 'run.changed', task: id, run: run_id, data: { state: 'working' } }),
		);
		assertFound('fence', /does not hold the task, nobody does/u);
	});

	it('finds events that are gone, and events that were put in the place of others', () => {
		withRawLedger((database) => {
			database.exec('drop trigger events_stay; drop trigger events_stand');
			database.exec('delete from events where sequence = 30');
			database.exec('update events set sequence = -1 where sequence = 40');
			database.exec('update events set sequence = 40 where sequence = 41');
			database.exec('update events set sequence = 41 where sequence = -1');
		});
		assertFound('integrity', /Event 30 is missing/u);
	});

	it('finds operations of one process that changed places', () => {
		withRawLedger((database) => {
			database.exec('drop trigger events_stand');
			const rows = database
				.prepare("select sequence from events where type = 'task.created' and actor = 'human:writer-0.0'")
				.all()
				.map((row) => Number(row['sequence']));
			const [first = 0, second = 0] = rows;
			database.exec(`update events set sequence = -1 where sequence = ${first}`);
			database.exec(`update events set sequence = ${first} where sequence = ${second}`);
			database.exec(`update events set sequence = ${second} where sequence = -1`);
		});
		assertFound('order', /but what came before it is event/u);
	});

	it('finds a status that no event tells of', () => {
		withRawLedger((database) =>
			database.exec(
				"update tasks set status = 'COMPLETED' where task_id = (select min(task_id) from tasks where status != 'COMPLETED')",
			),
		);
		assertFound('history', /is COMPLETED, its events end in/u);
	});

	it('finds what was refused and is there nevertheless', () => {
		const path = join(place.journals, 'writer-0.0.jsonl');
		const lines = readFileSync(path, 'utf8').split('\n');
		const index = lines.findIndex((line) => line.includes('"task.create"'));
		const { token } = JSON.parse(lines[index] ?? '') as { token: string };
		lines[index + 1] = JSON.stringify({ kind: 'refused', token, code: 'task.unknown' });
		writeFileSync(path, lines.join('\n'));
		assertFound('ghostWrite', /was never acknowledged/u);
	});

	it('finds a mirror that skips a write and says it was done', async () => {
		const lazy: FileSystem = { ...nodeFileSystem, writeAtomic: async () => undefined };
		const mirror = new BoardMirror({
			ledger: workspace.ledger() ?? assert.fail('no ledger'),
			files: lazy,
			clock: systemClock,
			log: nullLogger,
			folder: place.folder,
		});
		const id = await readyTask();
		await mirror.flush().catch(() => undefined);
		await mirror.close();
		assertFound('mirror', new RegExp(`lacks ${id}`, 'u'));
	});

	it('finds a mirror that writes a board and spoils it', async () => {
		const board = 'task_ready_queue';
		await readyTask();
		await workspace.flushBoards();
		saveRecords(
			place.folder,
			board,
			(readRecords(place.folder, board) ?? []).map((each) => ({ ...each, name: 'spoiled' })),
			false,
		);
		assertFound('mirror', /shows .* otherwise than the ledger: name/u);
		writeFileSync(boardFile(place.folder, board), '[{');
		assertFound('board', /cannot be read/u);
	});

	it('finds a board of ours in quarantine, and lets what a torn write left lie there', () => {
		const quarantine = join(place.folder, 'runtime', 'quarantine');
		mkdirSync(quarantine, { recursive: true });
		writeFileSync(join(quarantine, 'torn.json'), '[{"task_id": ');
		assert.deepEqual(verdict().findings, []);
		copyFileSync(boardFile(place.folder, 'task_ready_queue'), join(quarantine, 'ours.json'));
		assertFound('quarantine', /ours\.json is a list/u);
	});

	it('finds a hand edit that a mirror wrote over without reading it', async () => {
		const board = 'task_ready_queue';
		const id = await readyTask();
		await workspace.flushBoards();
		const journal = new Journal(place.journals, 'person-0.0');
		const before = readFileSync(boardFile(place.folder, board));
		const token = 'person-0.0#1';
		const records = readRecords(place.folder, board) ?? [];
		saveRecords(
			place.folder,
			board,
			records.map((each) => ({ ...each, [`typed_${token}`]: token })),
			false,
		);
		journal.write({ kind: 'edit', token, board, task: id, sequence: 1 });
		writeFileSync(boardFile(place.folder, board), before);
		journal.write({ kind: 'outcome', token, outcome: 'vanished', sequence: 2 });
		journal.close();
		assertFound('handEdit', /person-0\.0#1 typed stood in a board/u);
	});
});

interface RawEvent {
	readonly type: string;
	readonly task: string;
	readonly run?: string;
	readonly data: object;
}

function appendEvent(database: DatabaseSync, { type, task, run, data }: RawEvent): void {
	database
		.prepare(
			"insert into events (at, type, actor, task_id, run_id, message, data) values ('2026-01-01T00:00:00.000Z', ?, 'agent:raw', ?, ?, 'raw', ?)",
		)
		.run(type, task, run ?? null, JSON.stringify(data));
}

/** A claim as somebody would write it who knows the tables and takes no lock. */
function claimUnlocked(database: DatabaseSync, task: string, worker: string): void {
	const run = `run-${worker}`;
	appendEvent(database, { type: 'task.moved', task, run, data: { move: 'claim', from: 'READY', to: 'CLAIMED' } });
	database.prepare("update tasks set status = 'CLAIMED', epoch = 1, run_id = ? where task_id = ?").run(run, task);
	appendEvent(database, { type: 'run.opened', task, run, data: { worker, attempt: 1, epoch: 1 } });
}
