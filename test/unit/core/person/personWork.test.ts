// Checks a person in the place of an agent, through the actions a person has: work in a worktree, the same gates and landing, taking
// over from an agent at work, giving back, and a conflict resolved by hand.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Driver, DriverJob, DriverOutcome } from '../../../../src/core/driver/driver.ts';
import type { ConflictWork } from '../../../../src/core/person/resolveConflict.ts';
import type { Submitted } from '../../../../src/core/person/submitWork.ts';
import type { WorkPlace } from '../../../../src/core/person/workOnTask.ts';
import type { Run } from '../../../../src/core/run/run.ts';
import type { Task } from '../../../../src/core/task/task.ts';
import type { WorktreeRow } from '../../../../src/core/worktree/worktreeInventory.ts';
import { PersonDesk, write } from '../../../support/personDesk.ts';
import { buildAgent } from '../../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { runGit } from '../../../support/temporaryRepository.ts';
import type { TemporarySwarm } from '../../../support/temporarySwarm.ts';
import { person } from '../../../support/temporarySwarm.ts';

describe('a person in the place of an agent', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	let at: PersonDesk;
	beforeEach(async () => {
		at = await PersonDesk.open(folders.make());
		({ swarm } = at);
	});
	afterEach(() => at.close());
	const perform = <Answer extends object>(id: string, input: object = {}) => at.perform<Answer>(id, input);
	const fails = (id: string, input: object, code: string) =>
		assert.rejects(perform(id, input), { name: 'DreamError', code });

	it('works in a worktree of its own, and what it finishes is proved and lands as an agent’s', async () => {
		await swarm.add('A', [], { validation: { commands: ['grep -q mine a.txt'] } });
		write(swarm.folder, 'open.txt', 'not committed\n');
		const { folder, run } = await perform<WorkPlace>('task.work', { task_id: 'A' });
		assert.equal(readFileSync(join(folder, 'open.txt'), 'utf8'), 'not committed\n');
		assert.deepEqual((await perform<WorkPlace>('task.work', { task_id: 'A' })).folder, folder);
		await fails('task.complete', { task_id: 'A' }, 'task.changeWaits');
		const [row] = await perform<WorktreeRow[]>('worktree.list');
		assert.deepEqual([row?.state, row?.reason], ['working', 'ann works in it']);

		const failed = await perform<Submitted>('run.submit', { run_id: run.run_id, summary: 'too early' });
		assert.match(failed.failure ?? '', /grep -q mine/u);
		assert.equal(failed.task.status, 'IN_PROGRESS');
		write(folder, 'a.txt', 'mine\ntwo\nthree\n');
		const done = await perform<Submitted>('run.submit', { run_id: run.run_id, summary: 'wrote it' });
		assert.deepEqual([done.failure, done.task.status, done.run.state], [null, 'COMPLETED', 'completed']);
		assert.equal(done.task.result?.summary, 'wrote it');
		assert.equal(swarm.shown('a.txt'), 'mine\ntwo\nthree\n');
		assert.deepEqual(swarm.leftovers(), []);

		await perform('task.revert', { task_id: 'A' });
		assert.equal(swarm.shown('a.txt'), 'one\ntwo\nthree\n');
	});

	it('waits for review, or goes to a branch, where the workspace says so', async () => {
		for (const [id, wanted] of [
			['A', 'review'],
			['B', 'branch'],
		] as const) {
			at.mode = wanted;
			await swarm.add(id, []);
			const { folder, run } = await perform<WorkPlace>('task.work', { task_id: id });
			write(folder, `${id}.txt`, 'mine\n');
			const { task } = await perform<Submitted>('run.submit', { run_id: run.run_id });
			assert.equal(task.status, wanted === 'review' ? 'REVIEW' : 'COMPLETED');
			assert.equal(swarm.shown(`${id}.txt`), undefined);
			assert.equal(existsSync(folder), false);
		}
		at.mode = 'automatic';
		const [run] = await swarm.runs('A');
		await perform('run.accept', { run_id: run?.run_id });
		assert.equal(swarm.shown('A.txt'), 'mine\n');
		assert.match(runGit(swarm.folder, 'branch', '--list', 'dreamos/*'), /^ *dreamos\/b$/mu);
	});

	it('says who holds a task, and refuses what is not a person’s', async () => {
		await swarm.add('A', []);
		await perform('task.claim', { task_id: 'A' });
		const [claimed] = await swarm.runs('A');
		await fails('run.submit', { run_id: claimed?.run_id }, 'run.noWorktree');
		await assert.rejects(at.workspace.dream.perform('task.work', { task_id: 'A' }, { kind: 'human', id: 'bob' }), {
			code: 'task.held',
		});
		await assert.rejects(
			at.workspace.dream.perform('task.work', { task_id: 'A' }, { kind: 'agent', id: 'Agent-1' }),
			{
				code: 'action.forbidden',
			},
		);
		const { run } = await perform<WorkPlace>('task.work', { task_id: 'A' });
		assert.equal(run.run_id, claimed?.run_id, 'an earlier claim gets its worktree');
		await fails('run.takeOver', { run_id: run.run_id }, 'run.notTakeable');
		await fails('task.resolve', { task_id: 'A' }, 'task.noConflict');
	});

	describe('taking over', () => {
		const jobs: DriverJob[] = [];
		/** Writes a line and then works until it is stopped; the second time it ends at once. */
		const driver: Driver = {
			id: 'command',
			title: 'an agent that works until it is stopped',
			refusal: () => undefined,
			start(job, listener) {
				jobs.push(job);
				let settle: (outcome: DriverOutcome) => void = () => undefined;
				const outcome = new Promise<DriverOutcome>((resolve) => (settle = resolve));
				listener.onSession({
					kind: 'test',
					session_id: 'remembered',
					cwd: job.worktree,
					mode: null,
					options: {},
					opened_at: new Date().toISOString(),
				});
				if (jobs.length === 1) {
					write(job.worktree, 'agent.txt', 'half\n');
				} else {
					write(job.worktree, 'done.txt', 'agent again\n');
					settle({ kind: 'finished', summary: 'done' });
				}
				return {
					outcome,
					cancel: async () => {
						write(job.worktree, 'last.txt', 'written while it was stopped\n');
						settle({ kind: 'cancelled' });
					},
				};
			},
		};
		const drivers = new Map([
			['command', driver],
			['acp', { ...driver, id: 'acp' }],
		]);
		beforeEach(() => jobs.splice(0));

		async function working(): Promise<Run> {
			await swarm.until(async () => {
				const [run] = await swarm.runs('A');
				return run?.state === 'working' && run.session !== null && jobs.length === 1;
			}, 'the agent works');
			const [run] = await swarm.runs('A');
			assert.ok(run);
			return run;
		}

		it('stops the agent, goes on in its very folder, and gives back what both did', async () => {
			await swarm.add('A', []);
			await swarm.tell(true);
			let host = await swarm.lead({ drivers });
			const taken = await working();
			const { folder, run } = await perform<WorkPlace>('run.takeOver', { run_id: taken.run_id });
			assert.equal(folder, jobs[0]?.worktree);
			assert.equal(readFileSync(join(folder, 'last.txt'), 'utf8'), 'written while it was stopped\n');
			assert.equal((await swarm.task('A')).claimed_by, 'ann');
			await host.stop();
			// The next host has nothing to recover, and clears nothing away.
			host = await swarm.lead({ drivers });
			await swarm.leader();
			write(folder, 'person.txt', 'mine\n');
			const given = await perform<{ files: string[]; agent: string; task: Task }>('run.giveBack', {
				run_id: run.run_id,
				note: 'mind the tests',
			});
			assert.deepEqual([given.files, given.agent], [['person.txt'], 'Agent-1']);
			await swarm.statusIs('A', 'COMPLETED');
			assert.equal(jobs[1]?.worktree, folder, 'in the same place');
			assert.equal(jobs[1].resume?.session.session_id, 'remembered');
			assert.match(jobs[1].resume.prompt, /> mind the tests\n> The person changed:\n> created: person.txt/u);
			assert.match(jobs[1].prompt, /> created: person.txt/u);
			for (const path of ['agent.txt', 'last.txt', 'person.txt', 'done.txt']) {
				assert.notEqual(swarm.shown(path), undefined, path);
			}
			assert.equal((await swarm.events('A')).filter(({ data }) => data?.['state'] === 'failed').length, 0);
			await host.stop();
			assert.deepEqual(swarm.leftovers(), []);
		});

		it('can be finished by the person alone, also where no host lives any more', async () => {
			await swarm.add('A', []);
			await swarm.tell(true);
			const host = await swarm.lead({ drivers });
			const taken = await working();
			const { folder, run } = await perform<WorkPlace>('run.takeOver', { run_id: taken.run_id });
			await swarm.tell(false);
			await host.stop();
			write(folder, 'person.txt', 'mine\n');
			const { task } = await perform<Submitted>('run.submit', { run_id: run.run_id });
			assert.equal(task.status, 'COMPLETED');
			assert.deepEqual([swarm.shown('agent.txt'), swarm.shown('person.txt')], ['half\n', 'mine\n']);
		});

		it('keeps what a person leaves in the folder of an agent as the person’s', async () => {
			await swarm.add('A', []);
			await swarm.tell(true);
			const host = await swarm.lead({ drivers });
			const taken = await working();
			const { folder, run } = await perform<WorkPlace>('run.takeOver', { run_id: taken.run_id });
			await swarm.tell(false);
			await host.stop();
			write(folder, 'person.txt', 'mine\n');
			await perform('task.cancel', { task_id: 'A' });
			const [row] = await perform<WorktreeRow[]>('worktree.list');
			assert.deepEqual([row?.state, row?.run_id], ['abandoned', run.run_id]);
			await (await swarm.lead()).stop();
			assert.equal(runGit(swarm.folder, 'show', `refs/dreamos/rescue/${run.run_id}:person.txt`), 'mine\n');
			assert.equal(runGit(swarm.folder, 'show', `refs/dreamos/rescue/${run.run_id}:agent.txt`), 'half\n');
		});

		it('takes a run over that was paused under an earlier host, with all it had done', async () => {
			await swarm.ledger.write(person, (transaction) =>
				transaction.putAgent(buildAgent('Agent-1', { driver: 'acp', command: ['agent'] })),
			);
			await swarm.add('A', []);
			await swarm.tell(true);
			let host = await swarm.lead({ drivers });
			const { run_id } = await working();
			await perform('run.pause', { run_id });
			await host.stop();
			host = await swarm.lead({ drivers });
			await swarm.leader();
			const { folder, run } = await perform<WorkPlace>('run.takeOver', { run_id });
			assert.equal(readFileSync(join(folder, 'agent.txt'), 'utf8'), 'half\n');
			const { task } = await perform<Submitted>('run.submit', { run_id: run.run_id });
			assert.equal(task.status, 'VALIDATING');
			await swarm.statusIs('A', 'COMPLETED');
			assert.equal(swarm.shown('agent.txt'), 'half\n');
			await host.stop();
		});

		it('is done without a host too: what a killed one left is ended and its work kept', async () => {
			await swarm.add('A', ['echo half > agent.txt; exec sleep 300']);
			await swarm.tell(true);
			const host = swarm.spawnHost();
			await swarm.until(
				async () => {
					const [run] = await swarm.runs('A');
					return (
						typeof run?.pid === 'number' &&
						run.state === 'working' &&
						existsSync(join(run.worktree ?? '', 'agent.txt'))
					);
				},
				'the agent works',
				30_000,
			);
			await swarm.tell(false, 'terminal');
			host.child.kill('SIGKILL');
			await host.exited;
			await swarm.until(async () => !(await at.workspace.swarm.status()).isRunning, 'nobody leads');
			const [taken] = await swarm.runs('A');
			const { folder } = await perform<WorkPlace>('run.takeOver', { run_id: taken?.run_id });
			assert.equal(readFileSync(join(folder, 'agent.txt'), 'utf8'), 'half\n');
			const alive = await at.workspace.ports.processes.isAlive({
				pid: taken?.pid ?? 0,
				started: taken?.pid_started ?? '',
			});
			assert.equal(alive, false);
		});
	});

	describe('a conflict', () => {
		async function blocked(): Promise<void> {
			swarm.settings = { ...swarm.settings, 'landing.conflictRetries': 0, 'landing.mode': 'review' };
			await swarm.add('A', [
				"sed -i 's/two/agent/' a.txt; printf '\\0agent' > b.bin; rm gone.txt; echo new > new.txt",
			]);
			await swarm.workUntilIdle();
			await swarm.tell(false);
			write(swarm.folder, 'a.txt', 'one\nmine\nthree\n');
			writeFileSync(join(swarm.folder, 'b.bin'), new Uint8Array([0, 9]));
			write(swarm.folder, 'gone.txt', 'edited\n');
			const [run] = await swarm.runs('A');
			await perform('run.accept', { run_id: run?.run_id });
			assert.equal((await swarm.task('A')).block_reason?.kind, 'conflict');
			assert.equal(swarm.shown('new.txt'), undefined);
		}

		it('is resolved by hand and by choice, and lands as a whole', async () => {
			await blocked();
			const work = await perform<ConflictWork>('task.resolve', { task_id: 'A' });
			assert.deepEqual([...work.open].sort(), ['a.txt', 'b.bin', 'gone.txt']);
			assert.match(
				readFileSync(join(work.top, 'a.txt'), 'utf8'),
				/<{7}.*\nmine\n\|{7} base\ntwo\n={7}\nagent\n>{7}/u,
			);
			const { run_id } = work.run;
			await fails('run.submit', { run_id }, 'run.unresolved');
			write(work.top, 'a.txt', 'one\nboth\nthree\n');
			await perform('run.choose', { run_id, path: 'b.bin', side: 'agent' });
			const again = await perform<ConflictWork>('task.resolve', { task_id: 'A' });
			assert.deepEqual(again.open, ['gone.txt'], 'it goes on where it was');
			await fails('run.choose', { run_id, path: 'new.txt', side: 'agent' }, 'run.noSuchPart');
			await perform('run.choose', { run_id, path: 'gone.txt', side: 'agent' });
			const { task, failure } = await perform<Submitted>('run.submit', { run_id });
			assert.deepEqual([failure, task.status], [null, 'COMPLETED']);
			assert.equal(swarm.shown('a.txt'), 'one\nboth\nthree\n');
			assert.equal(swarm.shown('b.bin'), '\0agent');
			assert.deepEqual([swarm.shown('gone.txt'), swarm.shown('new.txt')], [undefined, 'new\n']);
			await perform('task.revert', { task_id: 'A' });
			assert.deepEqual(
				[swarm.shown('a.txt'), swarm.shown('gone.txt'), swarm.shown('new.txt')],
				['one\nmine\nthree\n', 'edited\n', undefined],
			);
		});
	});
});
