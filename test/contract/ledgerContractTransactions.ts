// Owns the part of the ledger contract about transactions: whole or not at all, consistent, one after the other, announced.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { DreamError, isDreamError } from '../../src/base/errors.ts';
import type { Ledger, LedgerTransaction } from '../../src/core/ledger.ts';
import { agentThree, ann, buildTask, claim, insertTasks } from '../support/ledgerBuilders.ts';
import type { MakeLedgerStore } from './ledgerContract.ts';

const increment = async (transaction: LedgerTransaction): Promise<number> => {
	const value = Number((await transaction.fact('counter')) ?? 0) + 1;
	await transaction.setFact('counter', value);
	return value;
};

export function transactionContract(makeStore: MakeLedgerStore): void {
	describe('transactions', () => {
		it('gives back what the work returns, and shows the change to another ledger', async () => {
			const store = makeStore();
			const [one, other] = [await store.open(), await store.open()];
			const sequence = await one.write(ann, (transaction) =>
				transaction.append({ type: 'swarm.started', message: 'go' }),
			);
			assert.equal(sequence, 1);
			assert.equal(await other.read((reader) => reader.sequence()), 1);
		});

		it('stamps one moment and one actor on everything', async () => {
			const ledger = await makeStore().open();
			const at = await ledger.write(agentThree, async (transaction) => {
				assert.deepEqual(transaction.actor, agentThree);
				await transaction.append({ type: 'swarm.started', message: 'a' });
				await transaction.append({ type: 'swarm.stopped', message: 'b' });
				return transaction.at;
			});
			const events = await ledger.read((reader) => reader.events());
			assert.match(at, /^\d{4}-\d\d-\d\dT.*Z$/u);
			assert.deepEqual(
				events.map((event) => [event.at, event.actor]),
				[
					[at, 'agent:Agent-3'],
					[at, 'agent:Agent-3'],
				],
			);
		});

		it('takes everything back when the work throws, and throws what the work threw', async () => {
			const ledger = await makeStore().open();
			await ledger.write(ann, (transaction) => insertTasks(transaction, buildTask('kept')));
			const before = await everything(ledger);
			const reason = new DreamError('test.reason', 'no');
			const attempt = ledger.write(ann, async (transaction) => {
				await insertTasks(transaction, buildTask('lost', { dependencies: ['kept'] }));
				await claim(transaction, 'kept', 'Agent-3', 'run-1');
				await transaction.setFact('f', 1);
				await transaction.acquireLease('host', 'me', 1000, 0);
				throw reason;
			});
			await assert.rejects(attempt, (error) => error === reason);
			assert.deepEqual(await everything(ledger), before);
			assert.equal(
				await ledger.write(ann, (transaction) => transaction.append({ type: 'swarm.started', message: 'x' })),
				2,
			);
		});

		it('goes on after a refusal that the work has caught', async () => {
			const ledger = await makeStore().open();
			await ledger.write(ann, async (transaction) => {
				await insertTasks(transaction, buildTask('a'));
				await assert.rejects(transaction.insertTask(buildTask('a')), (error) =>
					isDreamError(error, 'task.duplicate'),
				);
				await insertTasks(transaction, buildTask('b'));
			});
			assert.equal((await ledger.read((reader) => reader.tasks())).length, 2);
		});

		it('refuses a transaction inside another one instead of waiting for itself', async () => {
			const ledger = await makeStore().open();
			const nothing = () => Promise.resolve();
			const isNested = (error: unknown) => isDreamError(error, 'ledger.nested');
			await ledger.write(ann, async () => {
				await assert.rejects(ledger.write(ann, nothing), isNested);
				await assert.rejects(ledger.read(nothing), isNested);
			});
			await ledger.read(() => assert.rejects(ledger.write(ann, nothing), isNested));
			await ledger.write(ann, increment);
		});

		it('runs transactions begun side by side one after the other', async () => {
			const store = makeStore();
			const [one, other] = [await store.open(), await store.open()];
			const values = await Promise.all(
				Array.from({ length: 40 }, (_, index) =>
					(index % 2 === 0 ? one : other).write(ann, async (transaction) => {
						// A turn of the microtask queue between read and write is where others would slip in.
						await Promise.resolve();
						return increment(transaction);
					}),
				),
			);
			assert.equal(new Set(values).size, 40);
			assert.equal(await one.read((reader) => reader.fact('counter')), 40);
		});

		it('lets exactly one of several claimers win', async () => {
			const store = makeStore();
			const ledgers = await Promise.all(Array.from({ length: 4 }, () => store.open()));
			await ledgers[0]?.write(ann, (transaction) => insertTasks(transaction, buildTask('a')));
			const wins = await Promise.all(
				ledgers.map((ledger, index) =>
					ledger.write(ann, (transaction) => claim(transaction, 'a', `Agent-${index}`, `run-${index}`)),
				),
			);
			assert.equal(wins.filter(Boolean).length, 1);
			const [runs, stored] = await Promise.all([
				ledgers[0]?.read((reader) => reader.runs()),
				ledgers[0]?.read((reader) => reader.task('a')),
			]);
			assert.equal(runs?.length, 1);
			assert.equal(stored?.task.claimed_by, `Agent-${wins.indexOf(true)}`);
			assert.equal(stored?.epoch, 1);
		});

		it('reads one moment, whatever is written meanwhile, and keeps no writer waiting', async () => {
			const store = makeStore();
			const [reading, writing] = [await store.open(), await store.open()];
			await writing.write(ann, (transaction) => insertTasks(transaction, buildTask('a')));
			const seen = await reading.read(async (reader) => {
				const first = await reader.tasks();
				await writing.write(ann, (transaction) => insertTasks(transaction, buildTask('b')));
				return [first.length, (await reader.tasks()).length, await reader.sequence()];
			});
			assert.deepEqual(seen, [1, 1, 1]);
			assert.equal((await reading.read((reader) => reader.tasks())).length, 2);
		});

		it('reads its own writes', async () => {
			const ledger = await makeStore().open();
			await ledger.write(ann, async (transaction) => {
				await insertTasks(transaction, buildTask('a'));
				assert.equal((await transaction.task('a'))?.position, 0);
				assert.ok(await claim(transaction, 'a', 'Agent-3', 'run-1'));
				assert.equal((await transaction.task('a'))?.task.status, 'CLAIMED');
				assert.deepEqual(
					(await transaction.tasks({ status: ['CLAIMED'] })).map(({ epoch }) => epoch),
					[1],
				);
				assert.equal((await transaction.board('working_tasks')).dirty_sequence > 0, true);
				await transaction.removeTask('a');
				assert.equal(await transaction.task('a'), undefined);
				await transaction.append({ type: 'task.removed', task_id: 'a', message: 'removed' });
			});
		});

		it('refuses a reader and a transaction that are over', async () => {
			const ledger = await makeStore().open();
			const isOver = (error: unknown) => isDreamError(error, 'ledger.ended');
			const transaction = await ledger.write(ann, (open) => Promise.resolve(open));
			await assert.rejects(transaction.setFact('late', 1), isOver);
			const reader = await ledger.read((open) => Promise.resolve(open));
			await assert.rejects(reader.tasks(), isOver);
			assert.equal(await ledger.read((open) => open.fact('late')), undefined);
		});

		it('refuses tasks changed without an event, because nobody would hear of them', async () => {
			const ledger = await makeStore().open();
			const silent = ledger.write(ann, (transaction) => transaction.insertTask(buildTask('a')));
			await assert.rejects(silent, (error) => isDreamError(error, 'internal.noEvent'));
			assert.equal((await ledger.read((reader) => reader.tasks())).length, 0);
		});

		it('finishes what is under way when it is closed, and refuses what comes after', async () => {
			const store = makeStore();
			const ledger = await store.open();
			const running = ledger.write(ann, async (transaction) => {
				await pause(20);
				return increment(transaction);
			});
			await pause(5);
			ledger.dispose();
			ledger.dispose();
			assert.equal(await running, 1);
			await assert.rejects(ledger.write(ann, increment), (error) => isDreamError(error, 'ledger.closed'));
			assert.equal(await (await store.open()).read((reader) => reader.fact('counter')), 1);
		});
	});

	describe('announcements', () => {
		it('tells of own commits with the newest sequence, and of none that were taken back', async () => {
			const ledger = await makeStore().open();
			const heard: number[] = [];
			ledger.onDidChange(({ sequence }) => heard.push(sequence));
			await ledger.write(ann, () => Promise.reject(new Error('no'))).catch(() => undefined);
			await pause(50);
			assert.deepEqual(heard, []);
			await ledger.write(ann, (transaction) => insertTasks(transaction, buildTask('a'), buildTask('b')));
			await until(() => heard.length > 0);
			assert.equal(heard.at(-1), 2);
		});

		it('tells of changes without an event too, such as a command for another program', async () => {
			const ledger = await makeStore().open();
			let count = 0;
			ledger.onDidChange(() => (count += 1));
			await ledger.write(ann, (transaction) => transaction.setFact('f', 1));
			await until(() => count === 1);
		});

		it('tells nobody here of a lease that merely goes on, and everybody of one that is taken, told about or given back', async () => {
			const store = makeStore();
			const [ledger, other] = [await store.open(), await store.open()];
			let count = 0;
			let elsewhere = 0;
			ledger.onDidChange(() => (count += 1));
			other.onDidChange(() => (elsewhere += 1));
			const take = (data?: { pid: number }, more?: (transaction: LedgerTransaction) => Promise<void>) =>
				ledger.write(ann, async (transaction) => {
					await transaction.acquireLease('host', 'a', 60_000, Date.now(), data);
					await more?.(transaction);
				});
			await take({ pid: 1 });
			await until(() => count === 1);
			await until(() => elsewhere === 1);
			await take({ pid: 1 });
			await take();
			await until(() => elsewhere > 1);
			await pause(50);
			assert.equal(count, 1);
			await take({ pid: 2 });
			await until(() => count === 2);
			await take(undefined, (transaction) => transaction.setFact('f', 1));
			await until(() => count === 3);
			await take(undefined, async (transaction) => {
				await transaction.append({ type: 'swarm.started', message: 'beside a renewal' });
			});
			await until(() => count === 4);
			await ledger.write(ann, (transaction) => transaction.releaseLease('host', 'a'));
			await until(() => count === 5);
		});

		it('tells another ledger soon, and not the one that was closed', async () => {
			const store = makeStore();
			const [one, other, closed] = [await store.open(), await store.open(), await store.open()];
			let late = 0;
			const heard: number[] = [];
			closed.onDidChange(() => (late += 1));
			closed.dispose();
			other.onDidChange(({ sequence }) => heard.push(sequence));
			await pause(50);
			await one.write(ann, (transaction) => insertTasks(transaction, buildTask('a')));
			await until(() => heard.includes(1));
			await one.write(ann, (transaction) => insertTasks(transaction, buildTask('b')));
			await until(() => heard.includes(2));
			assert.equal(late, 0);
		});

		it('folds a burst into few announcements, the last of which is the newest', async () => {
			const ledger = await makeStore().open();
			const heard: number[] = [];
			ledger.onDidChange(({ sequence }) => heard.push(sequence));
			for (let index = 0; index < 50; index += 1) {
				await ledger.write(ann, (transaction) =>
					transaction.append({ type: 'swarm.started', message: String(index) }),
				);
			}
			await until(() => heard.at(-1) === 50);
			assert.ok(heard.length < 50, `${heard.length} announcements`);
			assert.deepEqual(
				heard,
				[...heard].sort((left, right) => left - right),
			);
		});
	});
}

/** Waits for what must come; the test's own time limit fails it otherwise. */
async function until(condition: () => boolean): Promise<void> {
	while (!condition()) {
		await pause(2);
	}
}

const everything = (ledger: Ledger) =>
	ledger.read(async (reader) => ({
		tasks: await reader.tasks(),
		events: await reader.events(),
		runs: await reader.runs(),
		leases: await reader.leases(),
		fact: await reader.fact('f'),
		boards: [await reader.board('task_ready_queue'), await reader.board('working_tasks')],
		dependants: await reader.dependants('kept'),
	}));
