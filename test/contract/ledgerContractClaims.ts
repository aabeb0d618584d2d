// Owns the part of the ledger contract about claims that share a transaction: each one is answered for itself, and won once.

import assert from 'node:assert/strict';
import { isDreamError } from '../../src/base/errors.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import type { ClaimRequest } from '../../src/core/task/advanceTask.ts';
import { agentThree, ann, buildTask, insertTasks } from '../support/ledgerBuilders.ts';
import type { MakeLedgerStore } from './ledgerContract.ts';

const request = (taskId: string, worker: string, more: Partial<ClaimRequest> = {}): ClaimRequest => ({
	taskId,
	worker,
	driver: 'command',
	hostId: null,
	now: Date.now(),
	...more,
});

/** `granted to` or the code of the refusal. */
const outcomeOf = (ledger: Ledger, wanted: ClaimRequest): Promise<string> =>
	ledger.claim(ann, wanted).then(
		({ run }) => run.worker,
		(error: unknown) => (isDreamError(error) ? error.code : String(error)),
	);

export function claimContract(makeStore: MakeLedgerStore): void {
	describe('claims', () => {
		it('claim a task, open its run, and tell of it in the name of who claims', async () => {
			const ledger = await makeStore().open();
			await ledger.write(ann, (transaction) => insertTasks(transaction, buildTask('a')));
			const { stored, run } = await ledger.claim(agentThree, request('a', 'Agent-3', { reason: 'it is next' }));
			assert.deepEqual(
				[stored.task.status, stored.task.claimed_by, stored.run_id, stored.epoch],
				['CLAIMED', 'Agent-3', run.run_id, run.epoch],
			);
			await ledger.read(async (reader) => {
				const now = await reader.task('a');
				assert.deepEqual({ ...now, record: now?.record }, { ...stored, record: stored.record });
				assert.deepEqual(await reader.run(run.run_id), run);
				const events = await reader.events({ task_id: 'a' });
				assert.deepEqual(
					events.map(({ type, actor }) => [type, actor]),
					[
						['task.created', 'human:ann'],
						['task.moved', 'agent:Agent-3'],
						['run.opened', 'agent:Agent-3'],
					],
				);
			});
		});

		it('refuse what cannot be claimed, and claim the rest', async () => {
			const ledger = await makeStore().open();
			await ledger.write(ann, (transaction) =>
				insertTasks(
					transaction,
					buildTask('a'),
					buildTask('b', { status: 'COMPLETED' }),
					buildTask('c', { dependencies: ['a'] }),
					buildTask('d'),
				),
			);
			const outcomes = await Promise.all([
				outcomeOf(ledger, request('a', 'Agent-1')),
				outcomeOf(ledger, request('b', 'Agent-1')),
				outcomeOf(ledger, request('c', 'Agent-1')),
				outcomeOf(ledger, request('nowhere', 'Agent-1')),
				outcomeOf(ledger, request('d', 'Agent-9', { isAgent: true })),
				outcomeOf(ledger, request('d', 'Agent-2')),
			]);
			assert.deepEqual(outcomes, [
				'Agent-1',
				'task.illegalMove',
				'task.dependenciesOpen',
				'task.unknown',
				'agent.unknown',
				'Agent-2',
			]);
			const counts = await ledger.read((reader) => reader.countByStatus());
			assert.deepEqual([counts.CLAIMED, counts.READY, counts.COMPLETED], [2, 1, 1]);
		});

		it('are each won by exactly one, whichever ledgers they come from', async () => {
			const store = makeStore();
			const ledgers = await Promise.all(Array.from({ length: 6 }, () => store.open()));
			const ids = Array.from({ length: 40 }, (_, index) => `t${index}`);
			await ledgers[0]?.write(ann, (transaction) => insertTasks(transaction, ...ids.map((id) => buildTask(id))));
			const won = new Map<string, string>();
			await Promise.all(
				ledgers.map(async (ledger, index) => {
					for (const id of ids) {
						const outcome = await outcomeOf(ledger, request(id, `Agent-${index}`));
						if (outcome === `Agent-${index}`) {
							assert.equal(won.get(id), undefined);
							won.set(id, outcome);
						} else {
							assert.equal(outcome, 'task.illegalMove');
						}
					}
				}),
			);
			const tasks = (await ledgers[0]?.read((reader) => reader.tasks())) ?? [];
			assert.deepEqual(
				new Map(tasks.map(({ task }) => [task.task_id, task.claimed_by])),
				new Map(ids.map((id) => [id, won.get(id) ?? 'nobody'])),
			);
			const runs = await ledgers[0]?.read((reader) => reader.runs());
			assert.equal(runs?.length, ids.length);
		});

		it('open their run under the id their caller chose, and no second one', async () => {
			const ledger = await makeStore().open();
			await ledger.write(ann, (transaction) => insertTasks(transaction, buildTask('a')));
			const { run } = await ledger.claim(ann, request('a', 'Agent-1', { runId: 'run-own' }));
			assert.equal(run.run_id, 'run-own');
			await assert.rejects(ledger.claim(ann, request('a', 'Agent-1', { runId: 'run-own' })), (error) =>
				isDreamError(error, 'task.illegalMove'),
			);
		});

		it('do not stop other writes of the same ledger, nor wait for ever behind them', async () => {
			const ledger = await makeStore().open();
			const ids = Array.from({ length: 20 }, (_, index) => `t${index}`);
			await ledger.write(ann, (transaction) => insertTasks(transaction, ...ids.map((id) => buildTask(id))));
			const both = ids.flatMap((id) => [
				outcomeOf(ledger, request(id, 'Agent-1')),
				ledger.write(ann, (transaction) => transaction.setFact(id, 1)).then(() => 'written'),
			]);
			assert.deepEqual(
				await Promise.all(both),
				ids.flatMap(() => ['Agent-1', 'written']),
			);
		});
	});
}
