// Owns the part of the ledger contract about runs and events: the fence, and the line that tells what happened.

import assert from 'node:assert/strict';
import { isDreamError } from '../../src/base/errors.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import type { Run, RunToken } from '../../src/core/run/run.ts';
import { createTask } from '../../src/core/task/createTask.ts';
import { ann, buildRun } from '../support/ledgerBuilders.ts';
import type { MakeLedgerStore } from './ledgerContract.ts';

const open = (ledger: Ledger, ...runs: readonly Run[]) =>
	ledger.write(ann, async (transaction) => {
		for (const run of runs) {
			await transaction.insertRun(run);
		}
	});

const update = (
	ledger: Ledger,
	token: RunToken,
	patch: Parameters<Parameters<Parameters<Ledger['write']>[1]>[0]['updateRun']>[1],
) => ledger.write(ann, (transaction) => transaction.updateRun(token, patch));

export function runContract(makeStore: MakeLedgerStore): void {
	describe('runs', () => {
		it('come back exactly as they were put in', async () => {
			const ledger = await makeStore().open();
			const run = buildRun('run-1', 'a', {
				reason: 'because',
				host_id: 'host-1',
				worktree: '/some/where',
				base_commit: 'b',
				result_commit: 'r',
				files: ['a.ts', 'ö "b".ts'],
				gates: [
					{
						command: 'npm test',
						exit_code: null,
						ending: 'timeout',
						duration_ms: 1.5,
						output: 'x'.repeat(70_000),
					},
				],
				pid: 4711,
				pid_started: '99',
				log_file: 'runtime/logs/runs/run-1.log',
				session: {
					kind: 'kimi',
					session_id: 's "1"',
					cwd: '/some/where',
					mode: null,
					options: { fast: true },
					opened_at: '2026-01-01T00:00:00.500Z',
				},
				closed_at: '2026-01-01T00:00:01.000Z',
				state: 'failed',
			});
			await open(ledger, run);
			assert.deepEqual(await ledger.read((reader) => reader.run('run-1')), run);
			assert.deepEqual(await ledger.read((reader) => reader.runs()), [run]);
			assert.equal(await ledger.read((reader) => reader.run('run-2')), undefined);
		});

		it('are listed newest first and by task, worker and state', async () => {
			const ledger = await makeStore().open();
			const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
			await open(
				ledger,
				buildRun('run-z', 'a', { opened_at: at(1), state: 'lost' }),
				buildRun('run-a', 'a', { opened_at: at(2), worker: 'Agent-1' }),
				// Two attempts in one millisecond: the later has the higher epoch.
				buildRun('run-c', 'b', { opened_at: at(3), epoch: 1, state: 'released' }),
				buildRun('run-b', 'b', { opened_at: at(3), epoch: 2, state: 'working' }),
			);
			const ids = async (filter?: Parameters<Parameters<Parameters<Ledger['read']>[0]>[0]['runs']>[0]) =>
				(await ledger.read((reader) => reader.runs(filter))).map(({ run_id }) => run_id);
			assert.deepEqual(await ids(), ['run-b', 'run-c', 'run-a', 'run-z']);
			assert.deepEqual(await ids({ limit: 2 }), ['run-b', 'run-c']);
			assert.deepEqual(await ids({ task_id: 'a' }), ['run-a', 'run-z']);
			assert.deepEqual(await ids({ worker: 'Agent-1' }), ['run-a']);
			assert.deepEqual(await ids({ state: ['working', 'lost'] }), ['run-b', 'run-z']);
			assert.deepEqual(await ids({ state: [] }), []);
		});

		it('tell how those of a worker ended, newest first, with the type of the task where there is one', async () => {
			const ledger = await makeStore().open();
			const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
			await ledger.write(ann, (transaction) =>
				createTask(transaction, { task_id: 'a', name: 'a', task_type: 'bugfix' }),
			);
			await open(
				ledger,
				buildRun('run-1', 'gone', { opened_at: at(1), state: 'failed', closed_at: at(5) }),
				buildRun('run-2', 'a', { opened_at: at(2), state: 'completed', closed_at: at(5) }),
				buildRun('run-3', 'a', { opened_at: at(3), state: 'working', closed_at: null }),
				buildRun('run-4', 'a', { opened_at: at(4), worker: 'Agent-9', state: 'completed', closed_at: at(5) }),
			);
			const { worker } = buildRun('run-1', 'gone');
			const outcomes = (limit: number) => ledger.read((reader) => reader.runOutcomes({ worker, limit }));
			assert.deepEqual(await outcomes(9), [
				{ worker, task_id: 'a', task_type: 'bugfix', state: 'completed' },
				{ worker, task_id: 'gone', task_type: '', state: 'failed' },
			]);
			assert.equal((await outcomes(1)).length, 1);
		});

		it('change for whoever carries their token, field by field', async () => {
			const ledger = await makeStore().open();
			const run = buildRun('run-1', 'a', { epoch: 3 });
			await open(ledger, run);
			const token = { run_id: 'run-1', epoch: 3 };
			const changed = await update(ledger, token, { state: 'working', files: ['x'], pid: 1, reason: undefined });
			assert.deepEqual(changed, { ...run, state: 'working', files: ['x'], pid: 1 });
			assert.deepEqual(await ledger.read((reader) => reader.run('run-1')), changed);
			assert.deepEqual(await update(ledger, token, {}), changed);
			const closed = await update(ledger, token, { state: 'completed', closed_at: '2026-01-02T00:00:00.000Z' });
			assert.equal(closed.state, 'completed');
		});

		const isFenced = (error: unknown) => isDreamError(error, 'run.fenced') && error.details['run_id'] === 'run-1';

		it('refuse a stale token, and the whole transaction with it', async () => {
			const ledger = await makeStore().open();
			const run = buildRun('run-1', 'a', { epoch: 3 });
			await open(ledger, run);
			for (const epoch of [2, 4]) {
				const zombie = ledger.write(ann, async (transaction) => {
					await transaction.append({ type: 'gate.finished', run_id: 'run-1', message: 'from a zombie' });
					await transaction.updateRun({ run_id: 'run-1', epoch }, { state: 'completed' });
				});
				await assert.rejects(zombie, isFenced);
			}
			assert.deepEqual(await ledger.read((reader) => reader.run('run-1')), run);
			assert.deepEqual(await ledger.read((reader) => reader.events()), []);
		});

		it('refuse every change once they are over, and tokens of runs that never were', async () => {
			const ledger = await makeStore().open();
			for (const state of ['completed', 'failed', 'released', 'cancelled', 'blocked', 'lost'] as const) {
				await open(ledger, buildRun(`over-${state}`, 'a', { state }));
				const token = { run_id: `over-${state}`, epoch: 1 };
				await assert.rejects(update(ledger, token, { state: 'working' }), (error) =>
					isDreamError(error, 'run.fenced'),
				);
			}
			await assert.rejects(update(ledger, { run_id: 'run-1', epoch: 1 }, {}), isFenced);
		});
	});

	describe('events', () => {
		it('come back as they were told, numbered without gaps', async () => {
			const ledger = await makeStore().open();
			const told = await ledger.write(ann, async (transaction) => [
				await transaction.append({ type: 'task.created', task_id: 'a', message: 'bare' }),
				await transaction.append({
					type: 'run.opened',
					task_id: 'a',
					run_id: 'run-1',
					agent_id: 'Agent-3',
					message: 'line\nä "\u0000"',
					data: { list: [1, { deep: null }] },
				}),
			]);
			assert.deepEqual(told, [1, 2]);
			const [bare, full] = await ledger.read((reader) => reader.events());
			assert.ok(bare && full);
			assert.deepEqual(Object.keys(bare), ['sequence', 'at', 'type', 'actor', 'task_id', 'message']);
			// No database keeps U+0000 in plain text on every platform; nothing behind it may be lost.
			assert.equal(full.message, 'line\nä "\uFFFD"');
			assert.deepEqual(
				[full.sequence, full.run_id, full.agent_id, full.actor],
				[2, 'run-1', 'Agent-3', 'human:ann'],
			);
			assert.deepEqual(full.data, { list: [1, { deep: null }] });
		});

		it('are found by sequence, task and run, in either order', async () => {
			const ledger = await makeStore().open();
			await ledger.write(ann, async (transaction) => {
				for (let index = 1; index <= 6; index += 1) {
					await transaction.append({
						type: 'gate.finished',
						task_id: index % 2 === 0 ? 'even' : 'odd',
						// What concerns a run need not name its task.
						...(index > 4 ? { run_id: 'run-1', task_id: undefined } : {}),
						message: String(index),
					});
				}
			});
			const found = async (filter: Parameters<Parameters<Parameters<Ledger['read']>[0]>[0]['events']>[0]) =>
				(await ledger.read((reader) => reader.events(filter))).map(({ sequence }) => sequence);
			assert.deepEqual(await found({ after: 4 }), [5, 6]);
			assert.deepEqual(await found({ after: 6 }), []);
			assert.deepEqual(await found({ task_id: 'even' }), [2, 4]);
			assert.deepEqual(await found({ run_id: 'run-1' }), [5, 6]);
			assert.deepEqual(await found({ newestFirst: true, limit: 2 }), [6, 5]);
			assert.deepEqual(await found({ limit: 2 }), [1, 2]);
			assert.deepEqual(await found({ task_id: 'odd', after: 1, newestFirst: true }), [3]);
		});
	});
}
