// Owns what every driver must do, whatever it runs: one body of tests, given a driver and a way to make it behave.

import { strict as assert } from 'node:assert';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Driver, DriverPorts } from '../../src/core/driver/driver.ts';
import type { JobParts } from '../support/driverJobs.ts';
import { DriverFixture, realDriverPorts, startJob } from '../support/driverJobs.ts';

/** How to make a driver do what a test needs; each returns the parts of a job. */
export interface DriverBehaviours {
	/** Says the words, then writes the file with the words as its content, then ends well. */
	write(file: string, words: string): JobParts;
	/** Says `ready`, then never ends, with a child that ignores polite signals. */
	hang(): JobParts;
	/** Starts a child that goes on, and ends well itself. */
	leaveChild(): JobParts;
	/** Says its DREAMOS_* variables as `NAME=value` lines. */
	environment(): JobParts;
	/** Says this many megabytes and ends well. */
	flood(megabytes: number): JobParts;
	/** Ends badly by itself. */
	fail(): { readonly parts: JobParts; readonly code: string; readonly reason: RegExp };
	/** What it shall run does not exist. */
	missing(): { readonly parts: JobParts; readonly code: string; readonly reason: RegExp };
	readonly timeoutCode: string;
}

async function filesIn(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => !entry.isDirectory())
		.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
		.toSorted();
}

export function driverContract(name: string, create: (ports: DriverPorts) => Driver, behave: DriverBehaviours): void {
	describe(`${name} keeps the contract of a driver:`, function () {
		this.slow(5_000);
		let fixture: DriverFixture;
		let driver: Driver;

		beforeEach(async () => {
			fixture = await DriverFixture.create();
			driver = create(realDriverPorts());
		});
		afterEach(async () => {
			const left = await fixture.living();
			await fixture.dispose();
			assert.deepEqual(left, [], 'the driver left processes behind');
		});

		it('starts, tells what it does, names its process, and finishes with the files changed', async () => {
			const job = startJob(driver, fixture.job(behave.write('notes/a b.txt', 'hello')));
			const outcome = await job.outcome;
			assert.equal(outcome.kind, 'finished', JSON.stringify(outcome));
			assert.equal((await readFile(path.join(fixture.worktree, 'notes/a b.txt'), 'utf8')).trim(), 'hello');
			assert.match(job.text(), /hello/u);
			assert.ok(job.processes.length > 0);
			assert.ok(job.processes.every(({ pid }) => pid > 1 && pid !== process.pid));
		});

		it('changes files in the worktree only', async () => {
			await startJob(driver, fixture.job(behave.write('a b.txt', 'hello'))).outcome;
			assert.deepEqual(await filesIn(fixture.root), [path.join(path.basename(fixture.worktree), 'a b.txt')]);
		});

		it('tells the worker who it is', async () => {
			const job = startJob(driver, fixture.job(behave.environment()));
			assert.equal((await job.outcome).kind, 'finished');
			for (const line of [
				'DREAMOS_TASK_ID=TASK-test',
				'DREAMOS_RUN_ID=run-test-1',
				'DREAMOS_AGENT_ID=Agent-1',
				'DREAMOS_ATTEMPT=2',
				`DREAMOS_WORKTREE=${fixture.worktree}`,
			]) {
				assert.ok(job.text().includes(line), `${line} is missing in: ${job.text()}`);
			}
		});

		it('is gone within 5 s of a cancel, with every child, also when they ignore signals', async () => {
			const seconds: number[] = [];
			// What is promised is the product's time: a machine that stalls does not do so at each of several tries.
			while (seconds.length < 5 && !seconds.some((each) => each < 5)) {
				const job = startJob(driver, fixture.job(behave.hang()));
				await job.told('ready');
				assert.ok((await fixture.living()).length > 1, 'nothing was running');
				const begin = performance.now();
				await job.session.cancel();
				seconds.push((performance.now() - begin) / 1_000);
				assert.deepEqual(await job.outcome, { kind: 'cancelled' });
				assert.deepEqual(await fixture.living(), []);
			}
			assert.ok(Math.min(...seconds) < 5, `it took ${seconds.join(', ')} s`);
		});

		it('can be cancelled at once, several times, and after its end', async () => {
			const job = startJob(driver, fixture.job(behave.hang()));
			await Promise.all([job.session.cancel(), job.session.cancel()]);
			assert.deepEqual(await job.outcome, { kind: 'cancelled' });
			await job.session.cancel();
			assert.deepEqual(await fixture.living(), []);
		});

		it('a cancel after the end changes nothing', async () => {
			const job = startJob(driver, fixture.job(behave.write('a.txt', 'hello')));
			const outcome = await job.outcome;
			await job.session.cancel();
			assert.equal(await job.outcome, outcome);
			assert.equal(outcome.kind, 'finished');
		});

		it('ends a job whose time is over, with every child', async () => {
			const job = startJob(driver, fixture.job({ ...behave.hang(), timeoutMilliseconds: 2_500 }));
			const outcome = await job.outcome;
			assert.equal(outcome.kind === 'failed' && outcome.code, behave.timeoutCode, JSON.stringify(outcome));
			assert.match(outcome.kind === 'failed' ? outcome.reason : '', /2\.5 s|3 s/u);
		});

		it('ends what a finished job left running', async () => {
			const job = startJob(driver, fixture.job(behave.leaveChild()));
			assert.equal((await job.outcome).kind, 'finished');
			assert.deepEqual(await fixture.living(), []);
		});

		it('a failure has a code and one readable reason', async () => {
			const { parts, code, reason } = behave.fail();
			const outcome = await startJob(driver, fixture.job(parts)).outcome;
			assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
			assert.equal(outcome.code, code);
			assert.match(outcome.reason, reason);
		});

		it('a missing program is a failure that names it', async () => {
			const { parts, code, reason } = behave.missing();
			const outcome = await startJob(driver, fixture.job(parts)).outcome;
			assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
			assert.equal(outcome.code, code);
			assert.match(outcome.reason, reason);
			assert.equal(outcome.isTransient, false);
		});

		it('a missing worktree is a failure, not a rejection', async () => {
			const job = fixture.job(behave.write('a.txt', 'hello'), path.join(fixture.root, 'not there'));
			const outcome = await startJob(driver, job).outcome;
			assert.equal(outcome.kind === 'failed' && outcome.code, 'worktree.missing');
			assert.match(outcome.kind === 'failed' ? outcome.reason : '', /not there/u);
		});

		it('goes on when its listener throws', async () => {
			const session = driver.start(fixture.job(behave.write('a.txt', 'hello')), {
				onUpdate() {
					throw new Error('planted');
				},
				onProcess() {
					throw new Error('planted');
				},
				onSession() {
					throw new Error('planted');
				},
			});
			assert.equal((await session.outcome).kind, 'finished');
		});

		it('tells nothing after the outcome', async () => {
			const jobs = [behave.write('a.txt', 'hello'), behave.leaveChild(), behave.flood(1)].map((parts) =>
				startJob(driver, fixture.job(parts)),
			);
			const hanging = startJob(driver, fixture.job(behave.hang()));
			await hanging.told('ready');
			await hanging.session.cancel();
			await Promise.all(jobs.map((job) => job.outcome));
			await delay(500);
			assert.deepEqual(
				[...jobs, hanging].flatMap((job) => job.late),
				[],
			);
		});

		it('survives a flood of output, says what it left out, and stays bounded', async () => {
			const job = startJob(driver, fixture.job({ ...behave.flood(24), timeoutMilliseconds: 60_000 }));
			const outcome = await job.outcome;
			assert.equal(outcome.kind, 'finished', JSON.stringify(outcome).slice(0, 500));
			const size = job.updates.reduce((sum, update) => sum + update.text.length, 0);
			assert.ok(size > 1024 * 1024 && size < 9 * 1024 * 1024, `${size} characters were told`);
			assert.match(
				job.updates.at(-1)?.text ?? '',
				/log of this run is full; \d+ updates with \d+ characters were not/u,
			);
		});

		it('two jobs at once do not mix', async () => {
			const names = ['left', 'right'] as const;
			const folders = names.map((side) => path.join(fixture.root, side));
			await Promise.all(folders.map((folder) => realDriverPorts().files.makeFolder(folder)));
			const jobs = names.map((side, index) =>
				startJob(driver, fixture.job(behave.write('side.txt', `only ${side}`), folders[index])),
			);
			const outcomes = await Promise.all(jobs.map((job) => job.outcome));
			assert.deepEqual(
				outcomes.map((outcome) => outcome.kind),
				['finished', 'finished'],
			);
			for (const [index, side] of names.entries()) {
				const other = side === 'left' ? 'right' : 'left';
				assert.ok(jobs[index]?.text().includes(`only ${side}`));
				assert.ok(!jobs[index]?.text().includes(`only ${other}`));
				assert.equal(
					(await readFile(path.join(folders[index] ?? '', 'side.txt'), 'utf8')).trim(),
					`only ${side}`,
				);
			}
		});
	});
}
