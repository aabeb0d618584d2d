// Checks review by another agent with real worktrees: never the author, its verdict decides and is part of the evidence, and a person's
// word comes first.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nullLogger } from '../../../src/base/log.ts';
import type { Actor } from '../../../src/core/actor.ts';
import type { Driver, DriverJob } from '../../../src/core/driver/driver.ts';
import { readVerdict } from '../../../src/core/gate/agentReview.ts';
import { readEvidence } from '../../../src/core/gate/evidence.ts';
import { agentRefusal } from '../../../src/core/task/taskOrder.ts';
import { openWorkspace } from '../../../src/workspace/openWorkspace.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';

describe('readVerdict', () => {
	it('takes the last line that is one, and the words around it as the reason', () => {
		assert.deepEqual(readVerdict('Looks fine.\n**VERDICT: accept**'), {
			isAccepted: true,
			reason: 'Looks fine.',
		});
		assert.deepEqual(readVerdict('VERDICT: accept\nNo.\nVerdict: rejected - no test'), {
			isAccepted: false,
			reason: 'VERDICT: accept\nNo.\nno test',
		});
		assert.equal(readVerdict('I would accept this verdict.'), undefined);
	});
});

/** Several runs one after the other. */
const patience = 200_000;

describe('review by another agent', function () {
	this.timeout(300_000);
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	afterEach(() => swarm.dispose());

	/** Authors write b.txt; reviewers say what they are told to, about what lies in their folder. */
	async function work(agents: readonly string[], verdicts: readonly string[]): Promise<DriverJob[]> {
		swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.txt': 'a\n' },
			{ agents: agents.map((id) => buildAgent(id)) },
		);
		const left = [...verdicts];
		const jobs: DriverJob[] = [];
		const driver: Driver = {
			id: 'command',
			title: 'writes or judges',
			refusal: () => undefined,
			start: (job) => {
				jobs.push(job);
				const isReview = job.task.task_type === 'review';
				const sees = existsSync(join(job.worktree, 'b.txt'));
				writeFileSync(join(job.worktree, isReview ? 'a.txt' : 'b.txt'), `${job.attempt}\n`);
				const summary = isReview ? `b.txt is ${sees ? '' : 'not '}there.\n${left.shift() ?? ''}` : 'Done.';
				return { outcome: Promise.resolve({ kind: 'finished', summary }), cancel: async () => undefined };
			},
		};
		await swarm.add('A', [], { assigned_agent: 'Agent-1', validation: { review: 'agent' } });
		await swarm.tell(true);
		await swarm.lead({ drivers: new Map([['command', driver]]) });
		return jobs;
	}
	async function perform(id: string, input: object, actor: Actor): Promise<void> {
		const workspace = await openWorkspace({
			folder: swarm.folder,
			log: nullLogger,
			startedFrom: 'terminal',
			hostScript: join(swarm.folder, 'no-host.cjs'),
			follows: 'nothing',
		});
		try {
			await workspace.dream.perform(id, input, actor);
		} finally {
			await workspace.close();
		}
	}
	const reviews = async () => {
		const tasks = await swarm.ledger.read((reader) => reader.tasks());
		return tasks.map(({ task }) => task).filter(({ task_type: type }) => type === 'review');
	};

	it('lands what it accepts, and is never done by the author', async () => {
		const jobs = await work(['Agent-1', 'Agent-2'], ['VERDICT: accept']);
		await swarm.statusIs('A', 'COMPLETED', patience);
		assert.equal(swarm.shown('b.txt'), '1\n');
		assert.equal(swarm.shown('a.txt'), 'a\n', 'what a reviewer changes is thrown away');
		const [run] = await swarm.runs('A');
		const evidence = await swarm.ledger.read((reader) => readEvidence(reader, run?.run_id ?? ''));
		assert.deepEqual(
			evidence.reviews.map(({ by, verdict, reason }) => [by, verdict, reason]),
			[['agent:Agent-2', 'accepted', 'b.txt is there.']],
		);
		assert.deepEqual(
			jobs.map(({ agent, task }) => [agent.id, task.task_type]),
			[
				['Agent-1', 'task'],
				['Agent-2', 'review'],
			],
		);
		const [review] = await reviews();
		assert.equal((await swarm.statusIs(review?.task_id ?? '', 'COMPLETED', patience)).claimed_by, 'Agent-2');
	});

	it('is done by nobody whose work the change began with', async () => {
		swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.txt': 'a\n' },
			{ agents: ['Agent-1', 'Agent-2', 'Agent-3'].map((id) => buildAgent(id)) },
		);
		const workers: string[] = [];
		const driver: Driver = {
			id: 'command',
			title: 'hands off, writes or judges',
			refusal: () => undefined,
			start: ({ worktree, agent, run_id, task }) => {
				workers.push(`${agent.id} ${task.task_type}`);
				if (task.task_type === 'review') {
					return {
						outcome: Promise.resolve({ kind: 'finished', summary: 'VERDICT: accept' }),
						cancel: async () => undefined,
					};
				}
				writeFileSync(join(worktree, `${agent.id}.txt`), 'mine\n');
				const work =
					agent.id === 'Agent-2'
						? perform(
								'run.handoff',
								{ run_id, agent: 'Agent-1', note: 'half done' },
								{ kind: 'agent', id: agent.id },
							)
						: Promise.resolve();
				return {
					outcome: work.then(() => ({ kind: 'finished' as const, summary: 'Done.' })),
					cancel: async () => undefined,
				};
			},
		};
		await swarm.add('A', [], { assigned_agent: 'Agent-2', validation: { review: 'agent' } });
		await swarm.tell(true);
		await swarm.lead({ drivers: new Map([['command', driver]]) });
		await swarm.statusIs('A', 'COMPLETED', patience);
		assert.equal(swarm.shown('Agent-2.txt'), 'mine\n', 'the work of both landed');
		assert.deepEqual(workers, ['Agent-2 task', 'Agent-1 task', 'Agent-3 review']);
		assert.deepEqual(
			(await reviews()).map(({ params }) => params['not_by']),
			[['Agent-1', 'Agent-2']],
		);
	});

	it('sends back what it rejects, with the reason, and judges the next attempt anew', async () => {
		const jobs = await work(['Agent-1', 'Agent-2'], ['VERDICT: reject: name it c.txt', 'VERDICT: accept']);
		await swarm.statusIs('A', 'COMPLETED', patience);
		const runs = await swarm.runs('A');
		assert.deepEqual(
			runs.map(({ state }) => state),
			['failed', 'completed'],
		);
		assert.match(runs[0]?.reason ?? '', /Agent-2 looked at the change and rejected it:[^]*name it c\.txt/u);
		const again = jobs.find(({ task, attempt }) => task.task_id === 'A' && attempt === 2);
		assert.match(again?.prompt ?? '', /name it c\.txt/u);
		assert.equal((await reviews()).length, 2);
	});

	it('waits while there is only the author, and ends when a person decides', async () => {
		await work(['Agent-1'], []);
		await swarm.statusIs('A', 'REVIEW', patience);
		const [review] = await reviews();
		assert.equal(review?.status, 'READY');
		const author = buildAgent('Agent-1');
		assert.equal(agentRefusal(author, review), 'Agent-1 is the author of what is to be judged');
		await swarm.tell(false);
		const [run] = await swarm.runs('A');
		await perform('run.accept', { run_id: run?.run_id ?? '' }, person);
		await swarm.statusIs('A', 'COMPLETED', patience);
		assert.equal((await swarm.task(review.task_id)).status, 'CANCELLED');
	});

	it('counts no word that is no verdict', async () => {
		await work(['Agent-1', 'Agent-2'], ['It is fine.', 'I think so.']);
		await swarm.statusIs('A', 'REVIEW', patience);
		await swarm.until(
			async () => ['FAILED', 'BLOCKED'].includes((await reviews())[0]?.status ?? ''),
			'the review is given up',
			patience,
		);
		assert.equal((await swarm.task('A')).status, 'REVIEW');
	});
});
