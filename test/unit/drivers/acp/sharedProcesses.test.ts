// Checks that runs share the process of an agent where that is safe, and that whatever happens to one of them is nothing to the others.

import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findPreset } from '../../../../src/core/agent/agentPresets.ts';
import type { Driver } from '../../../../src/core/driver/driver.ts';
import { sharedPlace } from '../../../../src/core/driver/sharedPlace.ts';
import { createAcpDriver } from '../../../../src/drivers/acp/acpDriver.ts';
import { defaultAcpLimits } from '../../../../src/drivers/acp/acpRun.ts';
import { sharedKey } from '../../../../src/drivers/acp/sharedKey.ts';
import { nodeFileSystem } from '../../../../src/node/nodeFileSystem.ts';
import type { JobParts, StartedJob } from '../../../support/driverJobs.ts';
import { DriverFixture, realDriverPorts, scripted, startJob } from '../../../support/driverJobs.ts';
import type { Script, Step } from '../../../support/scriptedAcpScript.ts';

const shared: JobParts = { entry: { process: 'shared' } };
const prompt = (...steps: readonly Step[]) => steps.map((step) => `DO ${JSON.stringify(step)}`).join('\n');
const ready: Step = { do: 'say', text: 'ready\n' };
const hang: Step = { do: 'hang' };

describe('A process for several runs', function () {
	this.slow(5_000);
	let fixture: DriverFixture;
	let driver: Driver;
	const folders = ['one', 'two', 'three'];
	const place = (name: string) => path.join(fixture.root, name);

	const create = (idle = 200, sessions = 32) => {
		driver = createAcpDriver(
			{ ...realDriverPorts(), shared: sharedPlace(fixture.root) },
			{ ...defaultAcpLimits, sharing: { idle, sessions } },
		);
	};
	beforeEach(async () => {
		fixture = await DriverFixture.create();
		await Promise.all(folders.map((name) => nodeFileSystem.makeFolder(place(name))));
		create();
	});
	afterEach(async () => {
		await driver.dispose?.();
		const left = await fixture.living();
		await fixture.dispose();
		assert.deepEqual(left, []);
	});

	const start = (name: string, text: string, script: Script = {}, parts: JobParts = shared): StartedJob =>
		startJob(driver, {
			...fixture.job(scripted(script, { ...parts, prompt: text }), place(name)),
			run_id: `run-${name}`,
		});
	const pidOf = (job: StartedJob) => job.processes[0]?.pid;
	const told = (...jobs: readonly StartedJob[]) => Promise.all(jobs.map((job) => job.told('ready')));

	it('is one for runs that are started alike, and each is told its own, in its own folder', async () => {
		const texts = folders.map((name) => `SAY I am ${name}\nWAIT 300\nWRITE ${name}.txt: by ${name}`);
		const jobs = folders.map((name, index) => start(name, texts[index] ?? ''));
		for (const [index, job] of jobs.entries()) {
			const name = folders[index] ?? '';
			assert.deepEqual((await job.outcome).kind, 'finished');
			assert.match(job.text('message'), new RegExp(`I am ${name}\\n`, 'u'));
			assert.deepEqual(
				folders.filter((other) => job.text().includes(`by ${other}`) || job.text().includes(`I am ${other}`)),
				[name],
			);
			assert.equal(readFileSync(path.join(place(name), `${name}.txt`), 'utf8').trim(), `by ${name}`);
			assert.deepEqual(job.late, []);
		}
		assert.equal(new Set(jobs.map(pidOf)).size, 1);
		assert.equal(new Set(jobs.map((job) => job.sessions[0]?.session_id)).size, 3);
	});

	it('waits a moment for the next run, and ends when none comes', async () => {
		create(1_000);
		const first = start('one', 'SAY ready');
		await first.outcome;
		const second = start('two', 'SAY ready');
		await second.outcome;
		assert.equal(pidOf(second), pidOf(first));
		await until(async () => (await fixture.living()).length === 0);
		const third = start('three', 'SAY ready');
		await third.outcome;
		assert.notEqual(pidOf(third), pidOf(first));
	});

	it('is ended with the driver, also while it waits for another run', async () => {
		create(60_000);
		await start('one', 'SAY ready').outcome;
		assert.equal((await fixture.living()).length, 1);
		await driver.dispose?.();
		assert.deepEqual(await fixture.living(), []);
	});

	it('goes on for the others when one is cancelled, and what that one started in its folder ends', async () => {
		const [one, two] = [
			start('one', prompt({ do: 'childHere' }, { do: 'child' }, ready, hang)),
			start('two', prompt(ready, { do: 'waitForFile', path: 'go' }, { do: 'say', text: 'two goes on' })),
		];
		await told(one, two);
		const before = (await fixture.living()).length;
		await one.session.cancel();
		assert.deepEqual(await one.outcome, { kind: 'cancelled' });
		assert.equal(pidOf(one), pidOf(two));
		if (process.platform === 'linux') {
			// The one that was started elsewhere may be anybody's: it ends with the process.
			assert.equal((await fixture.living()).length, before - 1);
		}
		await nodeFileSystem.writeAtomic(path.join(place('two'), 'go'), '');
		const outcome = await two.outcome;
		assert.match(outcome.kind === 'finished' ? outcome.summary : outcome.kind, /two goes on/u);
	});

	it('goes on for the others when one ignores its cancel, takes nobody new, and ends with the last', async () => {
		const script: Script = { cancel: 'ignore', ignoresTerm: true, ignoresEnd: true };
		const [one, two] = [start('one', prompt(ready, hang), script), start('two', prompt(ready, hang), script)];
		await told(one, two);
		await one.session.cancel();
		const three = start('three', prompt(ready, hang), script);
		await told(three);
		assert.equal(pidOf(two), pidOf(one));
		assert.notEqual(pidOf(three), pidOf(one));
		await Promise.all([two.session.cancel(), three.session.cancel()]);
		assert.deepEqual(await fixture.living(), []);
	});

	it('fails each of its runs by itself when it crashes, and the next run has another', async () => {
		const [one, two] = [
			start('one', prompt(ready, hang)),
			start('two', prompt(ready, { do: 'wait', milliseconds: 300 }, { do: 'exit', code: 9, words: 'gone' })),
		];
		await told(one, two);
		for (const job of [one, two]) {
			const outcome = await job.outcome;
			assert.equal(outcome.kind === 'failed' && outcome.code, 'agent.exited');
			assert.match(outcome.kind === 'failed' ? outcome.reason : '', /exit code 9 while working.*gone/su);
			assert.equal(outcome.kind === 'failed' && outcome.isTransient, true);
		}
		const three = start('three', 'SAY ready');
		assert.equal((await three.outcome).kind, 'finished');
		assert.notEqual(pidOf(three), pidOf(one));
	});

	it('that never answers fails each run that waits for it', async () => {
		const parts: JobParts = { ...shared, patience: { start: 500 } };
		const script: Script = { initialize: { isSilent: true } };
		const jobs = [start('one', '', script, parts), start('two', '', script, parts)];
		for (const job of jobs) {
			const outcome = await job.outcome;
			assert.equal(outcome.kind === 'failed' && outcome.code, 'agent.protocol');
		}
		assert.deepEqual(await fixture.living(), []);
	});

	it('refuses what a session asks for that is not there, and hands what it asks for to its own run only', async () => {
		const write = (session: string): Step => ({ do: 'clientWrite', path: 'x.txt', content: 'x', session });
		const two = start('two', prompt(ready, { do: 'wait', milliseconds: 2_000 }));
		await told(two);
		const one = start('one', prompt(write('no-such-session'), write(two.sessions[0]?.session_id ?? '')));
		await one.outcome;
		assert.match(one.text('message'), /clientWrite: error -32002/u);
		// It names the other's session and its own folder: that run's fence refuses it.
		assert.match(two.text('note'), /Refused/u);
		assert.deepEqual(
			folders.filter((name) => existsSync(path.join(place(name), 'x.txt'))),
			[],
		);
		await two.outcome;
	});

	it('ends the terminals of a run with it, and no other', async () => {
		const sleepy = { do: 'terminal', command: 'sleep', args: ['60'], isForgotten: true } as const;
		const one = start('one', prompt(sleepy, ready, hang));
		const two = start('two', prompt(sleepy, ready, hang));
		await told(one, two);
		const sleeping = async () => (await fixture.living()).filter((line) => line.includes('sleep 60')).length;
		await until(async () => (await sleeping()) === 2);
		await one.session.cancel();
		assert.equal(await sleeping(), 1);
		await two.session.cancel();
		assert.equal(await sleeping(), 0);
	});

	it('does not hide by the life of one that another fell silent', async () => {
		const parts: JobParts = { ...shared, patience: { silence: 3_000 } };
		const one = start('one', prompt(ready, hang), {}, parts);
		const talk = Array.from({ length: 45 }, (_, index): Step[] => [
			{ do: 'wait', milliseconds: 100 },
			{ do: 'say', text: `still here ${index}\n` },
		]).flat();
		const two = start('two', prompt(ready, ...talk), {}, parts);
		const outcome = await one.outcome;
		assert.equal(outcome.kind === 'failed' && outcome.code, 'agent.timeout');
		assert.equal((await two.outcome).kind, 'finished');
	});

	it('takes no more sessions in its life than it may', async () => {
		create(5_000, 2);
		const pids: (number | undefined)[] = [];
		for (const name of folders) {
			const job = start(name, 'SAY ready');
			await job.outcome;
			pids.push(pidOf(job));
		}
		assert.equal(pids[0], pids[1]);
		assert.notEqual(pids[1], pids[2]);
	});

	it('is not shared by runs that are started differently, are contained, or whose entry says own', async () => {
		const job = fixture.job({ command: ['opencode', 'acp'] });
		const key = (fields: object, environment: Record<string, string> = { A: '1' }, isContained = false) =>
			sharedKey({ ...job, agent: { ...job.agent, ...fields } }, environment, isContained);
		assert.ok(key({}) !== undefined);
		assert.equal(key({ id: 'Agent-2', model: 'other' }), key({}));
		assert.notEqual(key({ command: ['opencode', 'acp', '--x'] }), key({}));
		assert.notEqual(key({}, { A: '2' }), key({}));
		assert.equal(key({}, { A: '1' }, true), undefined);
		assert.equal(key({ process: 'own' }), undefined);
		assert.equal(key({ command: ['my-agent'] }), undefined);
		assert.ok(key({ command: ['my-agent'], process: 'shared' }) !== undefined);
		// It takes no tools as a server, and commands know their run by the environment.
		assert.equal(key({ command: ['cline', '--acp'], process: 'shared' }), undefined);
		assert.equal(findPreset('gemini')?.quirks.sharesProcess, undefined);
		const own = [start('one', 'SAY ready', {}, {}), start('two', 'SAY ready', {}, {})];
		await Promise.all(own.map(({ outcome }) => outcome));
		assert.notEqual(pidOf(own[0] ?? start('one', '')), pidOf(own[1] ?? start('two', '')));
	});
});

async function until(condition: () => Promise<boolean>): Promise<void> {
	for (let count = 0; count < 2_000 && !(await condition()); count += 1) {
		await delay(25);
	}
	assert.ok(await condition());
}
