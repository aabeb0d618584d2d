// Checks whole jobs as the host does them: real repository, ledger, worktrees and commands, from a ready task to the landed change.

import assert from 'node:assert/strict';
import type { Driver } from '../../../src/core/driver/driver.ts';
import { advanceTask } from '../../../src/core/task/advanceTask.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';
import { runGit, writeFiles } from '../../support/temporaryRepository.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';

describe('a job of the swarm', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	const open = async (
		files: Readonly<Record<string, string | Uint8Array>>,
		more: Parameters<typeof TemporarySwarm.create>[2] = {},
	) => {
		swarm = await TemporarySwarm.create(folders.make(), files, more);
		return swarm;
	};
	afterEach(() => swarm.dispose());

	it('edits, creates, renames and deletes, passes its gates, and lands without touching index or branch', async () => {
		await open({ 'a.txt': 'a\n', 'old.txt': 'old\n'.repeat(20), 'gone.txt': 'gone\n' });
		await swarm.add(
			'A',
			['echo changed >> a.txt', 'mkdir d && echo made > d/made.txt', 'git mv old.txt renamed.txt', 'rm gone.txt'],
			{
				validation: { commands: ['test -f d/made.txt', 'test ! -e gone.txt'] },
			},
		);
		const head = runGit(swarm.folder, 'rev-parse', 'HEAD');
		await swarm.workUntilIdle();
		const task = await swarm.task('A');
		assert.equal(task.status, 'COMPLETED', swarm.lines.join('\n'));
		assert.deepEqual(task.result?.files?.toSorted(), ['a.txt', 'd/made.txt', 'gone.txt', 'renamed.txt']);
		assert.deepEqual(
			task.result?.gates?.map((gate) => gate.exit_code),
			[0, 0],
		);
		assert.match(task.result?.commit ?? '', /^[0-9a-f]{40}$/u);
		assert.equal(task.result?.summary, 'Ran 4 steps.');
		assert.deepEqual(
			['a.txt', 'd/made.txt', 'renamed.txt', 'gone.txt', 'old.txt'].map((path) => swarm.shown(path)),
			['a\nchanged\n', 'made\n', 'old\n'.repeat(20), undefined, undefined],
		);
		assert.equal(runGit(swarm.folder, 'rev-parse', 'HEAD'), head);
		assert.equal(runGit(swarm.folder, 'diff', '--cached', '--name-only'), '');
		assert.deepEqual(swarm.leftovers(), []);
		const [run] = await swarm.runs('A');
		assert.deepEqual([run?.state, run?.worktree, run?.pid, run?.host_id], ['completed', null, null, 'host-1']);
		assert.match(swarm.shown(run?.log_file ?? '') ?? '', /"kind":"note","text":"Step 1 of 4/u);
	});

	it('starts from uncommitted work and leaves what it does not touch', async () => {
		await open({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
		writeFiles(swarm.folder, { 'b.txt': 'uncommitted\n', 'untracked.txt': 'untracked\n' });
		await swarm.add('A', ['cat b.txt untracked.txt > a.txt']);
		await swarm.workUntilIdle();
		assert.equal(swarm.shown('a.txt'), 'uncommitted\nuntracked\n');
		assert.equal(swarm.shown('b.txt'), 'uncommitted\n');
	});

	it('works a chain in order, each step seeing what the ones before landed', async () => {
		await open({ 'log.txt': '' }, { agents: ['Agent-1', 'Agent-2', 'Agent-3'].map((id) => buildAgent(id)) });
		await swarm.add('one', ['echo 1 >> log.txt']);
		await swarm.add('two', ['echo 2 >> log.txt'], { dependencies: ['one'] });
		await swarm.add('three', ['echo 3 >> log.txt'], { dependencies: ['two'] });
		await swarm.workUntilIdle();
		assert.equal(swarm.shown('log.txt'), '1\n2\n3\n');
		assert.deepEqual(await Promise.all(['one', 'two', 'three'].map(async (id) => (await swarm.task(id)).status)), [
			'COMPLETED',
			'COMPLETED',
			'COMPLETED',
		]);
		assert.deepEqual(swarm.leftovers(), []);
	});

	it('merges parallel changes of one file in different places', async () => {
		const text = Array.from({ length: 20 }, (_each, index) => `line ${index}\n`).join('');
		await open({ 'a.txt': text });
		await swarm.add('A', ["sed -i.x 's/line 2$/from A/' a.txt && rm a.txt.x", 'sleep 0.3']);
		await swarm.add('B', ["sed -i.x 's/line 17$/from B/' a.txt && rm a.txt.x", 'sleep 0.3']);
		await swarm.workUntilIdle();
		assert.equal(swarm.shown('a.txt'), text.replace('line 2\n', 'from A\n').replace('line 17\n', 'from B\n'));
	});

	it('sends a failed gate back with its output, and fails after the last attempt', async () => {
		await open({ 'a.txt': 'a\n' }, { agents: [buildAgent('Agent-1')] });
		await swarm.add('A', ['echo $DREAMOS_ATTEMPT > attempt.txt'], {
			// Another word each time: it is not the same failure.
			validation: { commands: ["sed 's/1/first/; s/2/second/' attempt.txt; echo gate-says-no; exit 7"] },
		});
		await swarm.add('B', ['true'], { dependencies: ['A'] });
		await swarm.workUntilIdle();
		const task = await swarm.task('A');
		assert.equal(task.status, 'FAILED');
		assert.equal(task.result?.gates?.[0]?.exit_code, 7);
		const runs = await swarm.runs('A');
		assert.deepEqual(
			runs.map(({ state, attempt }) => [state, attempt]),
			[
				['failed', 1],
				['failed', 2],
			],
		);
		assert.match(runs[1]?.reason ?? '', /gate-says-no[^]*\(attempt 2 of 2\)/u);
		assert.equal(swarm.shown('attempt.txt'), undefined, 'nothing of it landed');
		assert.ok((await swarm.events('B')).some(({ type }) => type === 'task.stranded'));
		// The work of both attempts can still be looked at.
		assert.deepEqual(
			swarm.leftovers().toSorted(),
			runs.map(({ run_id: id }) => `refs/dreamos/rescue/${id}`).toSorted(),
		);
	});

	it('is not tried for ever: a task that fails the same way twice is blocked with its reason, and unblocked it is tried again', async () => {
		await open({ 'a.txt': 'a\n' }, { agents: [buildAgent('Agent-1')] });
		await swarm.add('A', ['echo $DREAMOS_ATTEMPT > attempt.txt'], {
			max_attempts: 9,
			validation: { commands: ['cat attempt.txt; echo gate-says-no; exit 7'] },
		});
		await swarm.workUntilIdle();
		const task = await swarm.task('A');
		assert.deepEqual([task.status, task.block_reason?.kind], ['BLOCKED', 'needs_input']);
		assert.match(
			task.block_reason?.text ?? '',
			/same way twice \(Agent-1 in attempt 1, Agent-1 in attempt 2\)[^]*then unblock it\.[^]*gate-says-no/u,
		);
		assert.equal(task.result?.gates?.[0]?.exit_code, 7);
		assert.deepEqual(
			(await swarm.runs('A')).map(({ state }) => state),
			['failed', 'failed'],
		);
		await swarm.ledger.write(person, (transaction) => advanceTask(transaction, { taskId: 'A', move: 'unblock' }));
		await swarm.workUntilIdle();
		assert.equal((await swarm.runs('A')).length, 4, 'a fresh start has its own two tries');
		assert.equal((await swarm.task('A')).status, 'BLOCKED');
	});

	it('passes when a later attempt repairs it, and then forgets what the earlier one left', async () => {
		await open({ 'a.txt': 'a\n' }, { agents: [buildAgent('Agent-1')] });
		await swarm.add('A', ['echo $DREAMOS_ATTEMPT > attempt.txt'], {
			validation: { commands: ['grep -q 2 attempt.txt'] },
		});
		await swarm.workUntilIdle();
		assert.equal((await swarm.task('A')).status, 'COMPLETED');
		assert.equal(swarm.shown('attempt.txt'), '2\n');
		assert.deepEqual(swarm.leftovers(), []);
	});

	it('ends a gate that never ends', async () => {
		await open({ 'a.txt': 'a\n' }, { agents: [buildAgent('Agent-1')] });
		swarm.settings = { ...swarm.settings, 'gates.timeoutSeconds': 0.5 };
		await swarm.add('A', ['echo b > a.txt'], { max_attempts: 1, validation: { commands: ['sleep 1000 & wait'] } });
		await swarm.workUntilIdle();
		const task = await swarm.task('A');
		assert.deepEqual([task.status, task.result?.gates?.[0]?.ending], ['FAILED', 'timeout']);
	});

	it('fails a task whose step fails, and blocks nobody else', async () => {
		await open({ 'a.txt': 'a\n' }, { agents: [buildAgent('Agent-1')] });
		await swarm.add('A', ['echo half > half.txt', 'exit 9'], { priority: 'HIGH' });
		await swarm.add('B', ['echo b > b.txt']);
		await swarm.workUntilIdle();
		assert.equal((await swarm.task('A')).status, 'FAILED');
		assert.match((await swarm.runs('A'))[0]?.reason ?? '', /exit code 9/u);
		assert.equal(swarm.shown('half.txt'), undefined);
		assert.equal(swarm.shown('b.txt'), 'b\n');
	});

	it('completes a task that changes nothing', async () => {
		await open({ 'a.txt': 'a\n' });
		await swarm.add('A', ['grep -q a a.txt'], { validation: { commands: ['true'] } });
		await swarm.workUntilIdle();
		const task = await swarm.task('A');
		assert.deepEqual([task.status, task.result?.summary], ['COMPLETED', 'Ran 1 step. No file was changed.']);
		assert.deepEqual(swarm.leftovers(), []);
	});

	it('lands what was there before the gates, not what they leave', async () => {
		await open({ 'a.txt': 'a\n' });
		await swarm.add('A', ['echo b > a.txt'], {
			validation: { commands: ['echo built > built.txt; echo c > a.txt'] },
		});
		await swarm.workUntilIdle();
		assert.deepEqual([swarm.shown('a.txt'), swarm.shown('built.txt')], ['b\n', undefined]);
	});

	it('blocks on a conflict with work of the person, names the file, changes nothing, keeps the change', async () => {
		await open({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
		await swarm.add('A', ['echo agent > a.txt', 'echo agent > b.txt', 'sleep 0.5']);
		swarm.settings = { ...swarm.settings, 'landing.conflictRetries': 0 };
		const since = await swarm.ledger.read((reader) => reader.sequence());
		assert.ok(since > 0);
		await swarm.tell(true);
		const host = await swarm.lead();
		await swarm.statusIs('A', 'IN_PROGRESS');
		await swarm.until(async () => (await swarm.runs('A'))[0]?.pid !== null, 'the step runs');
		writeFiles(swarm.folder, { 'a.txt': 'person\n' });
		const task = await swarm.statusIs('A', 'BLOCKED');
		await host.stop();
		assert.equal(task.block_reason?.kind, 'conflict');
		assert.match(task.block_reason?.text ?? '', /a\.txt was changed on both sides/u);
		assert.deepEqual([swarm.shown('a.txt'), swarm.shown('b.txt')], ['person\n', 'b\n']);
		const [run] = await swarm.runs('A');
		assert.deepEqual(swarm.leftovers(), [`refs/dreamos/rescue/${run?.run_id ?? ''}`]);
		assert.ok(
			(await swarm.events('A')).some(
				({ type, data }) => type === 'landing.refused' && JSON.stringify(data?.['files']) === '["a.txt"]',
			),
		);
	});

	it('gives a conflict back to an agent, with both sides, and asks a person when it conflicts again', async () => {
		await open({ 'a.txt': 'a\n' });
		const prompts: string[] = [];
		// An agent that never looks at what is there, and a person who always writes into the same line.
		const stubborn: Driver = {
			id: 'command',
			title: 'stubborn',
			refusal: () => undefined,
			start(job) {
				prompts.push(job.prompt);
				writeFiles(job.worktree, { 'a.txt': `agent ${job.attempt}\n` });
				writeFiles(swarm.folder, { 'a.txt': `person ${job.attempt}\n` });
				return {
					outcome: Promise.resolve({ kind: 'finished', summary: '' } as const),
					cancel: async () => undefined,
				};
			},
		};
		await swarm.add('A', []);
		await swarm.tell(true);
		const host = await swarm.lead({ drivers: new Map([['command', stubborn]]) });
		const task = await swarm.statusIs('A', 'BLOCKED');
		await host.stop();
		assert.deepEqual([task.block_reason?.kind, task.attempts, prompts.length], ['conflict', 2, 2]);
		assert.match(
			prompts[1] ?? '',
			/> Both sides:\n> a\.txt:\n> <<<<<<< workspace\n> person 1\n> \|\|\|\|\|\|\| base\n> a\n> =======\n> agent 1\n> >>>>>>> agent/u,
		);
		const returned = (await swarm.events('A')).filter(({ type }) => type === 'landing.returned');
		assert.deepEqual(
			returned.map(({ data }) => data?.['files']),
			[['a.txt']],
		);
		assert.equal(swarm.shown('a.txt'), 'person 2\n');
	});

	it('takes hostile ids, names and files as they are', async () => {
		await open({ 'a b/ü "q" $x.txt': 'a\n' });
		const id = 'TASK $(touch hacked) `touch hacked` ; touch hacked #\'"\u001b[31m';
		await swarm.add(id, [`printf '%s' "$DREAMOS_TASK_ID" > 'a b/ü "q" $x.txt'`, `echo x > '-rf --all.txt'`], {
			name: '<script>alert(1)</script>\u0007\n\n--force',
			description: '\u001b[2J'.repeat(100),
		});
		await swarm.workUntilIdle();
		assert.equal((await swarm.task(id)).status, 'COMPLETED');
		assert.equal(swarm.shown('a b/ü "q" $x.txt'), id);
		assert.equal(swarm.shown('-rf --all.txt'), 'x\n');
		assert.equal(swarm.shown('hacked'), undefined);
	});

	it('works in a workspace that is a folder of its repository', async () => {
		await open({ 'app/a.txt': 'a\n', 'other/b.txt': 'b\n' }, { place: 'app' });
		await swarm.add('A', ['echo changed > a.txt', 'mkdir -p runtime && echo mine > runtime/x']);
		await swarm.workUntilIdle();
		assert.equal((await swarm.task('A')).status, 'COMPLETED', swarm.lines.join('\n'));
		assert.deepEqual((await swarm.task('A')).result?.files, ['app/a.txt']);
		assert.equal(swarm.shown('app/a.txt'), 'changed\n');
		assert.equal(swarm.shown('app/runtime/x'), undefined);
	});
});
