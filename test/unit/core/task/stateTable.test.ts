// Checks the table of moves with any sequence of moves, by any worker, fresh or fenced: no task ever leaves the table, none has two
// holders, and what the events tell is what the ledger holds.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isDreamError } from '../../../../src/base/errors.ts';
import type { Ledger, LedgerReader, LedgerTransaction } from '../../../../src/core/ledger.ts';
import type { RunToken } from '../../../../src/core/run/run.ts';
import { isOpenRun } from '../../../../src/core/run/run.ts';
import { advanceTask, claimTask } from '../../../../src/core/task/advanceTask.ts';
import { createTask } from '../../../../src/core/task/createTask.ts';
import { requireTask } from '../../../../src/core/task/moveTask.ts';
import type { Task } from '../../../../src/core/task/task.ts';
import type { MoveName, TaskStatus } from '../../../../src/core/task/taskStatus.ts';
import { boardOfStatus, moveRule, moveRules } from '../../../../src/core/task/taskStatus.ts';
import { undoLastChange } from '../../../../src/core/task/undoTask.ts';
import { undoMoves } from '../../../../src/core/task/undoMoves.ts';
import { taskStatuses } from '../../../../src/core/task/taskStatus.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { ann, openTemporaryLedger } from '../../../support/temporaryLedger.ts';

const ids = ['A', 'B', 'C'] as const;
const workers = ['ann', 'bob', 'Agent-1'] as const;
const heldStatuses: readonly TaskStatus[] = ['CLAIMED', 'IN_PROGRESS', 'VALIDATING', 'REVIEW'];

interface Step {
	readonly task: (typeof ids)[number];
	readonly move: MoveName;
	readonly worker: (typeof workers)[number];
	/** Which token it carries: none, that of the last claim, or that of the first. */
	readonly token: 'none' | 'last' | 'first';
}

const step: fc.Arbitrary<Step> = fc.record({
	task: fc.constantFrom(...ids),
	move: fc.constantFrom(...(Object.keys(moveRules) as MoveName[])),
	worker: fc.constantFrom(...workers),
	token: fc.constantFrom('none', 'last', 'first'),
});

/** B waits for A, C for both. */
async function createThree(transaction: LedgerTransaction): Promise<void> {
	await createTask(transaction, { task_id: 'A', name: 'a' });
	await createTask(transaction, { task_id: 'B', name: 'b', dependencies: ['A'] });
	await createTask(transaction, { task_id: 'C', name: 'c', dependencies: ['A', 'B'] });
}

async function make(
	transaction: LedgerTransaction,
	{ task, move, worker, token }: Step,
	tokens: RunToken[],
): Promise<void> {
	if (move === 'claim') {
		const { run } = await claimTask(transaction, { taskId: task, worker, driver: 'human', hostId: null, now: 0 });
		tokens.push(run);
		return;
	}
	const carried = token === 'none' ? undefined : token === 'first' ? tokens[0] : tokens.at(-1);
	await advanceTask(transaction, {
		taskId: task,
		move,
		reason: 'because',
		...(carried === undefined ? {} : { token: carried }),
	});
}

/** True when it was made; false when it was refused with a reason. */
async function attempt(work: Promise<unknown>): Promise<boolean> {
	try {
		await work;
		return true;
	} catch (error) {
		assert.ok(isDreamError(error), String(error));
		assert.match(
			error.code,
			/^(?:task\.(?:illegalMove|dependenciesOpen|reasonMissing|notUndoable|nothingToUndo|dependedOn)|run\.fenced)$/u,
		);
		return false;
	}
}

async function assertHeld(reader: LedgerReader): Promise<void> {
	for (const id of ids) {
		const { task, board, run_id } = await requireTask(reader, id);
		assert.equal(board, boardOfStatus[task.status]);
		const open = (await reader.runs({ task_id: id })).filter(({ state }) => isOpenRun(state));
		const isHeld = heldStatuses.includes(task.status);
		assert.deepEqual(
			open.map((run) => run.run_id),
			isHeld ? [run_id] : [],
			`${id} ${task.status} has one holder, or none`,
		);
		assert.equal(task.claimed_by !== null && open.length > 0 ? task.claimed_by : null, open[0]?.worker ?? null);
		if (task.status === 'READY') {
			for (const dependency of task.dependencies) {
				assert.equal((await requireTask(reader, dependency)).task.status, 'COMPLETED', `${id} is ready`);
			}
		}
	}
}

async function assertSound(reader: LedgerReader): Promise<void> {
	await assertHeld(reader);
	for (const id of ids) {
		await assertTold(reader, (await requireTask(reader, id)).task);
	}
}

/** Replays the events by the table. */
async function assertTold(reader: LedgerReader, task: Task): Promise<void> {
	let status: TaskStatus | undefined;
	for (const { type, data, message } of await reader.events({ task_id: task.task_id })) {
		if (type === 'task.created') {
			status = data?.['status'] as TaskStatus;
		} else if (type === 'task.moved') {
			const rule = moveRule(data?.['move'] as MoveName);
			assert.equal(data?.['from'], status, message);
			assert.ok(rule.from.includes(data?.['from'] as TaskStatus), message);
			status = data?.['to'] as TaskStatus;
			assert.ok(rule.to === 'queue' ? ['READY', 'PENDING'].includes(status) : rule.to === status, message);
		}
	}
	assert.equal(status, task.status, task.task_id);
}

describe('the table of moves', () => {
	const folders = useTemporaryFolders();
	const fresh = async (): Promise<Ledger> => (await openTemporaryLedger(folders.make())).ledger;

	it('holds for any sequence of moves', async () => {
		let made = 0;
		await fc.assert(
			fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
				const ledger = await fresh();
				await ledger.write(ann, async (transaction) => {
					await createThree(transaction);
					const tokens: RunToken[] = [];
					for (const each of steps) {
						if (await attempt(make(transaction, each, tokens))) {
							made++;
							await assertHeld(transaction);
						}
					}
					await assertSound(transaction);
				});
				ledger.dispose();
			}),
			{ numRuns: 15 },
		);
		assert.ok(made > 20, `only ${made} moves were made`);
	});

	it('would show a task that left it', async () => {
		const ledger = await fresh();
		await ledger.write(ann, createThree);
		await ledger.read(assertSound);
		// Planted: a status that no move made.
		await ledger.write(ann, async (transaction) => {
			const stored = await requireTask(transaction, 'B');
			await transaction.append({ type: 'task.edited', task_id: 'B', message: 'by a bug' });
			await transaction.replaceTask(
				{ ...stored, task: { ...stored.task, status: 'READY' }, board: 'task_ready_queue' },
				{ status: 'PENDING', epoch: 0 },
			);
		});
		await assert.rejects(ledger.read(assertSound), /B is ready/u);
		ledger.dispose();
	});

	it('holds for any sequence of moves that are undone and done again, and undo restores what was', async () => {
		let undone = 0;
		await fc.assert(
			fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
				const ledger = await fresh();
				await ledger.write(ann, createThree);
				const tokens: RunToken[] = [];
				for (const each of steps) {
					const before = await ledger.read((reader) => requireTask(reader, each.task));
					if (!(await attempt(ledger.write(ann, (transaction) => make(transaction, each, tokens))))) {
						continue;
					}
					if (await attempt(ledger.write(ann, (transaction) => undoLastChange(transaction, each.task)))) {
						const { task } = await ledger.read((reader) => requireTask(reader, each.task));
						assert.deepEqual(
							[task.status, task.block_reason, task.result],
							[before.task.status, before.task.block_reason, before.task.result],
						);
						undone++;
						await attempt(ledger.write(ann, (transaction) => undoLastChange(transaction, each.task)));
					}
					await ledger.read(assertSound);
				}
				ledger.dispose();
			}),
			{ numRuns: 8 },
		);
		assert.ok(undone > 2, `only ${undone} were undone`);
	});

	it('has a way back only by moves it allows, and none into a run', () => {
		for (const from of taskStatuses) {
			for (const to of taskStatuses) {
				for (const areMet of [true, false]) {
					const moves = undoMoves(from, to, areMet);
					let status = from;
					for (const move of moves ?? []) {
						const rule = moveRule(move);
						assert.ok(rule.from.includes(status), `${from} → ${to}: ${move}`);
						assert.notEqual(rule.run, 'opens');
						status = rule.to === 'queue' ? (areMet ? 'READY' : 'PENDING') : rule.to;
					}
					assert.ok(moves === undefined || status === to);
					assert.ok(moves === undefined || from === to || !heldStatuses.includes(to), `${from} → ${to}`);
				}
			}
		}
		// Planted: a table with a hole would be seen.
		assert.equal(undoMoves('READY', 'COMPLETED', true), undefined);
	});
});
