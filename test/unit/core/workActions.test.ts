// Checks what a worker may say of its run, through the one door, on a real ledger.

import assert from 'node:assert/strict';
import { isDreamError } from '../../../src/base/errors.ts';
import type { Actor } from '../../../src/core/actor.ts';
import type { Dream } from '../../../src/core/dream.ts';
import type { Ledger } from '../../../src/core/ledger.ts';
import { finishedSummary } from '../../../src/core/run/finishRun.ts';
import type { Run } from '../../../src/core/run/run.ts';
import { advanceTask, claimTask } from '../../../src/core/task/advanceTask.ts';
import { createTask } from '../../../src/core/task/createTask.ts';
import type { Task } from '../../../src/core/task/task.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { ann, openTemporaryLedger } from '../../support/temporaryLedger.ts';

const agent = (id: string): Actor => ({ kind: 'agent', id });

describe('what a worker says of its run', () => {
	const folders = useTemporaryFolders();
	let ledger: Ledger;
	let dream: Dream;
	let run: Run;
	beforeEach(async () => {
		({ ledger, dream } = await openTemporaryLedger(folders.make()));
		await ledger.write(ann, async (transaction) => {
			for (const id of ['Agent-1', 'Agent-2', 'Agent-3']) {
				await transaction.putAgent(buildAgent(id, { enabled: id !== 'Agent-3' }));
			}
			await createTask(transaction, { task_id: 'A', name: 'do A', notes: 'mind the gap' });
		});
		run = await claim('Agent-1');
	});
	afterEach(() => ledger.dispose());

	const claim = (worker: string, hostId: string | null = 'host-1') =>
		ledger.write(ann, async (transaction) => {
			const claimed = await claimTask(transaction, {
				taskId: 'A',
				worker,
				driver: 'acp',
				hostId,
				now: Date.now(),
			});
			await advanceTask(transaction, { taskId: 'A', move: 'start' });
			return claimed.run;
		});
	const say = (action: string, input: object, actor = agent('Agent-1')) =>
		dream.perform(action, { run_id: run.run_id, ...input }, actor) as Promise<{ readonly task: Task }>;
	const refused = (code: string) => (error: unknown) => {
		assert.equal(isDreamError(error) ? error.code : error, code);
		return true;
	};
	const task = async () => {
		const stored = await ledger.read((reader) => reader.task('A'));
		assert.ok(stored !== undefined);
		return stored.task;
	};

	it('reports as often as it likes, as one line each, and only its own worker or a person may', async () => {
		await say('run.report', { text: 'line one\nline two', percent: 10 });
		await say('run.report', { text: 'by hand' }, ann);
		await assert.rejects(say('run.report', { text: 'x' }, agent('Agent-2')), refused('action.forbidden'));
		await assert.rejects(say('run.report', { text: ' ' }), refused('action.badInput'));
		await assert.rejects(say('run.report', { text: 'x', percent: 101 }), refused('action.badInput'));
		await assert.rejects(say('run.report', { run_id: 'run-none', text: 'x' }), refused('run.unknown'));
		const events = await ledger.read((reader) => reader.events({ run_id: run.run_id }));
		assert.deepEqual(
			events.filter(({ type }) => type === 'run.reported').map(({ message, data }) => [message, data]),
			[
				['Agent-1 (10%): line one line two', { text: 'line one\nline two', percent: 10 }],
				['Agent-1: by hand', { text: 'by hand' }],
			],
		);
	});

	it('asks: the task waits with the question', async () => {
		const asked = await say('run.ask', { question: 'Which?', choices: ['a', 'b'] });
		assert.deepEqual(asked.task.block_reason, { kind: 'needs_input', text: 'Which? (a / b)' });
		assert.equal(asked.task.claimed_by, null);
		await assert.rejects(say('run.ask', { question: 'And?' }), refused('run.fenced'));
	});

	it('hands off to another agent, with a note, and never in a circle', async () => {
		for (const [name, code] of [
			['Agent-1', 'run.handOffRefused'],
			['Agent-3', 'run.handOffRefused'],
			['Nobody', 'agent.unknown'],
		] as const) {
			await assert.rejects(say('run.handoff', { agent: name, note: 'x' }), refused(code), name);
		}
		assert.equal((await task()).status, 'IN_PROGRESS');
		const handed = await say('run.handoff', { agent: 'Agent-2', note: 'half done' });
		assert.deepEqual([handed.task.status, handed.task.assigned_agent], ['READY', 'Agent-2']);
		assert.match(
			handed.task.notes,
			/^mind the gap\n\n.*\nhalf done\nState: attempt 1 of Agent-1, working since .*\nFiles changed so far: none\.$/u,
		);
		run = await claim('Agent-2');
		await assert.rejects(
			say('run.handoff', { agent: 'Agent-1', note: 'back' }, agent('Agent-2')),
			refused('run.handOffRefused'),
		);
	});

	it('says that it is done, which completes nothing', async () => {
		await say('run.finish', { summary: 'first' });
		await say('run.finish', { summary: 'better' });
		assert.equal((await task()).status, 'IN_PROGRESS');
		assert.equal(await ledger.read((reader) => finishedSummary(reader, run.run_id)), 'better');
		await say('run.ask', { question: 'Which?' });
		await dream.perform('task.unblock', { task_id: 'A' }, ann);
		run = await claim('ann', null);
		await assert.rejects(say('run.finish', { summary: 'x' }, ann), refused('run.notDriven'));
		assert.equal(await ledger.read((reader) => finishedSummary(reader, run.run_id)), undefined);
	});

	it('proposes tasks that nobody begins by themselves', async () => {
		const { task: proposed } = await say('task.propose', { name: 'clean up', tags: ['later', 'proposed'] });
		assert.deepEqual(
			[proposed.status, proposed.tags, proposed.context, proposed.dependencies],
			['PENDING', ['later', 'proposed'], ['A'], []],
		);
		await ledger.write(ann, (transaction) => advanceTask(transaction, { taskId: 'A', move: 'complete' }));
		assert.equal((await ledger.read((reader) => reader.task(proposed.task_id)))?.task.status, 'PENDING');
		await assert.rejects(say('task.propose', { name: 'too late' }), refused('run.fenced'));
	});
});
