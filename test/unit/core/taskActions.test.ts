// Checks what a person can do with tasks, through the one door, on a real ledger.

import assert from 'node:assert/strict';
import { isDreamError } from '../../../src/base/errors.ts';
import type { Dream } from '../../../src/core/dream.ts';
import type { Ledger } from '../../../src/core/ledger.ts';
import type { Task } from '../../../src/core/task/task.ts';
import { movesFrom, sayMove } from '../../../src/core/task/taskStatus.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { ann, openTemporaryLedger } from '../../support/temporaryLedger.ts';

interface Moved {
	readonly task: Task;
	readonly run_id: string | null;
	readonly epoch?: number;
	readonly made_ready?: readonly string[];
	readonly stranded?: readonly string[];
}

describe('task actions', () => {
	const folders = useTemporaryFolders();
	let ledger: Ledger;
	let dream: Dream;
	beforeEach(async () => {
		({ ledger, dream } = await openTemporaryLedger(folders.make()));
	});
	afterEach(() => ledger.dispose());

	const act = async (action: string, input: object) => (await dream.perform(action, input, ann)) as Moved;
	const create = (task_id: string, ...dependencies: string[]) =>
		act('task.create', { task_id, name: `do ${task_id}`, dependencies });
	const statusOf = async (id: string) => (await ledger.read((reader) => reader.task(id)))?.task.status;
	const refused = (code: string) => (error: unknown) => {
		assert.equal(isDreamError(error) ? error.code : error, code);
		return true;
	};

	it('creates a task ready, or in the backlog while a dependency is open or it is shelved', async () => {
		assert.equal((await create('A')).task.status, 'READY');
		assert.equal((await create('B', 'A')).task.status, 'PENDING');
		assert.equal((await act('task.create', { name: 'later', shelved: true })).task.status, 'PENDING');
		await assert.rejects(create('A'), refused('task.duplicate'));
		await assert.rejects(create('C', 'Z'), refused('task.unknownDependency'));
		await assert.rejects(act('task.create', { name: '  ' }), refused('action.badInput'));
	});

	it('goes from claim to completion and makes the dependant ready in the same change', async () => {
		await create('A');
		await create('B', 'A');
		await assert.rejects(act('task.claim', { task_id: 'B' }), refused('task.dependenciesOpen'));
		const claimed = await act('task.claim', { task_id: 'A' });
		assert.equal(claimed.task.status, 'CLAIMED');
		assert.equal(claimed.task.claimed_by, 'ann');
		await act('task.start', { task_id: 'A' });
		const done = await act('task.complete', { task_id: 'A', summary: 'it works' });
		assert.deepEqual(
			[done.task.status, done.made_ready, done.task.result?.summary],
			['COMPLETED', ['B'], 'it works'],
		);
		const [promotion] = await ledger.read((reader) => reader.events({ task_id: 'B', newestFirst: true, limit: 1 }));
		assert.match(promotion?.message ?? '', /its last dependency A is completed/u);
		const run = await ledger.read((reader) => reader.runs({ task_id: 'A' }));
		assert.deepEqual(
			run.map(({ state, attempt }) => [state, attempt]),
			[['completed', 1]],
		);
	});

	it('lets exactly one of many claims through', async () => {
		await create('A');
		const results = await Promise.allSettled(Array.from({ length: 8 }, () => act('task.claim', { task_id: 'A' })));
		assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
		for (const result of results) {
			assert.equal(result.status === 'fulfilled' || isDreamError(result.reason, 'task.illegalMove'), true);
		}
	});

	it('says who holds a task and what can be done', async () => {
		await create('A');
		await act('task.start', { task_id: 'A' });
		await assert.rejects(act('task.claim', { task_id: 'A' }), (error: unknown) => {
			assert.equal(
				isDreamError(error) && error.fullMessage,
				'A is IN_PROGRESS by ann; you cannot claim it from there. What can be done: complete, block, fail, cancel, release.',
			);
			return true;
		});
		await assert.rejects(act('task.claim', { task_id: 'nope' }), refused('task.unknown'));
	});

	it('says what cannot be done in words in their order', async () => {
		await create('A');
		await act('task.start', { task_id: 'A' });
		await assert.rejects(act('task.ready', { task_id: 'A' }), /; you cannot make it ready from there\./u);
		await assert.rejects(
			act('task.shelve', { task_id: 'A' }),
			/; you cannot move it back to the backlog from there\./u,
		);
		const broken = [...movesFrom('READY'), ...movesFrom('VALIDATING')].map((move) => sayMove(move, 'it'));
		assert.ok(
			broken.every((words) =>
				/^(?:\w+ it|\w+ it (?:ready|back|up|back to the backlog|up for review))$/u.test(words),
			),
			broken.join('; '),
		);
	});

	it('rejects no change of a run that is still at work', async () => {
		await create('A');
		const { run_id } = await act('task.start', { task_id: 'A' });
		await assert.rejects(act('run.reject', { run_id, reason: 'no' }), refused('run.notInReview'));
		assert.equal(await statusOf('A'), 'IN_PROGRESS');
	});

	it('fences a worker whose task was claimed again, and records it', async () => {
		await create('A');
		const first = await act('task.claim', { task_id: 'A' });
		await act('task.release', { task_id: 'A' });
		const second = await act('task.claim', { task_id: 'A' });
		assert.notEqual(first.run_id, second.run_id);
		const stale = { task_id: 'A', run_id: first.run_id, epoch: first.epoch };
		await assert.rejects(act('task.complete', stale), refused('run.fenced'));
		assert.equal(await statusOf('A'), 'CLAIMED');
		const events = await ledger.read((reader) => reader.events({ task_id: 'A' }));
		assert.equal(events.filter(({ type }) => type === 'run.fenced').length, 1);
		await act('task.complete', { task_id: 'A', run_id: second.run_id, epoch: second.epoch });
		assert.equal(await statusOf('A'), 'COMPLETED');
	});

	it('says which tasks wait in vain when one fails, and takes it back on retry', async () => {
		await create('A');
		await create('B', 'A');
		await act('task.start', { task_id: 'A' });
		await assert.rejects(act('task.fail', { task_id: 'A', reason: ' ' }), refused('action.badInput'));
		const failed = await act('task.fail', { task_id: 'A', reason: 'no compiler' });
		assert.deepEqual([failed.task.status, failed.stranded], ['FAILED', ['B']]);
		assert.equal((await act('task.retry', { task_id: 'A' })).task.status, 'READY');
	});

	it('blocks with a typed reason and unblocks into the right queue', async () => {
		await create('A');
		const blocked = await act('task.block', { task_id: 'A', reason: 'which database?', kind: 'needs_input' });
		assert.deepEqual(blocked.task.block_reason, { kind: 'needs_input', text: 'which database?' });
		const back = await act('task.unblock', { task_id: 'A' });
		assert.deepEqual([back.task.status, back.task.block_reason], ['READY', null]);
	});

	it('changes fields, refuses circles, and shelves a ready task that then waits', async () => {
		await create('A');
		await create('B', 'A');
		await create('C');
		await assert.rejects(act('task.edit', { task_id: 'A', dependencies: ['B'] }), (error: unknown) => {
			assert.equal(
				isDreamError(error, 'task.cycle') && error.message,
				'Then these tasks would wait for each other: A → B → A.',
			);
			return true;
		});
		await assert.rejects(
			act('task.edit', { task_id: 'C', dependencies: ['Z'] }),
			refused('task.unknownDependency'),
		);
		const { task } = await act('task.edit', { task_id: 'C', name: 'other', run: ['echo 1'], dependencies: ['A'] });
		assert.deepEqual([task.name, task.params, task.status], ['other', { run: ['echo 1'] }, 'PENDING']);
		const stored = await ledger.read((reader) => reader.task('C'));
		assert.equal(stored?.record['name'], 'other');
		const before = await ledger.read((reader) => reader.sequence());
		await act('task.edit', { task_id: 'C', name: 'other' });
		assert.equal(await ledger.read((reader) => reader.sequence()), before, 'nothing changed, nothing is written');
	});

	it('keeps danger for people', async () => {
		const agent = { kind: 'agent', id: 'Agent-1' } as const;
		await assert.rejects(dream.perform('swarm.stop', {}, agent), refused('action.forbidden'));
		await assert.rejects(dream.perform('no.such', {}, ann), refused('action.unknown'));
	});
});
