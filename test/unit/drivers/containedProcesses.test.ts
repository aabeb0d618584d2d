// Checks that agents are held by the system to their places: a scripted agent that writes wherever it likes, and steps of a shell, in real
// bubblewrap. Where the machine forbids that, the tests are skipped with its reason.

import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { randomText } from '../../../src/base/ids.ts';
import type { Container } from '../../../src/core/containment/container.ts';
import type { JobPlaces } from '../../../src/core/containment/containmentPlan.ts';
import { createAcpDriver } from '../../../src/drivers/acp/acpDriver.ts';
import { createCommandDriver } from '../../../src/drivers/command/commandDriver.ts';
import { createGit } from '../../../src/node/git.ts';
import { createProcessRunner } from '../../../src/node/processRunner.ts';
import { requireContainer } from '../../support/bubblewrap.ts';
import type { JobParts } from '../../support/driverJobs.ts';
import { DriverFixture, realDriverPorts, scripted, startJob } from '../../support/driverJobs.ts';
import type { Script } from '../../support/scriptedAcpScript.ts';
import { killAllWith, processesWith, until } from '../../support/livingProcesses.ts';
import { makeRepository, runGit } from '../../support/temporaryRepository.ts';

const nothingHere: Container = {
	look: async () => ({ tool: 'none', reason: 'bwrap is not installed', advice: 'apt-get install bubblewrap' }),
	wrap: async () => undefined,
};

describe('A contained job', function () {
	this.slow(10_000);
	let container: Container;
	let fixture: DriverFixture;
	let main = '';
	let worktree = '';
	let places: JobPlaces;

	before(async function () {
		container = await requireContainer(this);
	});
	beforeEach(async () => {
		fixture = await DriverFixture.create();
		main = path.join(fixture.root, 'main');
		worktree = path.join(fixture.root, 'trees', 'run-1');
		mkdirSync(main);
		mkdirSync(path.join(fixture.root, 'trees', 'run-2'), { recursive: true });
		makeRepository(main, { 'a.txt': 'a\n' });
		const git = createGit({ workspaceFolder: main });
		await git.addWorktree(worktree, await git.snapshot('begin', []));
		const found = await git.worktreePlaces(worktree);
		assert.ok(found !== undefined);
		places = { root: worktree, guarded: [main, path.dirname(worktree)], shared: [], git: found };
	});
	afterEach(async () => {
		const left = await fixture.living();
		await fixture.dispose();
		assert.deepEqual(left, [], 'processes were left behind');
	});

	const shell = (run: readonly string[], entry: JobParts['entry'] = {}, held = container) =>
		startJob(createCommandDriver({ ...realDriverPorts(), container: held }), {
			...fixture.job({ run, entry }, worktree),
			places,
		});
	const agent = (script: Script, entry: JobParts['entry'] = {}, held = container) =>
		startJob(createAcpDriver({ ...realDriverPorts(), container: held }), {
			...fixture.job(scripted(script, { entry }), worktree),
			places,
		});
	const writesMain: Script = {
		turn: [
			{ do: 'write', path: 'inside.txt', content: 'in\n' },
			{ do: 'write', path: '../../main/a.txt', content: 'mine\n' },
		],
	};

	it('writes in its worktree, and the system stops it elsewhere', async () => {
		const job = agent(writesMain);
		const outcome = await job.outcome;
		assert.equal(outcome.kind, 'failed', JSON.stringify(outcome));
		assert.match(JSON.stringify(outcome), /EROFS|read-only file system/u);
		assert.equal(readFileSync(path.join(main, 'a.txt'), 'utf8'), 'a\n');
		assert.equal(readFileSync(path.join(worktree, 'inside.txt'), 'utf8'), 'in\n');
		assert.match(job.text('note'), /contained by bubblewrap/u);
	});

	it('would have written without (the guard is what stops it)', async () => {
		const outcome = await agent(writesMain, { containment: 'off' }).outcome;
		assert.equal(outcome.kind, 'finished', JSON.stringify(outcome));
		assert.equal(readFileSync(path.join(main, 'a.txt'), 'utf8'), 'mine\n');
	});

	it('cannot touch the worktree of another, the settings of git, or mount itself free', async () => {
		const others = path.join(fixture.root, 'trees', 'run-2', 'x');
		const job = shell([
			`(echo x > '${others}') || true`,
			`(git config core.hooksPath /x) || true`,
			`(mount -o remount,rw / && echo x > '${others}') || true`,
			`(ln -s '${path.dirname(others)}' link && echo x > link/x) || true`,
		]);
		const outcome = await job.outcome;
		assert.equal(outcome.kind, 'finished', JSON.stringify(outcome));
		assert.equal(existsSync(others), false);
		assert.equal(
			execFileSync('git', ['config', '--list', '--local'], { cwd: main, encoding: 'utf8' }).includes('hookspath'),
			false,
		);
	});

	it('uses git as always', async () => {
		const job = shell([
			'echo b > b.txt',
			'git status --short && git add b.txt && git -c user.name=n -c user.email=e@x commit -qm done',
		]);
		const outcome = await job.outcome;
		assert.equal(outcome.kind, 'finished', JSON.stringify(outcome));
		assert.match(runGit(worktree, 'log', '--format=%s', '-1'), /done/u);
		assert.equal(runGit(main, 'log', '--format=%s', '-1').trim(), 'begin');
	});

	it('has no network where its entry says so', async () => {
		// The file lists a line for each device there is; alone with itself a program has only the loopback one.
		const devices = 'test "$(grep -c : /proc/net/dev)" -eq 1';
		assert.equal((await shell([devices], { network: false }).outcome).kind, 'finished');
		const { output } = await createProcessRunner().run({ command: 'grep -c : /proc/net/dev', folder: worktree });
		const withNetwork = shell([`test "$(grep -c : /proc/net/dev)" -eq ${output.trim()}`]);
		assert.equal((await withNetwork.outcome).kind, 'finished', 'with a network it sees the devices of the machine');
	});

	it('ends with everything it started when it is cancelled', async () => {
		const job = agent({
			turn: [{ do: 'child', isDetached: true }, { do: 'say', text: 'begun\n' }, { do: 'hang' }],
			ignoresTerm: true,
		});
		await job.told('begun');
		const living = await fixture.living();
		assert.ok(living.length >= 3, `bubblewrap, the agent and its child: ${living.join('; ')}`);
		await job.session.cancel();
		assert.deepEqual(await job.outcome, { kind: 'cancelled' });
	});

	it('takes with it what hides from everybody: in a session of its own, without parent and environment', async () => {
		const word = `dreamos-${randomText(12)}`;
		const hidden = `require("fs").writeFileSync("hidden", ""); setInterval(() => 0, 1000)`;
		const hides = `(setsid env -i ${process.execPath} -e '${hidden}' ${word} >/dev/null 2>&1 &)`;
		const waits = 'until test -e hidden; do sleep 0.05; done; rm hidden';
		try {
			const stopped = shell([`${hides}; ${waits}; echo begun; sleep 600`]);
			await stopped.told('begun');
			assert.ok(processesWith(word).some(({ command }) => command.startsWith(process.execPath)));
			await stopped.session.cancel();
			assert.deepEqual(await stopped.outcome, { kind: 'cancelled' });
			await until(() => processesWith(word).length === 0, 'it is gone after a stop');

			assert.equal((await shell([`${hides}; ${waits}`]).outcome).kind, 'finished');
			await until(() => processesWith(word).length === 0, 'it is gone after the end');
		} finally {
			killAllWith(word);
		}
	});

	it('dies with bubblewrap, which is the process that is written down', async () => {
		const job = agent({ turn: [{ do: 'say', text: 'begun\n' }, { do: 'hang' }] });
		await job.told('begun');
		process.kill(job.processes[0]?.pid ?? 0, 'SIGKILL');
		const outcome = await job.outcome;
		assert.equal(outcome.kind === 'failed' && outcome.code, 'agent.exited');
	});

	it('says of a program that is missing that it is missing', async () => {
		const job = startJob(createAcpDriver({ ...realDriverPorts(), container }), {
			...fixture.job({ command: ['no-such-agent'] }, worktree),
			places,
		});
		const outcome = await job.outcome;
		assert.equal(outcome.kind === 'failed' && outcome.code, 'agent.notFound', JSON.stringify(outcome));
	});

	it('does not start where it must be contained and cannot be', async () => {
		for (const start of [
			agent(writesMain, { containment: 'required' }, nothingHere),
			shell(['touch x'], { containment: 'required' }, nothingHere),
		]) {
			const outcome = await start.outcome;
			assert.equal(outcome.kind === 'failed' && outcome.code, 'agent.uncontained', JSON.stringify(outcome));
			assert.match(JSON.stringify(outcome), /apt-get install bubblewrap/u);
		}
		assert.equal(existsSync(path.join(worktree, 'inside.txt')), false);
		assert.equal((await shell(['touch x'], {}, nothingHere).outcome).kind, 'finished', 'auto goes on');
	});
});
