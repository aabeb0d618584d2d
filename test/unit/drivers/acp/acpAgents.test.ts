// Owns conversations with the scripted agent: what a good one needs, and the traps of real agents that are no failures.

import { strict as assert } from 'node:assert';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Driver } from '../../../../src/core/driver/driver.ts';
import { createAcpDriver } from '../../../../src/drivers/acp/acpDriver.ts';
import type { JobParts } from '../../../support/driverJobs.ts';
import { DriverFixture, realDriverPorts, scripted, startJob } from '../../../support/driverJobs.ts';
import type { Script, Step } from '../../../support/scriptedAcpScript.ts';

describe('A conversation with an agent', function () {
	this.slow(2_000);
	let fixture: DriverFixture;
	let driver: Driver;

	beforeEach(async () => {
		driver = createAcpDriver(realDriverPorts());
		fixture = await DriverFixture.create();
	});
	afterEach(async () => {
		const left = await fixture.living();
		await fixture.dispose();
		assert.deepEqual(left, []);
	});

	const start = (script: Script, parts: JobParts = {}) => startJob(driver, fixture.job(scripted(script, parts)));
	/** Plays a turn to its good end and returns the job. */
	const play = async (turn: readonly Step[], script: Script = {}, parts: JobParts = {}) => {
		const job = start({ ...script, turn }, parts);
		const outcome = await job.outcome;
		assert.equal(outcome.kind, 'finished', JSON.stringify(outcome));
		return { ...job, summary: outcome.kind === 'finished' ? outcome.summary : '' };
	};
	const file = (name: string) => readFile(path.join(fixture.worktree, name), 'utf8');

	it('follows the prompt, in the worktree, and ends with a summary', async () => {
		const job = start({}, { prompt: 'Please:\nSAY working\n- WRITE docs/a.md: # Title\\nText\nREMOVE old.txt' });
		assert.deepEqual(await job.outcome, { kind: 'finished', summary: 'Done: 2 files changed.' });
		assert.equal(await file('docs/a.md'), '# Title\nText\n');
		assert.deepEqual(
			job.updates.map(({ kind, text }) => `${kind}: ${text}`),
			[
				'note: Agent: Scripted Agent 1',
				'message: working',
				'tool: Write docs/a.md · edit · in progress',
				'tool: Write docs/a.md · edit · completed',
				'tool: Remove old.txt · delete · in progress',
				'tool: Remove old.txt · delete · completed',
				'message: Done: 2 files changed.',
			],
		);
	});

	it('follows a script in a file as well', async () => {
		const script = path.join(fixture.root, 'script.json');
		await writeFile(script, JSON.stringify({ turn: [{ do: 'say', text: 'from a file' }] }));
		const parts = scripted({});
		const outcome = await startJob(driver, fixture.job({ ...parts, command: [...(parts.command ?? []), script] }))
			.outcome;
		assert.deepEqual(outcome, { kind: 'finished', summary: 'from a file' });
	});

	it('trap 9: keeps what an agent says on stderr', async () => {
		const job = await play([
			{ do: 'stderr', text: 'warning: old config\n' },
			{ do: 'say', text: 'done' },
		]);
		assert.deepEqual(
			job.updates.find(({ kind }) => kind === 'output'),
			{
				kind: 'output',
				text: 'warning: old config',
				data: { stream: 'stderr' },
			},
		);
	});

	it('trap 13: whoever used a tool need not say anything', async () => {
		const job = await play([{ do: 'tool', id: '1', title: 'Read' }]);
		assert.equal(job.summary, '');
	});

	it('silence while a tool is at work is no silence', async () => {
		const job = await play(
			[
				{ do: 'tool', id: '1', title: 'Build', status: 'in_progress' },
				{ do: 'wait', milliseconds: 5_000 },
				{ do: 'tool', id: '1', status: 'completed', isUpdate: true },
				{ do: 'say', text: 'done' },
			],
			{},
			{ patience: { silence: 3_000 } },
		);
		assert.equal(job.summary, 'done');
	});

	it('§6: text before and between messages is noted and disturbs nobody', async () => {
		const script: Script = { start: [{ do: 'raw', text: 'Welcome!\n{"level":"info"}\n' }] };
		const job = await play(
			[
				{ do: 'raw', text: 'debug\n', times: 100 },
				{ do: 'say', text: 'done' },
			],
			script,
		);
		assert.match(job.text('note'), /On stdout, but no message: Welcome!/u);
		assert.match(job.text('note'), /82 more lines on stdout were no messages/u);
		assert.equal(job.summary, 'done');
	});

	it('§6: a line of 40 MB is left out and the work goes on', async () => {
		const job = await play([
			{ do: 'hugeLine', megabytes: 40 },
			{ do: 'say', text: 'done' },
		]);
		assert.match(job.text('note'), /a message of 4\d{7} bytes, which is too large/u);
		assert.equal(job.summary, 'done');
	});

	it('trap 6: a tool call that is open at the end is told as unfinished', async () => {
		const job = await play([{ do: 'tool', id: '1', title: 'Wait', status: 'in_progress' }]);
		assert.equal(job.updates.at(-1)?.text, 'Wait · unfinished');
	});

	it('sets model and options that are written beside the agent before the prompt, by what the agent offers', async () => {
		const choice = (id: string, category: string, values: readonly string[]) => ({
			id,
			name: id,
			category,
			type: 'select',
			currentValue: values[0],
			options: values.map((value) => ({ value, name: value.toUpperCase() })),
		});
		const options = [choice('m', 'model', ['small', 'big']), choice('effort', 'thought_level', ['low', 'high'])];
		const job = await play(
			[{ do: 'say', text: 'done' }],
			{ session: { answer: { configOptions: options } } },
			{ model: 'BIG', entry: { options: { effort: 'high' } } },
		);
		assert.deepEqual(job.text('message').split('\n'), ['config m=big', 'config effort=high', 'done']);
		assert.match(job.text('note'), /Set: model "BIG"\nSet: effort "high"/u);
	});

	it('traps 14 and 15: puts a known agent into the mode in which it asks, and works without where there is none', async () => {
		const modes = { currentModeId: 'yolo', availableModes: [{ id: 'default', name: 'Default' }, { id: 'yolo' }] };
		const job = await play(
			[{ do: 'say', text: 'done' }],
			{ session: { answer: { modes } } },
			{ entry: { preset: 'gemini' } },
		);
		assert.match(job.text('note'), /Set: mode "default"/u);
		assert.equal(job.sessions[0]?.mode, 'default');
		const levels = { currentModeId: 'off', availableModes: [{ id: 'off', name: 'off' }] };
		const pi = await play(
			[{ do: 'say', text: 'done' }],
			{ session: { answer: { modes: levels } } },
			{ entry: { preset: 'pi' } },
		);
		assert.equal(pi.sessions[0]?.mode, null);
	});

	it('a cancel ends the turn, and what is asked afterwards is answered cancelled', async () => {
		const job = start({
			turn: [{ do: 'say', text: 'ready\n' }, { do: 'hang' }],
			cancel: 'askFirst',
		});
		await job.told('ready');
		await job.session.cancel();
		assert.deepEqual(await job.outcome, { kind: 'cancelled' });
		assert.match(job.text('permission'), /^Cancelled: After the cancel/u);
		assert.match(job.text('message'), /answer: cancelled/u);
		await assert.rejects(stat(path.join(fixture.worktree, 'late.txt')));
	});

	it('traps 16 and 17: a cancel leaves neither child nor daemon, and asks no agent for pids', async () => {
		const job = start({
			turn: [{ do: 'child' }, { do: 'child', isDetached: true }, { do: 'say', text: 'ready\n' }, { do: 'hang' }],
		});
		await job.told('ready');
		assert.equal((await fixture.living()).length, 3);
		await job.session.cancel();
		assert.deepEqual(await fixture.living(), []);
	});

	it('starts the first codex of a machine alone, because two at once break each other', async () => {
		const parts = { entry: { preset: 'codex' } };
		const first = start({ initialize: { isSilent: true } }, parts);
		const second = start({ turn: [{ do: 'say', text: 'done' }] }, parts);
		const other = start({ turn: [{ do: 'say', text: 'done' }] }, { entry: { preset: 'kimi' } });
		assert.equal((await other.outcome).kind, 'finished');
		assert.deepEqual([first.processes.length, second.processes.length], [1, 0]);
		await first.session.cancel();
		assert.deepEqual(await second.outcome, { kind: 'finished', summary: 'done' });
	});

	it('a codex that waits for another to start can be cancelled', async () => {
		const parts = { entry: { preset: 'codex' } };
		const first = start({ initialize: { isSilent: true } }, parts);
		const second = start({}, parts);
		await second.session.cancel();
		assert.deepEqual([await second.outcome, second.processes], [{ kind: 'cancelled' }, []]);
		await first.session.cancel();
	});

	it('an agent that does not read cannot hold us with a long prompt', async () => {
		const deaf = ['-e', 'process.on("SIGTERM", () => 0); setTimeout(() => 0, 600000)'];
		const command = [process.execPath, ...deaf];
		const job = startJob(
			driver,
			fixture.job({ command, prompt: 'x'.repeat(4_000_000), timeoutMilliseconds: 1_000 }),
		);
		const outcome = await job.outcome;
		assert.equal(outcome.kind === 'failed' && outcome.code, 'agent.timeout');
	});

	it('takes a prompt of a megabyte with every kind of character', async () => {
		const prompt = `${'ü𝒳\u2028\u0000"\\ '.repeat(100_000)}\nWRITE a.txt: got it`;
		const job = start({}, { prompt });
		assert.equal((await job.outcome).kind, 'finished');
		assert.equal(await file('a.txt'), 'got it\n');
	});

	it('counts activity while a long line grows slowly', async () => {
		const job = start({
			turn: [
				{ do: 'say', text: 'thinking about ' },
				{ do: 'wait', milliseconds: 3_500 },
				{ do: 'say', text: 'it\n' },
			],
		});
		await job.told('thinking about');
		assert.equal(job.updates.at(-1)?.text, 'thinking about');
		assert.equal((await job.outcome).kind, 'finished');
		assert.equal(job.updates.at(-1)?.text, 'it');
	});
});
