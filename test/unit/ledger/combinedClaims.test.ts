// Checks that whoever has the lock serves others rightly, and that nobody depends on it.

import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Claimed, ClaimRequest } from '../../../src/core/task/advanceTask.ts';
import type { ClaimOrder } from '../../../src/ledger/claimOrders.ts';
import { readOrders, readOutcomes, writeOrders, writeOutcomes } from '../../../src/ledger/claimOrders.ts';
import { loadNodeSqlite } from '../../../src/ledger/nodeSqlite.ts';
import { RequestSlots } from '../../../src/ledger/requestSlots.ts';
import { WaitingLine } from '../../../src/ledger/waitingLine.ts';
import { agentThree, ann, buildTask, insertTasks } from '../../support/ledgerBuilders.ts';
import { useLedgerFiles } from '../../support/ledgerFile.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

describe('combined claims', () => {
	const folders = useTemporaryFolders();
	const openIn = useLedgerFiles();
	const opened: RequestSlots[] = [];
	afterEach(() => {
		for (const each of opened.splice(0)) {
			each.dispose();
		}
	});

	/** A ledger with tasks a, b, c, and the slots of another process beside it. */
	async function open(busyMilliseconds = 10_000, pollMilliseconds = 1_000) {
		const folder = folders.make();
		const ledger = await openIn(folder, { busyMilliseconds, pollMilliseconds });
		await ledger.write(ann, (transaction) =>
			insertTasks(transaction, ...['a', 'b', 'c'].map((id) => buildTask(id))),
		);
		const other = new RequestSlots(join(folder, 'dreamos.db-claims'));
		opened.push(other);
		return { folder, ledger, other };
	}

	/** Holds the write lock as another process would, and lets it go with a change. */
	function lock(folder: string) {
		const { DatabaseSync } = loadNodeSqlite();
		const database = new DatabaseSync(join(folder, 'dreamos.db'));
		database.exec('begin immediate');
		return () => {
			database.exec("insert or replace into facts (key, value) values ('other', '1'); commit");
			database.close();
		};
	}

	/** The request somebody has left, as soon as it is there. */
	async function take(server: RequestSlots) {
		for (let tries = 0; tries < 500; tries += 1) {
			const [request] = server.take();
			if (request !== undefined) {
				return { request, orders: readOrders(request.text) ?? [] };
			}
			await pause(2);
		}
		return assert.fail('Nobody has left a request.');
	}

	/** As another process answers that has served them. */
	const granted = (orders: readonly ClaimOrder[]): string =>
		writeOutcomes(
			orders.map(({ request: { runId } }) => ({ granted: { stored: {}, run: { run_id: runId } } as Claimed })),
		);

	const request = (taskId: string, runId: string): ClaimRequest & { readonly runId: string } => ({
		taskId,
		worker: 'Agent-3',
		driver: 'command',
		hostId: null,
		now: Date.now(),
		runId,
	});
	const order = (taskId: string, runId: string) => ({
		actor: agentThree,
		request: request(taskId, runId),
		mayBeServed: false,
	});

	it('serves the claims of others with its own, each in the name of its owner', async () => {
		const { ledger, other } = await open();
		other.post(writeOrders([order('a', 'run-a'), order('nowhere', 'run-n'), order('b', 'run-b')]));
		await ledger.claim(ann, request('c', 'run-c'));
		const state = other.look();
		assert.ok(typeof state === 'object');
		const orders = [order('a', 'run-a'), order('nowhere', 'run-n'), order('b', 'run-b')];
		assert.deepEqual(
			readOutcomes(state.answer, orders)?.map((outcome) =>
				'granted' in outcome ? outcome.granted.run.run_id : outcome.refused.code,
			),
			['run-a', 'task.unknown', 'run-b'],
		);
		assert.equal(readOutcomes(state.answer, orders.slice(1)), undefined);
		const events = await ledger.read((reader) => reader.events({ run_id: 'run-a' }));
		assert.deepEqual(new Set(events.map(({ actor }) => actor)), new Set(['agent:Agent-3']));
	});

	it('answers a claim that was served by somebody killed before the answer, and does not serve it again', async () => {
		const { ledger, other } = await open();
		// As the killed one left it: committed, not answered, and left once more by its owner.
		await ledger.claim(agentThree, request('a', 'run-a'));
		other.post(writeOrders([order('a', 'run-a')]));
		await ledger.claim(ann, request('b', 'run-b'));
		const state = other.look();
		assert.ok(typeof state === 'object');
		const [outcome] = readOutcomes(state.answer, [order('a', 'run-a')]) ?? [];
		assert.ok(outcome !== undefined && 'granted' in outcome);
		assert.equal(outcome.granted.run.run_id, 'run-a');
		assert.equal((await ledger.read((reader) => reader.runs())).length, 2);
	});

	it('tells the owner of an unreadable request so, and serves everybody else', async () => {
		const { ledger, other } = await open();
		for (const text of ['[{"from": "another version"}]', '[{"actor": 1}', '{}', '[null]']) {
			other.post(text);
			await ledger.claim(ann, request('a', 'run-a')).catch(() => undefined);
			assert.equal(other.look(), 'gone', text);
		}
		// It asks for more than we would do.
		other.post(JSON.stringify([{ actor: agentThree, request: { ...request('b', 'run-b'), priority: 1 } }]));
		await ledger.claim(ann, request('c', 'run-c'));
		assert.equal(other.look(), 'gone');
	});

	it('serves its own though what another asks fails the transaction', async () => {
		const { ledger, other } = await open();
		await ledger.claim(ann, request('a', 'run-a'));
		// The run is that of another task.
		other.post(writeOrders([order('b', 'run-a')]));
		const { run } = await ledger.claim(ann, request('c', 'run-c'));
		assert.deepEqual([run.run_id, other.look()], ['run-c', 'gone']);
		const own = await Promise.allSettled([
			ledger.claim(ann, request('nowhere', 'run-n')),
			ledger.claim(ann, request('b', 'run-a')),
			ledger.claim(ann, request('b', 'run-b')),
		]);
		assert.deepEqual(
			own.map(({ status }) => status),
			['rejected', 'rejected', 'fulfilled'],
		);
	});

	it('claims nothing for somebody who has given up before the commit', async () => {
		const { ledger, other } = await open();
		other.post(writeOrders([order('a', 'run-a')]));
		const own = ledger.claim(ann, request('b', 'run-b'));
		// All of a round is microtasks.
		for (let steps = 0; other.look() === 'waiting' && steps < 1000; steps += 1) {
			await Promise.resolve();
		}
		assert.equal(other.look(), 'taken');
		other.withdraw();
		assert.equal((await own).run.run_id, 'run-b');
		assert.equal(other.look(), 'gone');
		assert.equal((await ledger.read((reader) => reader.task('a')))?.task.status, 'READY');
	});

	it('does not report as failed what somebody has begun to serve when its time is over', async () => {
		const { folder, ledger, other } = await open(1_000);
		const unlock = lock(folder);
		const claimed = ledger.claim(ann, request('a', 'run-a'));
		const { request: left, orders } = await take(other);
		await pause(1_100);
		unlock();
		other.answer(left, granted(orders));
		assert.equal((await claimed).run.run_id, 'run-a');
	});

	it('believes no answer that is not to what it asked, and serves itself then', async () => {
		const { folder, ledger, other } = await open();
		for (const answer of ['no JSON', '[]', '[{}]', '[{"granted":{"stored":{},"run":{"run_id":"run-other"}}}]']) {
			const unlock = lock(folder);
			const runId = `run-${answer}`;
			const outcome = ledger.claim(ann, request('a', runId)).then(
				({ run }) => run.run_id,
				({ code }) => code as string,
			);
			const { request: left } = await take(other);
			other.answer(left, answer);
			await pause(10);
			unlock();
			assert.equal(await outcome, answer === 'no JSON' ? runId : 'task.illegalMove');
		}
	});

	it('tells its listeners of a claim that another served', async () => {
		// It does not look by itself.
		const { folder, ledger, other } = await open(10_000, 3_600_000);
		const heard = new Promise<void>((resolve) => void ledger.onDidChange(() => resolve()));
		await pause(20);
		const unlock = lock(folder);
		const claimed = ledger.claim(ann, request('a', 'run-a'));
		const { request: left, orders } = await take(other);
		unlock();
		other.answer(left, granted(orders));
		await claimed;
		await heard;
	});

	it('gets its turn among others who write all the time', async () => {
		const { folder, ledger } = await open(3000);
		const writers = [0, 1, 2].map(() => new WaitingLine(join(folder, 'dreamos.db-line')));
		let turn = 0;
		const going = setInterval(() => {
			// One has written and comes again: there is always somebody in line.
			const writer = writers[(turn += 1) % writers.length];
			writer?.leave();
			writer?.wait(40);
		}, 1);
		try {
			await pause(10);
			assert.equal((await ledger.claim(ann, request('a', 'run-a'))).run.run_id, 'run-a');
		} finally {
			clearInterval(going);
			writers.forEach((writer) => writer.dispose());
		}
	});

	it('serves itself what it cannot leave for others, though somebody serves all the time', async () => {
		const { ledger, other } = await open(1000);
		const serving = setInterval(() => other.serves(true), 2);
		try {
			await pause(10);
			const reason = 'x'.repeat(5000);
			const { run } = await ledger.claim(ann, { ...request('a', 'run-a'), reason });
			assert.equal(run.run_id, 'run-a');
		} finally {
			clearInterval(serving);
		}
	});

	it('serves nobody in a file that is not the ledger any more', async function () {
		if (process.platform === 'win32') {
			// An open file cannot be moved there.
			this.skip();
		}
		const { folder, ledger, other } = await open();
		const file = join(folder, 'dreamos.db');
		renameSync(file, `${file}-old`);
		writeFileSync(file, '');
		other.post(writeOrders([order('a', 'run-a')]));
		await ledger.claim(ann, request('b', 'run-b'));
		assert.equal(other.look(), 'waiting');
	});

	it('serves itself when who said that it serves does not', async () => {
		const { ledger, other } = await open();
		other.serves(true);
		const { run } = await ledger.claim(ann, request('a', 'run-a'));
		assert.equal(run.run_id, 'run-a');
	});

	it('goes on serving for a moment, and then leaves others to themselves', async () => {
		const { ledger, other } = await open();
		other.post(writeOrders([order('a', 'run-a')]));
		await ledger.claim(ann, request('b', 'run-b'));
		other.post(writeOrders([order('c', 'run-c')]));
		for (let tries = 0; typeof other.look() === 'string' && tries < 500; tries += 1) {
			await pause(5);
		}
		assert.equal(typeof other.look(), 'object');
		for (let tries = 0; other.survey().isServed && tries < 500; tries += 1) {
			await pause(5);
		}
		assert.equal(other.survey().isServed, false);
	});
});
