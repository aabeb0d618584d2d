// Owns the part of the ledger contract about everything beside tasks: agents, boards, leases, commands, facts.

import assert from 'node:assert/strict';
import { agentSchema } from '../../src/core/agent/agent.ts';
import { boardNames } from '../../src/core/task/taskStatus.ts';
import { ann, buildTask, insertTasks } from '../support/ledgerBuilders.ts';
import type { MakeLedgerStore } from './ledgerContract.ts';

export function registryContract(makeStore: MakeLedgerStore): void {
	describe('agents', () => {
		it('are kept with fields nobody knows, in the order they came', async () => {
			const ledger = await makeStore().open();
			const two = agentSchema.parse({ id: 'Agent-2', capabilities: ['rust'], theirs: { kept: [1] } });
			const one = agentSchema.parse({ id: 'Agent-1', driver: 'acp', command: ['x', 'acp'], enabled: false });
			await ledger.write(ann, async (transaction) => {
				await transaction.putAgent(two);
				await transaction.putAgent(one);
			});
			assert.deepEqual(await ledger.read((reader) => reader.agents()), [two, one]);
			await ledger.write(ann, (transaction) => transaction.putAgent({ ...two, name: 'Second' }));
			assert.deepEqual(await ledger.read((reader) => reader.agents()), [{ ...two, name: 'Second' }, one]);
			assert.deepEqual(await ledger.read((reader) => reader.agent('Agent-1')), one);
			await ledger.write(ann, (transaction) => transaction.removeAgent('Agent-2'));
			assert.deepEqual(await ledger.read((reader) => reader.agents()), [one]);
			assert.equal(await ledger.read((reader) => reader.agent('Agent-2')), undefined);
		});
	});

	describe('boards', () => {
		it('are there from the beginning, clean and without a base', async () => {
			const ledger = await makeStore().open();
			for (const name of boardNames) {
				const clean = { name, dirty_sequence: 0, mirrored_sequence: 0, base: null, halted: null };
				assert.deepEqual(await ledger.read((reader) => reader.board(name)), clean);
			}
		});

		it('keep what the mirror notes, and only that', async () => {
			const ledger = await makeStore().open();
			const board = () => ledger.read((reader) => reader.board('task_backlog'));
			const set = (patch: Parameters<Parameters<Parameters<typeof ledger.write>[1]>[0]['setBoard']>[1]) =>
				ledger.write(ann, (transaction) => transaction.setBoard('task_backlog', patch));
			const base = `[\n"${'ä'.repeat(300_000)}"]\n`;
			await ledger.write(ann, (transaction) => insertTasks(transaction, buildTask('a', { status: 'PENDING' })));
			await set({ base, mirrored_sequence: 1 });
			assert.deepEqual(await board(), {
				name: 'task_backlog',
				dirty_sequence: 1,
				mirrored_sequence: 1,
				base,
				halted: null,
			});
			await set({ halted: 'does not parse' });
			await set({ dirty_sequence: 9 });
			assert.deepEqual(await board(), {
				name: 'task_backlog',
				dirty_sequence: 9,
				mirrored_sequence: 1,
				base,
				halted: 'does not parse',
			});
			await set({ halted: null, base: null });
			await set({});
			assert.deepEqual(await board(), {
				name: 'task_backlog',
				dirty_sequence: 9,
				mirrored_sequence: 1,
				base: null,
				halted: null,
			});
			assert.equal((await ledger.read((reader) => reader.board('working_tasks'))).base, null);
		});

		it('become dirty again by a later change, however far they were mirrored', async () => {
			const ledger = await makeStore().open();
			for (let index = 0; index < 3; index += 1) {
				await ledger.write(ann, (transaction) => insertTasks(transaction, buildTask(`t${index}`)));
				const { dirty_sequence, mirrored_sequence } = await ledger.read((reader) =>
					reader.board('task_ready_queue'),
				);
				assert.ok(dirty_sequence > mirrored_sequence);
				await ledger.write(ann, async (transaction) =>
					transaction.setBoard('task_ready_queue', { mirrored_sequence: await transaction.sequence() }),
				);
				const after = await ledger.read((reader) => reader.board('task_ready_queue'));
				assert.ok(after.dirty_sequence <= after.mirrored_sequence);
			}
		});
	});

	describe('leases', () => {
		it('have one holder at a time; each new one gets a higher epoch, a renewal keeps it', async () => {
			const store = makeStore();
			const [ledger, other] = [await store.open(), await store.open()];
			const take = (holder: string, now: number, data?: { pid: number }) =>
				(holder === 'a' ? ledger : other).write(ann, (transaction) =>
					transaction.acquireLease('host', holder, 100, now, data),
				);
			assert.equal(await ledger.read((reader) => reader.lease('host')), undefined);
			assert.deepEqual(await take('a', 1000, { pid: 1 }), {
				name: 'host',
				holder: 'a',
				epoch: 1,
				expires_at: 1100,
				data: { pid: 1 },
			});
			assert.equal(await take('b', 1050), undefined);
			assert.deepEqual(await take('a', 1090), {
				name: 'host',
				holder: 'a',
				epoch: 1,
				expires_at: 1190,
				data: { pid: 1 },
			});
			assert.equal(await take('b', 1190), undefined);
			assert.deepEqual(await take('b', 1191), {
				name: 'host',
				holder: 'b',
				epoch: 2,
				expires_at: 1291,
				data: {},
			});
			assert.equal(await take('a', 1200), undefined);
			assert.deepEqual((await ledger.read((reader) => reader.lease('host')))?.holder, 'b');
		});

		it('do not outlive their holder when the clock is set back', async () => {
			const ledger = await makeStore().open();
			const take = (holder: string, now: number) =>
				ledger.write(ann, (transaction) => transaction.acquireLease('mirror', holder, 100, now));
			await take('dead', 3_600_000);
			assert.equal(await take('b', 3_600_000 - 90), undefined, 'a clock that was put right by little');
			assert.equal((await take('b', 1000))?.holder, 'b');
			assert.equal(await take('c', 1050), undefined);
		});

		it('are given back by their holder alone, and the next holder still gets a new epoch', async () => {
			const ledger = await makeStore().open();
			const take = (holder: string) =>
				ledger.write(ann, (transaction) => transaction.acquireLease('host', holder, 100, 0));
			const give = (holder: string) =>
				ledger.write(ann, (transaction) => transaction.releaseLease('host', holder));
			await take('a');
			await give('b');
			assert.equal((await ledger.read((reader) => reader.lease('host')))?.holder, 'a');
			await give('a');
			await give('a');
			assert.equal(await ledger.read((reader) => reader.lease('host')), undefined);
			assert.equal((await take('b'))?.epoch, 2);
			await give('b');
			assert.equal((await take('b'))?.epoch, 3);
		});

		it('go to exactly one of several that want them', async () => {
			const store = makeStore();
			const ledgers = await Promise.all(Array.from({ length: 4 }, () => store.open()));
			const got = await Promise.all(
				ledgers.map((ledger, index) =>
					ledger.write(ann, (transaction) => transaction.acquireLease('mirror', `p${index}`, 100, 0)),
				),
			);
			assert.equal(got.filter((lease) => lease !== undefined).length, 1);
		});

		it('are listed by prefix, those given back left out', async () => {
			const ledger = await makeStore().open();
			await ledger.write(ann, async (transaction) => {
				for (const name of ['host', 'editor:2', 'editor:1', 'editor:3', 'editor%']) {
					await transaction.acquireLease(name, 'me', 100, 0);
				}
				await transaction.releaseLease('editor:3', 'me');
			});
			const names = async (prefix?: string) =>
				(await ledger.read((reader) => reader.leases(prefix))).map(({ name }) => name);
			assert.deepEqual(await names('editor:'), ['editor:1', 'editor:2']);
			assert.deepEqual((await names()).toSorted(), ['editor%', 'editor:1', 'editor:2', 'host']);
		});
	});

	describe('commands', () => {
		it('are taken once, given back, and finished once', async () => {
			const store = makeStore();
			const [one, other] = [await store.open(), await store.open()];
			const data = { run_id: 'run-1', epoch: 2 };
			const at = await one.write(ann, async (transaction) => {
				await transaction.insertCommand({ command_id: 'c1', target: 'editor', kind: 'landing.apply', data });
				return transaction.at;
			});
			const pending = {
				command_id: 'c1',
				target: 'editor',
				kind: 'landing.apply',
				data,
				state: 'pending',
				taken_by: null,
				answer: null,
				created_at: at,
			};
			const command = () => other.read((reader) => reader.command('c1'));
			const take = (ledger: typeof one, taker: string) =>
				ledger.write(ann, (transaction) => transaction.takeCommand('c1', taker));
			assert.deepEqual(await command(), pending);
			const taken = await Promise.all([take(one, 'w1'), take(other, 'w2')]);
			assert.deepEqual(taken.toSorted(), [false, true]);
			const taker = taken[0] ? 'w1' : 'w2';
			assert.deepEqual(await command(), { ...pending, state: 'taken', taken_by: taker });
			await one.write(ann, (transaction) => transaction.returnCommand('c1'));
			assert.deepEqual(await command(), pending);
			assert.equal(await take(other, 'w2'), true);
			await other.write(ann, (transaction) => transaction.finishCommand('c1', 'done', { files: ['a'] }));
			await other.write(ann, (transaction) => transaction.finishCommand('c1', 'failed', { late: true }));
			await other.write(ann, (transaction) => transaction.returnCommand('c1'));
			assert.deepEqual(await command(), { ...pending, state: 'done', taken_by: 'w2', answer: { files: ['a'] } });
			assert.equal(await take(one, 'w1'), false);
			assert.equal(await other.read((reader) => reader.command('c2')), undefined);
		});

		it('are listed in the order they came, by target and state', async () => {
			const ledger = await makeStore().open();
			await ledger.write(ann, async (transaction) => {
				await transaction.insertCommand({ command_id: 'z', target: 'host', kind: 'run.cancel', data: {} });
				await transaction.insertCommand({ command_id: 'b', target: 'editor', kind: 'landing.apply', data: {} });
				await transaction.insertCommand({ command_id: 'a', target: 'host', kind: 'run.cancel', data: {} });
				await transaction.takeCommand('a', 'me');
			});
			const ids = async (filter: Parameters<Parameters<Parameters<typeof ledger.read>[0]>[0]['commands']>[0]) =>
				(await ledger.read((reader) => reader.commands(filter))).map(({ command_id }) => command_id);
			assert.deepEqual(await ids({}), ['z', 'b', 'a']);
			assert.deepEqual(await ids({ target: 'host' }), ['z', 'a']);
			assert.deepEqual(await ids({ target: 'host', state: 'pending' }), ['z']);
			assert.deepEqual(await ids({ state: 'done' }), []);
		});
	});

	describe('facts', () => {
		it('hold any JSON value; one that was never set is undefined, not null', async () => {
			const ledger = await makeStore().open();
			const fact = () => ledger.read((reader) => reader.fact('key'));
			assert.equal(await fact(), undefined);
			for (const value of [null, false, 0, '', 'ä\ud800', [1, [2]], { a: { b: null } }]) {
				await ledger.write(ann, (transaction) => transaction.setFact('key', value));
				assert.deepEqual(await fact(), value);
			}
			assert.equal(await ledger.read((reader) => reader.fact('other')), undefined);
		});
	});
}
