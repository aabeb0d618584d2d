// Checks history and undo through the one door on a real ledger: every change is told with what each field was, and taken back as
// far as the table of moves allows, and no further.

import assert from 'node:assert/strict';
import type { DreamError } from '../../../../src/base/errors.ts';
import { isDreamError } from '../../../../src/base/errors.ts';
import type { Dream } from '../../../../src/core/dream.ts';
import type { Ledger } from '../../../../src/core/ledger.ts';
import { claimTask } from '../../../../src/core/task/advanceTask.ts';
import type { Task } from '../../../../src/core/task/task.ts';
import { newTask } from '../../../../src/core/task/task.ts';
import type { TimelineEntry } from '../../../../src/core/task/taskTimeline.ts';
import { timelineLines } from '../../../../src/core/task/taskTimeline.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { ann, openTemporaryLedger } from '../../../support/temporaryLedger.ts';

interface Answer {
	readonly task: Task;
	readonly undone?: { readonly sequence: number; readonly what: string };
	readonly put_back?: readonly string[];
}

describe('history and undo', () => {
	const folders = useTemporaryFolders();
	let ledger: Ledger;
	let dream: Dream;
	beforeEach(async () => {
		({ ledger, dream } = await openTemporaryLedger(folders.make()));
	});
	afterEach(() => ledger.dispose());

	const act = async (action: string, input: object, actor = ann) =>
		(await dream.perform(action, input, actor)) as Answer;
	const create = (task_id: string, fields: object = {}) =>
		act('task.create', { task_id, name: `do ${task_id}`, ...fields });
	const undo = async (task_id = 'A') => (await act('task.undo', { task_id })).task;
	const history = async (task_id = 'A') =>
		(await dream.perform('task.history', { task_id }, ann)) as unknown as TimelineEntry[];
	const taskOf = async (id: string) =>
		(await ledger.read((reader) => reader.task(id)))?.task ?? newTask({ task_id: '', name: '' });
	const refused = async (work: Promise<unknown>, code: string, message = /./u): Promise<DreamError> => {
		try {
			await work;
		} catch (error) {
			assert.ok(isDreamError(error), String(error));
			assert.equal(error.code, code, error.message);
			assert.match(`${error.message} ${error.advice ?? ''}`, message);
			return error;
		}
		return assert.fail(`it was not refused with ${code}`);
	};

	it('tells who, when, which field from what to what, and why', async () => {
		await create('A');
		await act('task.edit', { task_id: 'A', name: 'another', tags: ['x'], due: '2026-12-01' });
		await act('task.pin', { task_id: 'A' });
		await act('task.block', { task_id: 'A', reason: 'no key' });
		const entries = await history();
		assert.deepEqual(
			entries.map(({ what, why, changes, who }) => [who, what, why, changes]),
			[
				['human:ann', 'created as READY: do A', null, []],
				[
					'human:ann',
					'edited: name, tags, due',
					null,
					[
						{ field: 'name', from: 'do A', to: 'another' },
						{ field: 'tags', from: [], to: ['x'] },
						{ field: 'due', from: null, to: '2026-12-01T00:00:00.000Z' },
					],
				],
				['human:ann', 'edited: pinned', null, [{ field: 'pinned', from: null, to: 1 }]],
				[
					'human:ann',
					'block',
					'no key',
					[
						{ field: 'status', from: 'READY', to: 'BLOCKED' },
						{ field: 'block_reason', from: null, to: { kind: 'needs_input', text: 'no key' } },
					],
				],
			],
		);
		const lines = timelineLines(entries);
		assert.match(lines.join('\n'), /name: do A → another/u);
		assert.match(lines.join('\n'), /block: no key\n {4}status: READY → BLOCKED/u);
		await refused(history('Z'), 'task.unknown');
	});

	it('takes fields and pins back, and does them again when it is taken back itself', async () => {
		await create('A');
		await refused(undo(), 'task.nothingToUndo', /cancel/u);
		await act('task.edit', { task_id: 'A', name: 'another', estimate: 5 });
		const back = await undo();
		assert.deepEqual([back.name, back.estimate], ['do A', null]);
		const again = await undo();
		assert.deepEqual([again.name, again.estimate], ['another', 5]);
		await act('task.pin', { task_id: 'A' });
		assert.equal((await undo()).pinned, null);
		assert.equal((await undo()).pinned, 1);
		const entries = await history();
		assert.equal(entries.at(-1)?.undoes, entries.at(-2)?.sequence);
	});

	it('takes moves back where the table has a way', async () => {
		await create('A', { shelved: true });
		await act('task.ready', { task_id: 'A' });
		assert.equal((await undo()).status, 'PENDING');
		assert.equal((await undo()).status, 'READY');
		await act('task.block', { task_id: 'A', reason: 'no key', kind: 'capability' });
		await act('task.unblock', { task_id: 'A' });
		const blocked = await undo();
		assert.deepEqual([blocked.status, blocked.block_reason], ['BLOCKED', { kind: 'capability', text: 'no key' }]);
		await act('task.cancel', { task_id: 'A' });
		const uncancelled = await undo();
		assert.deepEqual([uncancelled.status, uncancelled.block_reason?.text], ['BLOCKED', 'no key']);
	});

	it('takes back what one change did in several steps as one', async () => {
		await create('A');
		await create('B');
		await act('task.edit', { task_id: 'B', dependencies: ['A'] });
		assert.equal((await taskOf('B')).status, 'PENDING');
		const back = await undo('B');
		assert.deepEqual([back.status, back.dependencies], ['READY', []]);
		const again = await undo('B');
		assert.deepEqual([again.status, again.dependencies], ['PENDING', ['A']]);
		await act('task.start', { task_id: 'A' });
		assert.equal((await undo('A')).status, 'READY');
		const runs = await ledger.read((reader) => reader.runs({ task_id: 'A' }));
		assert.deepEqual(
			runs.map(({ state }) => state),
			['released'],
		);
	});

	it('never opens a run again, and says what can be done instead', async () => {
		await create('A');
		await act('task.claim', { task_id: 'A' });
		await act('task.complete', { task_id: 'A' });
		await refused(undo(), 'task.notUndoable', /a run is never opened again.*instead: reopen/u);
		await act('task.reopen', { task_id: 'A', reason: 'not yet' });
		await refused(undo(), 'task.notUndoable', /No moves lead from READY back to COMPLETED/u);
		assert.equal((await taskOf('A')).status, 'READY');
	});

	it('takes no move back under an agent at work', async () => {
		await create('A');
		await ledger.write({ kind: 'host', id: 'h1' }, (transaction) =>
			claimTask(transaction, {
				taskId: 'A',
				worker: 'Agent-1',
				driver: 'command',
				hostId: 'h1',
				now: Date.now(),
			}),
		);
		await refused(undo(), 'task.notUndoable', /Agent-1 works on it.*Release/u);
		const { task, epoch } = (await ledger.read((reader) => reader.task('A'))) ?? assert.fail();
		assert.deepEqual([task.status, epoch, task.updated_by], ['CLAIMED', 1, 'agent:Agent-1']);
		await act('task.edit', { task_id: 'A', notes: 'see wiki' });
		assert.equal((await undo()).notes, '');
	});

	it('takes no completion back that others have gone on from, and puts those back that only became ready', async () => {
		await create('A');
		await create('B', { dependencies: ['A'] });
		const completeAtOnce = () =>
			ledger.write({ kind: 'file', id: 'task_ready_queue' }, async (transaction) => {
				const { run } = await claimTask(transaction, {
					taskId: 'A',
					worker: 'ann',
					driver: 'human',
					hostId: null,
					now: Date.now(),
				});
				const { advanceTask } = await import('../../../../src/core/task/advanceTask.ts');
				await advanceTask(transaction, { taskId: 'A', move: 'complete', token: run });
			});
		await completeAtOnce();
		assert.equal((await taskOf('B')).status, 'READY');
		const answer = await act('task.undo', { task_id: 'A' });
		assert.deepEqual([answer.task.status, answer.put_back], ['READY', ['B']]);
		assert.equal((await taskOf('B')).status, 'PENDING');
		await completeAtOnce();
		await act('task.claim', { task_id: 'B' });
		await refused(undo('A'), 'task.dependedOn', /B \(CLAIMED, ann\)/u);
		assert.equal((await taskOf('A')).status, 'COMPLETED');
	});

	it('leaves another change alone than the one that was meant', async () => {
		await create('A');
		await act('task.edit', { task_id: 'A', name: 'one' });
		const seen = (await history()).at(-1)?.sequence;
		await act('task.edit', { task_id: 'A', name: 'two' });
		await refused(act('task.undo', { task_id: 'A', sequence: seen }), 'task.changedMeanwhile');
		assert.equal((await taskOf('A')).name, 'two');
	});

	it('gives back nothing that would break a rule by now', async () => {
		await create('A');
		await create('B', { dependencies: ['A'] });
		await act('task.edit', { task_id: 'B', dependencies: [] });
		await act('task.edit', { task_id: 'A', dependencies: ['B'] });
		await refused(undo('B'), 'task.cycle', /B → A → B/u);
		assert.deepEqual((await taskOf('B')).dependencies, []);
	});

	it('keeps the order for people', async () => {
		await create('A');
		await refused(
			act('task.pin', { task_id: 'A' }, { kind: 'agent', id: 'Agent-1' }),
			'action.forbidden',
			/priority/u,
		);
		await create('B');
		await create('C');
		assert.deepEqual(
			[
				(await act('task.pin', { task_id: 'A' })).task.pinned,
				(await act('task.pin', { task_id: 'B' })).task.pinned,
				(await act('task.pin', { task_id: 'C', first: true })).task.pinned,
				(await act('task.pin', { task_id: 'A' })).task.pinned,
				(await act('task.unpin', { task_id: 'A' })).task.pinned,
			],
			[1, 2, 0, 1, null],
		);
		await act('task.cancel', { task_id: 'A' });
		await refused(act('task.pin', { task_id: 'A' }), 'task.finished');
	});
});

describe('what a task is tied to', () => {
	const folders = useTemporaryFolders();
	it('is checked with the path of a circle, for dependencies and for parents of any depth', async () => {
		const { ledger, dream } = await openTemporaryLedger(folders.make());
		const act = async (action: string, input: object) => (await dream.perform(action, input, ann)) as Answer;
		const refuses = (work: Promise<unknown>, code: `${string}.${string}`, message: RegExp) =>
			assert.rejects(work, (error) => isDreamError(error, code) && message.test(error.message));
		await act('task.create', { task_id: 'A', name: 'epic' });
		await act('task.create', { task_id: 'B', name: 'part', parent: 'A' });
		await act('task.create', { task_id: 'C', name: 'part of a part', parent: 'B' });
		await refuses(act('task.edit', { task_id: 'A', parent: 'C' }), 'task.parentCycle', /A → C → B → A/u);
		await refuses(act('task.create', { task_id: 'D', name: 'd', parent: 'Z' }), 'task.unknownParent', /no task Z/u);
		await refuses(act('task.create', { task_id: 'D', name: 'd', parent: 'D' }), 'task.parentCycle', /D → D/u);
		await refuses(act('task.create', { task_id: 'D', name: 'd', dependencies: ['D'] }), 'task.cycle', /D → D/u);
		await act('task.edit', { task_id: 'B', dependencies: ['A'] });
		await act('task.edit', { task_id: 'C', dependencies: ['B'] });
		await refuses(act('task.edit', { task_id: 'A', dependencies: ['C'] }), 'task.cycle', /A → C → B → A/u);
		const shown = (await dream.perform('task.show', { task_id: 'A' }, ann)) as {
			family: { children: { task_id: string; parts: number }[]; total: number; parts: object };
		};
		assert.deepEqual(
			[
				shown.family.total,
				shown.family.parts,
				shown.family.children.map(({ task_id, parts }) => [task_id, parts]),
			],
			[2, { PENDING: 2 }, [['B', 1]]],
		);
		assert.equal((await act('task.edit', { task_id: 'B', parent: '' })).task.parent, null);
		ledger.dispose();
	});
});
