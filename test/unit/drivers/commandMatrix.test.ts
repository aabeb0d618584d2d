// Owns the matrix of the command driver: which files it means, that their names are safe, how many at a time, what one failure
// does to the others, and the variables and time of steps.

import { strict as assert } from 'node:assert';
import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { agentSchema } from '../../../src/core/agent/agent.ts';
import { newTask } from '../../../src/core/task/task.ts';
import { createCommandDriver } from '../../../src/drivers/command/commandDriver.ts';
import { matrixFiles } from '../../../src/drivers/command/matrixFiles.ts';
import { nodeFileSystem } from '../../../src/node/nodeFileSystem.ts';
import type { JobParts } from '../../support/driverJobs.ts';
import { DriverFixture, realDriverPorts, startJob } from '../../support/driverJobs.ts';

const agent = agentSchema.parse({ id: 'Agent-1' });

describe('The matrix of the command driver', () => {
	let fixture: DriverFixture;
	const driver = createCommandDriver(realDriverPorts());

	const write = async (...files: string[]) => {
		for (const file of files) {
			await mkdir(path.dirname(path.join(fixture.worktree, file)), { recursive: true });
			await writeFile(path.join(fixture.worktree, file), `${file}\n`);
		}
	};
	const start = (parts: JobParts) => startJob(driver, fixture.job(parts));
	const run = async (run: string[], matrix: Record<string, unknown>, more: Record<string, unknown> = {}) => {
		const job = start({ run, params: { matrix, ...more } });
		return { job, outcome: await job.outcome };
	};
	const meant = (files: string[], exclude: string[] = []) =>
		matrixFiles(nodeFileSystem, fixture.worktree, { files, exclude });

	beforeEach(async () => {
		fixture = await DriverFixture.create();
	});
	afterEach(() => fixture.dispose());

	it('means files by globs and paths, without what is excluded, .git and links', async () => {
		await write(
			'src/a.py',
			'src/deep/b.py',
			'src/deep/c.txt',
			'old/d.py',
			'.git/e.py',
			'node_modules/x/f.py',
			'g*.py',
		);
		await writeFile(path.join(fixture.root, 'outside.py'), '');
		await symlink(path.join(fixture.root, 'outside.py'), path.join(fixture.worktree, 'src/link.py'));
		await symlink(fixture.root, path.join(fixture.worktree, 'src/up'));
		assert.deepEqual(await meant(['src/**/*.py']), ['src/a.py', 'src/deep/b.py']);
		assert.deepEqual(await meant(['*.py'], ['old', 'node_modules']), ['g*.py', 'src/a.py', 'src/deep/b.py']);
		assert.deepEqual(await meant(['src'], ['*.txt']), ['src/a.py', 'src/deep/b.py']);
		assert.deepEqual(await meant(['old/d.py', './src/a.py', String.raw`g\*.py`]), [
			'g*.py',
			'old/d.py',
			'src/a.py',
		]);
	});

	it('fails where nothing is meant, or a path that is written out is not there', async () => {
		await write('src/a.py');
		const { outcome } = await run(['true'], { files: ['src/a.py', 'src/gone.py'] });
		assert.equal(outcome.kind === 'failed' && outcome.code, 'command.noFiles');
		assert.match(
			outcome.kind === 'failed' ? outcome.reason : '',
			/no file for "src\/gone\.py" of "params\.matrix\.files"/u,
		);
		await assert.rejects(meant(['*.rs']), /no file for "\*\.rs"/u);
	});

	it('refuses what cannot be used, naming the field', () => {
		const refusalOf = (params: Record<string, unknown>) =>
			driver.refusal(agent, newTask({ task_id: 'T-1', name: 'x', params: { run: ['true'], ...params } })) ?? '';
		assert.equal(refusalOf({ matrix: { files: 'src/**/*.py' } }), '');
		assert.match(refusalOf({ matrix: {} }), /^"params\.matrix\.files" of T-1 cannot be used/u);
		assert.match(refusalOf({ matrix: { files: [] } }), /files" of T-1 cannot be used: must name a file\.$/u);
		for (const files of ['/etc/*', '../up', ['a', '~/x'], 'a/../../b']) {
			assert.match(refusalOf({ matrix: { files } }), /must stay inside the worktree\.$/u, String(files));
		}
		assert.match(refusalOf({ matrix: { files: 'a', parallel: 0 } }), /"params\.matrix\.parallel"/u);
		assert.match(refusalOf({ matrix: { files: 'a', paralel: 2 } }), /"params\.matrix" of T-1 .*paralel/u);
		assert.match(refusalOf({ matrix: { files: 'a' }, run: ["echo '{file}'"] }), /"params\.run" .* inside quotes/u);
		assert.match(refusalOf({ env: { 'A B': 'x' } }), /"params\.env\.A B"/u);
		assert.match(refusalOf({ step_timeout_seconds: -1 }), /"params\.step_timeout_seconds"/u);
	});

	it('runs the steps once per file, tells which, and takes every name as it is', async () => {
		const names = ['$(touch planted).py', '-rf.py', `a 'b' "c".py`, 'ü; touch planted.py'];
		await write(...names);
		const { job, outcome } = await run(['cat {file} >> seen.txt', 'printf "%s\\n" "$DREAMOS_FILE"'], {
			files: '*.py',
		});
		assert.deepEqual(outcome, { kind: 'finished', summary: 'Ran 2 steps for each of 4 files.' });
		const seen = await readFile(path.join(fixture.worktree, 'seen.txt'), 'utf8');
		assert.deepEqual(seen.trimEnd().split('\n'), names.toSorted());
		assert.ok(!(await readdir(fixture.worktree)).includes('planted'));
		const outputs = job.updates.filter(({ kind }) => kind === 'output');
		assert.deepEqual(
			outputs.map(({ data, text }) => [data?.['file'], data?.['step'], text]),
			names.toSorted().map((name) => [name, 2, name.startsWith('-') ? `./${name}` : name]),
		);
	});

	it('works on as many at a time as it may, and no more', async () => {
		await write('1.in', '2.in', '3.in', '4.in', '5.in');
		// Each waits until another is there too, so that one at a time would never end, and writes down how many it saw.
		const step =
			'n=$(basename {file}); touch "on-$n"; i=0; while [ $(ls | grep -c ^on-) -lt 2 ] && [ ! -e met ] && [ $i -lt 200 ]; do sleep 0.05; i=$((i+1)); done; touch met; ls | grep -c ^on- >> seen; rm "on-$n"';
		const { outcome } = await run([step], { files: '*.in', parallel: 2 });
		assert.equal(outcome.kind, 'finished', JSON.stringify(outcome));
		const seen = (await readFile(path.join(fixture.worktree, 'seen'), 'utf8')).trim().split('\n').map(Number);
		assert.equal(seen.length, 5);
		assert.equal(Math.max(...seen), 2);
	});

	it('lets no file begin after one failed, and names it', async () => {
		await write('a.in', 'b.in', 'c.in');
		const step = 'echo {file} >> seen; case {file} in b.in) echo broken; exit 3;; esac';
		const { outcome } = await run([step], { files: '*.in' });
		assert.ok(outcome.kind === 'failed');
		assert.equal(outcome.code, 'command.exit');
		assert.match(
			outcome.reason,
			/^b\.in: Step 1 of 1 \(.*\) ended with exit code 3\. Its output ended with:\nbroken\n/u,
		);
		assert.match(outcome.reason, /\n1 of 3 files were done, 1 not begun\.$/u);
		assert.equal(await readFile(path.join(fixture.worktree, 'seen'), 'utf8'), 'a.in\nb.in\n');
	});

	it('goes on after a failure where it shall, and fails in the end with every file that failed', async () => {
		await write('a.in', 'b.in', 'c.in');
		const step = 'echo {file} >> seen; [ {file} = b.in ]';
		const { job, outcome } = await run([step], { files: '*.in', continue_on_error: true });
		assert.ok(outcome.kind === 'failed');
		assert.match(
			outcome.reason,
			/^2 files failed:\n- a\.in: Step 1 .*\n- c\.in: Step 1 .*\n1 of 3 files were done, 0 not begun\.$/u,
		);
		assert.equal(await readFile(path.join(fixture.worktree, 'seen'), 'utf8'), 'a.in\nb.in\nc.in\n');
		const failed = job.updates.filter(({ data }) => data?.['isFailed'] === true);
		assert.deepEqual(
			failed.map(({ data }) => data?.['file']),
			['a.in', 'c.in'],
		);
	});

	it('ends every file at work with a cancel', async () => {
		await write('a.in', 'b.in');
		const job = start({
			run: ['echo ready {file}; sleep 600'],
			params: { matrix: { files: '*.in', parallel: 2 } },
		});
		await Promise.all([job.told('ready a.in'), job.told('ready b.in')]);
		await job.session.cancel();
		assert.deepEqual(await job.outcome, { kind: 'cancelled' });
		assert.deepEqual(await fixture.living(), []);
	});

	it('gives a step its own time, for one file and for none', async () => {
		await write('a.in');
		const limits = { step_timeout_seconds: 0.3 };
		const { outcome } = await run(['sleep 30'], { files: '*.in' }, limits);
		assert.equal(outcome.kind === 'failed' && outcome.code, 'command.timeout');
		assert.match(
			outcome.kind === 'failed' ? outcome.reason : '',
			/^a\.in: Step 1 .* its own time, 0\.3 s, was over/u,
		);
		const plain = await start({ run: ['sleep 30'], params: limits }).outcome;
		assert.match(
			plain.kind === 'failed' ? plain.reason : '',
			/^Step 1 of 1 \(sleep 30\) was not done when its own time/u,
		);
	});

	it('gives steps the variables of the task, which win over its agent and never over ours', async () => {
		const job = start({
			run: ['echo "$COLOUR $COUNT $DREAMOS_TASK_ID"'],
			env: { COLOUR: 'red' },
			params: { env: { COLOUR: 'blue', COUNT: 3, DREAMOS_TASK_ID: 'other' } },
		});
		assert.equal((await job.outcome).kind, 'finished');
		assert.equal(job.text('output'), 'blue 3 TASK-test');
	});
});
