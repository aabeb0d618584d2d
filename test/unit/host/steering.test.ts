// Checks what people and circumstances do to runs: review, cancel, release, stop of the swarm, agents that cannot work, leases.

import assert from 'node:assert/strict';
import type { Driver, DriverOutcome } from '../../../src/core/driver/driver.ts';
import { requestLanding } from '../../../src/core/landing/requestLanding.ts';
import { readHeldAgents } from '../../../src/core/loop/heldAgents.ts';
import { isIdle, swarmProgress } from '../../../src/core/loop/idle.ts';
import { leaseNames } from '../../../src/core/swarmFacts.ts';
import { advanceTask } from '../../../src/core/task/advanceTask.ts';
import type { MoveName } from '../../../src/core/task/taskStatus.ts';
import { hostExitCodes } from '../../../src/host/exitCodes.ts';
import { killAllWith, processesWith } from '../../support/livingProcesses.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { writeFiles } from '../../support/temporaryRepository.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';

describe('steering the swarm', () => {
	const folders = useTemporaryFolders();
	const mark = `sleep 71.${process.pid}`;
	let swarm: TemporarySwarm;
	beforeEach(async () => {
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' }, { agents: [buildAgent('Agent-1')] });
	});
	afterEach(async () => {
		await swarm.dispose();
		killAllWith(mark);
	});

	const move = (taskId: string, name: MoveName, reason = 'a person says so') =>
		swarm.ledger.write(person, (transaction) => advanceTask(transaction, { taskId, move: name, reason }));
	const busy = () => swarm.until(() => processesWith(mark).length > 0, 'the step runs');
	const begin = async (...parts: Parameters<TemporarySwarm['lead']>) => {
		await swarm.tell(true);
		return swarm.lead(...parts);
	};

	it('waits for review when the task asks for it, whatever the settings say', async () => {
		await swarm.add('A', ['echo agent > a.txt'], { validation: { review: true } });
		const host = await begin();
		await swarm.statusIs('A', 'REVIEW');
		assert.equal(swarm.shown('a.txt'), 'a\n');
		await host.stop();
	});

	it('waits for review, needs nobody meanwhile, and lands when accepted', async () => {
		swarm.settings = { ...swarm.settings, 'landing.mode': 'review' };
		await swarm.add('A', ['echo agent > a.txt']);
		await swarm.add('B', ['echo b > b.txt']);
		const since = await swarm.ledger.read((reader) => reader.sequence());
		const host = await begin();
		await swarm.statusIs('A', 'REVIEW');
		await swarm.statusIs('B', 'REVIEW');
		await swarm.until(() => swarm.ledger.read((reader) => isIdle(reader, since)), 'the swarm rests');
		assert.equal(swarm.shown('a.txt'), 'a\n');
		const [run] = await swarm.runs('A');
		assert.ok(run !== undefined);
		assert.deepEqual([run.state, run.worktree, run.files], ['review', null, ['a.txt']]);
		await swarm.ledger.write(person, (transaction) => requestLanding(transaction, run, { hasEditor: false }));
		await swarm.statusIs('A', 'COMPLETED');
		assert.equal(swarm.shown('a.txt'), 'agent\n');
		assert.equal(await host.stop(), hostExitCodes.stopped);
		const [waiting] = await swarm.runs('B');
		assert.deepEqual(
			swarm.leftovers(),
			[`refs/dreamos/runs/${waiting?.run_id ?? ''}`],
			'what waits is kept, and nothing else',
		);
	});

	it('keeps a change in review over the end of its host, and gives a rejected one back with the reason', async () => {
		swarm.settings = { ...swarm.settings, 'landing.mode': 'review' };
		await swarm.add('A', ['echo agent > a.txt']);
		const first = await begin();
		await swarm.statusIs('A', 'REVIEW');
		await first.stop();
		swarm.settings = { ...swarm.settings, 'landing.mode': 'automatic' };
		await swarm.lead();
		await new Promise((resolve) => setTimeout(resolve, 300));
		assert.equal((await swarm.task('A')).status, 'REVIEW');
		await move('A', 'release', 'write it in capitals');
		await swarm.statusIs('A', 'COMPLETED');
		assert.deepEqual(
			(await swarm.runs('A')).map(({ state, reason }) => [state, reason]),
			[
				['released', 'write it in capitals'],
				['completed', null],
			],
		);
		await swarm.until(
			() => swarm.leftovers().every((line) => line.includes('pool-')),
			'references are cleared away',
		);
	});

	for (const name of ['cancel', 'release', 'complete'] as const) {
		it(`ends the work when a person says ${name}`, async () => {
			await swarm.add('A', ['echo half > half.txt', mark]);
			const host = await begin();
			await busy();
			// Released, it would be taken again at once.
			await swarm.ledger.write(person, async (transaction) => {
				await transaction.putAgent(buildAgent('Agent-1', { enabled: false }));
			});
			await move('A', name);
			await swarm.until(() => processesWith(mark).length === 0, 'the process ends');
			const status = { cancel: 'CANCELLED', release: 'READY', complete: 'COMPLETED' } as const;
			await swarm.until(
				// The pool stays for as long as the host works.
				() => swarm.leftovers().every((line) => /^refs\/dreamos\/rescue\/|pool-/u.test(line)),
				'the worktree goes',
			);
			assert.equal((await swarm.task('A')).status, status[name]);
			assert.equal(swarm.shown('half.txt'), undefined);
			await host.stop();
			assert.equal((await swarm.runs('A')).length, 1);
			assert.equal(swarm.lines.filter((line) => line.startsWith('error')).length, 0, swarm.lines.join('\n'));
		});
	}

	it('gives tasks back when the swarm stops, without counting it against them, and leaves nothing running', async () => {
		await swarm.add('A', ['echo half > half.txt', `test -e ${swarm.folder}/go || ${mark}`], { max_attempts: 1 });
		const host = await begin();
		await busy();
		await swarm.tell(false);
		assert.equal(await host.done, hostExitCodes.stopped);
		assert.deepEqual(processesWith(mark), []);
		const task = await swarm.task('A');
		assert.deepEqual([task.status, task.attempts, task.claimed_by], ['READY', 1, null]);
		const [run] = await swarm.runs('A');
		assert.deepEqual([run?.state, run?.reason], ['released', 'the swarm was stopped by human:ann']);
		assert.deepEqual(swarm.leftovers(), [`refs/dreamos/rescue/${run?.run_id ?? ''}`], 'its work so far is kept');
		assert.equal(await swarm.ledger.read((reader) => reader.lease(leaseNames.host)), undefined);
		const events = (await swarm.events()).map(({ type }) => type);
		assert.ok(events.includes('host.started') && events.at(-1) === 'host.stopped');
		writeFiles(swarm.folder, { go: '' });
		await swarm.workUntilIdle();
		assert.equal((await swarm.task('A')).status, 'COMPLETED');
		assert.deepEqual(swarm.leftovers(), []);
	});

	it('ends with the last window when windows began it, after a patience that outlasts a reload', async () => {
		await swarm.tell(true, 'editor');
		const begun = performance.now();
		const attach = (lifetime: number) =>
			swarm.ledger.write(person, (transaction) =>
				transaction.acquireLease(`${leaseNames.editorPrefix}w1`, 'w1', lifetime, Date.now()),
			);
		await attach(500);
		const host = await swarm.lead({ windowPatienceMilliseconds: 1900 });
		const raced = await Promise.race([
			host.done,
			new Promise((resolve) => setTimeout(() => resolve('works'), begun + 1800 - performance.now())),
		]);
		assert.equal(raced, 'works', 'a reload does not end it');
		await attach(500);
		assert.equal(await host.done, hostExitCodes.stopped);
		assert.ok(swarm.lines.some((line) => line.includes('the last window of the workspace was closed')));
		swarm.settings = { ...swarm.settings, 'swarm.keepRunning': true };
		const kept = await swarm.lead({ windowPatienceMilliseconds: 100 });
		assert.equal(
			await Promise.race([kept.done, new Promise((resolve) => setTimeout(() => resolve('works'), 1300))]),
			'works',
		);
	});

	it('lets a second host wait, and take over when the first gives the lease back', async () => {
		const first = await begin();
		const second = swarm.lead();
		const early = await Promise.race([second, new Promise((resolve) => setTimeout(() => resolve('waits'), 1500))]);
		assert.equal(early, 'waits');
		await first.stop();
		const heir = await second;
		assert.equal((await swarm.ledger.read((reader) => reader.lease(leaseNames.host)))?.holder, heir.id);
	});

	it('ends at once and writes nothing when another host leads', async () => {
		await swarm.add('A', ['echo half > half.txt', mark]);
		const host = await begin();
		await busy();
		const steal = await swarm.ledger.write(person, async (transaction) => {
			await transaction.releaseLease(leaseNames.host, host.id);
			return transaction.acquireLease(leaseNames.host, 'host-thief', 60_000, Date.now());
		});
		assert.equal(steal?.holder, 'host-thief');
		const before = await swarm.ledger.read((reader) => reader.sequence());
		assert.equal(await host.done, hostExitCodes.leaseLost);
		assert.deepEqual(processesWith(mark), []);
		assert.equal(await swarm.ledger.read((reader) => reader.sequence()), before);
		assert.equal((await swarm.task('A')).status, 'IN_PROGRESS', 'the new leader decides about it');
		await swarm.ledger.write(person, (transaction) => transaction.releaseLease(leaseNames.host, 'host-thief'));
	});

	it('blocks one task, not all, when an agent cannot work, and lets it go when its entry changes', async () => {
		await swarm.ledger.write(person, async (transaction) => {
			await transaction.putAgent(buildAgent('Agent-1', { driver: 'acp', command: ['no-such-agent-program'] }));
		});
		await swarm.add('A', ['echo a2 > a.txt']);
		await swarm.add('B', ['echo b > b.txt']);
		const since = await swarm.ledger.read((reader) => reader.sequence());
		await begin();
		const blocked = await swarm.statusIs('A', 'BLOCKED');
		assert.equal(blocked.block_reason?.kind, 'needs_input');
		assert.match(
			blocked.block_reason?.text ?? '',
			/no-such-agent-program.*"command" of Agent-1 in runtime\/agents\.json/u,
		);
		await swarm.until(() => swarm.ledger.read((reader) => isIdle(reader, since)), 'the swarm rests');
		assert.equal((await swarm.task('B')).status, 'READY');
		assert.match((await swarm.ledger.read(readHeldAgents)).get('Agent-1') ?? '', /cannot start/u);
		const progress = await swarm.ledger.read((reader) => swarmProgress(reader, since));
		assert.deepEqual([progress.completed, progress.failed, progress.blocked, progress.runs.length], [0, 0, 1, 1]);
		await swarm.ledger.write(person, async (transaction) => {
			await transaction.putAgent(buildAgent('Agent-1'));
			await transaction.append({ type: 'agent.changed', agent_id: 'Agent-1', message: 'command driver' });
		});
		await swarm.statusIs('B', 'COMPLETED');
		assert.equal((await swarm.ledger.read(readHeldAgents)).size, 0);
	});

	it('tries again after a passing failure and survives a driver that breaks its word', async () => {
		const outcomes: (DriverOutcome | Error)[] = [
			{ kind: 'failed', code: 'agent.exited', reason: 'it crashed', isTransient: true },
			new Error('thrown at the start'),
			{ kind: 'finished', summary: 'third time lucky' },
		];
		const prompts: string[] = [];
		const driver: Driver = {
			id: 'command',
			title: 'Scripted',
			refusal: () => undefined,
			start: (job) => {
				prompts.push(job.prompt);
				const next = outcomes.shift() ?? new Error('asked too often');
				if (next instanceof Error) {
					throw next;
				}
				return { outcome: Promise.resolve(next), cancel: async () => undefined };
			},
		};
		await swarm.add('A', ['x'], { max_attempts: 3 });
		await begin({ drivers: new Map([['command', driver]]) });
		const task = await swarm.statusIs('A', 'COMPLETED');
		assert.match(task.result?.summary ?? '', /third time lucky/u);
		assert.match(prompts[1] ?? '', /An earlier attempt \(1\) did not get there: failed\.\n> it crashed/u);
		assert.deepEqual(
			(await swarm.runs('A')).map(({ state, reason }) => [state, reason]),
			[
				['failed', 'it crashed'],
				['failed', 'thrown at the start'],
				['completed', 'no file was changed'],
			],
		);
	});

	it('claims a ready task when it is told of it, not when it looks by itself', async () => {
		await begin();
		const delays: number[] = [];
		// The best of some: other work on the machine is not what is looked at.
		for (let index = 0; index < 5; index += 1) {
			const begun = Date.now();
			await swarm.add(`T${index}`, ['true']);
			await swarm.statusIs(`T${index}`, 'COMPLETED');
			const [run] = await swarm.runs(`T${index}`);
			delays.push(Date.parse(run?.opened_at ?? '') - begun);
		}
		assert.ok(Math.min(...delays) < 500, `${delays.join(', ')} ms`);
	});
});
