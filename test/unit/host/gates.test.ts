// Checks gates of tasks, types and the workspace with real worktrees and processes: what passes, what fails and why, and that a bad
// gate costs its task and nobody else.

import assert from 'node:assert/strict';
import type { Task } from '../../../src/core/task/task.ts';
import { runGit } from '../../support/temporaryRepository.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm } from '../../support/temporarySwarm.ts';

/** Several runs one after the other. */
const patience = 200_000;

describe('gates', function () {
	this.timeout(300_000);
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	afterEach(() => swarm.dispose());

	const open = async (files: Readonly<Record<string, string>> = { 'a.txt': 'a\n' }) => {
		swarm = await TemporarySwarm.create(folders.make(), files, { agents: [buildAgent('Agent-1')] });
	};
	const work = async (run: readonly string[], fields: Partial<Task> = {}) => {
		await swarm.add('A', run, { max_attempts: 1, ...fields });
		await swarm.add('other', ['echo fine > fine.txt']);
		await swarm.workUntilIdle(patience);
		assert.equal((await swarm.task('other')).status, 'COMPLETED', swarm.lines.join('\n'));
		assert.equal(swarm.shown('fine.txt'), 'fine\n');
		const [last] = (await swarm.runs('A')).toReversed();
		assert.ok(last !== undefined);
		const ended = (await swarm.events('A')).findLast(({ type }) => type === 'run.closed');
		return { task: await swarm.task('A'), run: last, code: ended?.data?.['code'] };
	};
	/** The change as it was kept. */
	const kept = (runId: string, path: string) => runGit(swarm.folder, 'show', `refs/dreamos/rescue/${runId}:${path}`);

	it('of workspace, type and task all run, at the commit that lands', async () => {
		await open();
		swarm.settings = {
			...swarm.settings,
			'gates.workspace': { tests: ['test -s b.txt'], diff: true, touches: true },
			'gates.byType': { docs: { commands: ['grep -q b b.txt'] } },
		};
		await swarm.add('A', ['echo b > b.txt'], {
			task_type: 'docs',
			touches: ['b.txt'],
			validation: { commands: ['true'], acceptance: [{ text: 'it says b', command: 'grep -c b b.txt' }] },
		});
		await swarm.workUntilIdle(patience);
		const [run] = await swarm.runs('A');
		assert.equal(run?.state, 'completed', swarm.lines.join('\n'));
		assert.deepEqual(
			run.gates.map(({ kind, command, exit_code: code }) => [kind, command, code]),
			[
				['diff', 'a file was changed', 0],
				['touches', 'every changed file fits the touches of the task', 0],
				['command', 'grep -q b b.txt', 0],
				['command', 'true', 0],
				['tests', 'test -s b.txt', 0],
				['acceptance', 'grep -c b b.txt', 0],
			],
		);
		assert.deepEqual([...new Set(run.gates.map(({ commit }) => commit))], [run.result_commit]);
	});

	it('refuse a change outside of what the task names, and one that is none', async () => {
		await open();
		const { task, run, code } = await work(['echo b > b.txt', 'echo c > c.txt'], {
			touches: ['b.txt'],
			validation: { touches: true, commands: ['touch never.txt'] },
		});
		assert.equal(task.status, 'FAILED');
		assert.equal(code, 'gate.failed');
		assert.match(run.reason ?? '', /Changed outside of what the task names \(b\.txt\): c\.txt\./u);
		assert.equal(kept(run.run_id, 'c.txt'), 'c\n');
		await swarm.add('N', ['true'], { max_attempts: 1, validation: { diff: true } });
		await swarm.workUntilIdle(patience);
		assert.match((await swarm.runs('N'))[0]?.reason ?? '', /No file was changed/u);
	});

	it('send a change to review while a point of its acceptance list is shown by nothing', async () => {
		await open();
		const { task } = await work(['echo b > b.txt'], { validation: { acceptance: ['it reads well'] } });
		assert.equal(task.status, 'REVIEW');
	});

	it('hold problems of the base against nobody, and new ones against the work', async () => {
		const lint = 'grep -nH TODO *.txt; test $? -ne 0';
		await open({ 'a.txt': 'TODO old\n' });
		swarm.settings = { ...swarm.settings, 'gates.workspace': { diagnostics: [lint] } };
		await swarm.add('old', ["printf 'first\\nTODO old\\n' > a.txt"], { max_attempts: 1 });
		await swarm.workUntilIdle(patience);
		const [old] = await swarm.runs('old');
		assert.equal(old?.state, 'completed', old?.reason ?? '');
		assert.match(old.gates[0]?.output ?? '', /everything it names is in the base/u);
		await swarm.add('new', ['echo TODO new > b.txt'], { max_attempts: 1 });
		await swarm.workUntilIdle(patience);
		const [made] = await swarm.runs('new');
		assert.equal(made?.state, 'failed');
		assert.match(made.reason ?? '', /b\.txt:1:TODO new/u);
		assert.deepEqual(
			swarm.leftovers().filter((line) => !line.startsWith('refs/dreamos/rescue/')),
			[],
			'nothing of the base is left',
		);
	});

	it('say so where one of them altered the work it judged', async () => {
		await open();
		const { task } = await work(['echo b > b.txt'], { validation: { commands: ['echo repaired > b.txt'] } });
		assert.equal(task.status, 'COMPLETED');
		assert.equal(swarm.shown('b.txt'), 'b\n');
		const told = (await swarm.events('A')).find(({ type }) => type === 'gate.altered');
		assert.deepEqual(told?.data?.['files'], ['b.txt']);
	});

	const bad: Readonly<Record<string, { readonly gate: string; readonly code: string; readonly reason: RegExp }>> = {
		'hangs on everything it is told': {
			gate: "trap '' TERM; sleep 600 & sleep 600",
			code: 'gate.timeout',
			reason: /was not done after 2 s/u,
		},
		'needs a terminal': { gate: 'read x < /dev/tty', code: 'gate.needsTerminal', reason: /gates have none/u },
		'prints without an end': { gate: 'yes', code: 'gate.flooded', reason: /printed more than 256 MB/u },
		'deletes the worktree': {
			gate: 'rm -rf "$DREAMOS_WORKTREE"',
			code: 'gate.deletedWorktree',
			reason: /deleted the worktree it ran in; the work was kept/u,
		},
		'deletes all that is in the worktree': {
			gate: 'rm -rf ./* ',
			code: 'gate.deletedWork',
			reason: /deleted while its gates ran \(b\.txt\)/u,
		},
	};
	for (const [name, { gate, code, reason }] of Object.entries(bad)) {
		it(`one that ${name} fails its task, keeps the work, and holds up nobody`, async () => {
			await open();
			if (code === 'gate.timeout') {
				swarm.settings = { ...swarm.settings, 'gates.timeoutSeconds': 2 };
			}
			const { task, run, code: told } = await work(['echo b > b.txt'], { validation: { commands: [gate] } });
			assert.deepEqual([task.status, told], ['FAILED', code], run.reason ?? '');
			assert.match(run.reason ?? '', reason);
			assert.equal(kept(run.run_id, 'b.txt'), 'b\n');
			assert.equal(swarm.shown('b.txt'), undefined);
			assert.deepEqual(
				swarm.leftovers().filter((line) => line !== `refs/dreamos/rescue/${run.run_id}`),
				[],
			);
		});
	}
});
