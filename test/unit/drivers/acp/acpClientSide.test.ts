// Owns the cases of what an agent asks of us: files, terminals, permissions, and methods nobody knows.

import { strict as assert } from 'node:assert';
import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createAcpDriver } from '../../../../src/drivers/acp/acpDriver.ts';
import type { JobParts } from '../../../support/driverJobs.ts';
import { DriverFixture, realDriverPorts, scripted, startJob } from '../../../support/driverJobs.ts';
import type { Script, Step } from '../../../support/scriptedAcpScript.ts';

describe('What an agent asks of its client', function () {
	this.slow(2_000);
	let fixture: DriverFixture;
	const driver = createAcpDriver(realDriverPorts());

	beforeEach(async () => {
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

	it('serves files inside the worktree: new ones, ranges, errors for what is missing', async () => {
		const job = await play([
			{ do: 'clientWrite', path: 'new/b.txt', content: 'one\ntwo\nthree\n' },
			{ do: 'clientRead', path: 'new/b.txt', line: 2, limit: 1 },
			{ do: 'clientRead', path: 'missing.txt' },
			{ do: 'clientRead', path: 'new' },
		]);
		assert.equal(await file('new/b.txt'), 'one\ntwo\nthree\n');
		assert.deepEqual(job.text('message').split('\n'), [
			'clientWrite: written',
			'clientRead: two',
			`clientRead: error -32002: Resource not found: ${fixture.worktree}/missing.txt`,
			`clientRead: error -32602: ${fixture.worktree}/new is not a regular file`,
		]);
		assert.match(job.text('tool'), /^Wrote new\/b\.txt$/mu);
	});

	it('writes nothing outside the worktree: not by .., links, absolute paths or .git; every refusal is told', async () => {
		const outside = path.join(fixture.root, 'outside');
		await mkdir(outside);
		await symlink(outside, path.join(fixture.worktree, 'link'));
		await symlink(path.join(outside, 'nothing'), path.join(fixture.worktree, 'dangling'));
		const paths = [
			'../outside/a',
			'link/a',
			path.join(outside, 'a'),
			'dangling',
			'.git/config',
			'new/../../outside/a',
		];
		const job = await play([
			...paths.map((name): Step => ({ do: 'clientWrite', path: name, content: 'x' })),
			{ do: 'clientRead', path: '/etc/passwd' },
			{ do: 'clientRead', path: 'link' },
		]);
		const answers = job.text('message').trim().split('\n');
		assert.equal(answers.length, paths.length + 2);
		assert.ok(
			answers.every((answer) => /error -32602: .* it is outside the worktree$/u.test(answer)),
			answers.join('\n'),
		);
		assert.equal(job.updates.filter(({ text }) => text.startsWith('Refused: ')).length, paths.length + 2);
		await assert.rejects(stat(path.join(outside, 'a')));
		await assert.rejects(stat(path.join(outside, 'nothing')));
	});

	it('trap 1: reads a missing file as empty for gemini, and only for gemini', async () => {
		const gemini = { initialize: { answer: { agentInfo: { name: 'gemini-cli', version: '1' } } } };
		const job = await play([{ do: 'clientRead', path: 'missing.txt' }], gemini);
		assert.equal(job.text('message'), 'clientRead:');
	});

	it('trap 2: a write that equals the disk changes nothing', async () => {
		await writeFile(path.join(fixture.worktree, 'a.txt'), 'same\n');
		const before = await stat(path.join(fixture.worktree, 'a.txt'), { bigint: true });
		const job = await play([{ do: 'clientWrite', path: 'a.txt', content: 'same\n' }]);
		const after = await stat(path.join(fixture.worktree, 'a.txt'), { bigint: true });
		assert.equal(after.mtimeNs, before.mtimeNs);
		assert.match(job.text('tool'), /Wrote a\.txt \(no change\)/u);
	});

	it('a write keeps the mode of a file', async () => {
		await writeFile(path.join(fixture.worktree, 'run.sh'), 'old', { mode: 0o755 });
		await play([{ do: 'clientWrite', path: 'run.sh', content: 'new' }]);
		assert.equal((await stat(path.join(fixture.worktree, 'run.sh'))).mode & 0o777, 0o755);
		assert.equal(await file('run.sh'), 'new');
	});

	it('allows what stays inside the worktree and rejects what does not', async () => {
		const job = await play([
			{ do: 'ask', title: 'Edit', paths: ['in.txt'], allowed: [{ do: 'write', path: 'in.txt', content: 'yes' }] },
			{
				do: 'ask',
				title: 'Escape',
				paths: ['../out.txt'],
				allowed: [{ do: 'write', path: '../out.txt', content: 'no' }],
				denied: [{ do: 'say', text: 'then not\n' }],
			},
		]);
		assert.equal(await file('in.txt'), 'yes');
		await assert.rejects(stat(path.join(fixture.root, 'out.txt')));
		assert.match(job.text('message'), /answer: option-allow_once\nanswer: option-reject_once\nthen not/u);
		assert.deepEqual(
			job.updates
				.filter(({ kind }) => kind === 'permission')
				.map(({ data }) => [data?.['answer'], data?.['optionKind']]),
			[
				['allowed', 'allow_once'],
				['rejected', 'reject_once'],
			],
		);
	});

	it('§6: answers a permission request with kinds the SDK does not know, instead of the SDK refusing it', async () => {
		const job = await play([
			{ do: 'ask', title: 'Edit', paths: ['a'], options: ['allow_for_today', 'reject_once'] },
		]);
		assert.match(job.text('message'), /answer: option-reject_once/u);
	});

	it('an end right after a rejection has a summary that says so', async () => {
		const turn: Step[] = [{ do: 'ask', title: 'Escape', paths: ['/etc/hosts'], isQuiet: true }];
		const job = start({ turn });
		const outcome = await job.outcome;
		assert.deepEqual(outcome, { kind: 'finished', summary: 'Ended after this was not allowed: Escape' });
	});

	it('"deny" rejects everything and offers no terminals', async () => {
		const job = await play(
			[
				{ do: 'ask', title: 'Edit', paths: ['in.txt'] },
				{ do: 'terminal', command: 'echo', args: ['hi'] },
			],
			{},
			{ permissions: { setting: 'deny' } },
		);
		assert.match(job.text('message'), /answer: option-reject_once\nterminal: error -32601/u);
	});

	it('trap 8: answers requests it never heard of with "method not found" and ignores notifications', async () => {
		const job = await play([
			{ do: 'notify', method: 'qwen/notify/anything', params: { a: 1 } },
			{ do: 'notify', method: '_auth/status_update' },
			{ do: 'request', method: 'craft/drainMidTurnQueue', params: {} },
			{ do: 'request', method: 'fs/write_text_file', params: { nonsense: true } },
			{ do: 'clientWrite', path: 'a.txt', content: 'x', session: 'another-session' },
			{ do: 'say', text: 'still here' },
		]);
		assert.match(job.text('message'), /^request: error -32601: .*craft\/drainMidTurnQueue/mu);
		assert.match(job.text('message'), /^request: error -32602/mu);
		assert.match(job.text('message'), /^clientWrite: error -32002/mu);
		assert.match(job.summary, /still here/u);
	});

	it('runs commands for the agent, in the worktree only, and ends those it forgets', async () => {
		const job = await play([
			{ do: 'terminal', command: '/bin/sh', args: ['-c', 'pwd; echo $DREAMOS_TASK_ID; exit 3'] },
			{ do: 'terminal', command: 'echo bare && echo line' },
			{ do: 'terminal', command: 'sleep', args: ['600'], killAfter: 200 },
			{ do: 'terminal', command: 'sleep', args: ['601'], isForgotten: true },
			{ do: 'terminal', command: 'pwd', cwd: '..' },
			{
				do: 'terminal',
				command: '/bin/bash',
				args: ['-c', `cd '${fixture.worktree}' && echo no > ${fixture.root}/out`],
			},
			{ do: 'terminal', command: 'no-such-program' },
			{ do: 'request', method: 'terminal/output', params: { sessionId: 'x', terminalId: 'not-ours' } },
		]);
		const said = job.text('message');
		assert.ok(said.includes(`terminal: ${fixture.worktree}\nTASK-test (exit 3)`), said);
		assert.match(said, /terminal: bare\nline \(exit 0\)/u);
		const shown = job.text('tool');
		assert.match(shown, /^Terminal: \/bin\/sh -c pwd; .*exit 3 · exit code 3$/mu, 'the person sees how each ended');
		assert.match(shown, /^Terminal: echo bare && echo line · exit code 0$/mu);
		assert.match(shown, /^Terminal: sleep 600 · ended by a signal$/mu);
		assert.match(shown, /^Terminal: no-such-program · exit code 127$/mu);
		assert.match(said, /terminal: \(exit SIGTERM\)|terminal:  \(exit SIGTERM\)/u);
		assert.match(said, /terminal: terminal-4\n/u);
		assert.deepEqual(await fixture.living(), []);
		assert.match(said, /terminal: error -32602: .*outside the worktree/u);
		assert.match(said, /terminal: .*\(exit 127\)/u);
		assert.match(said, /terminal: error -32602: The command was not run: it names .*\/out, which is not inside/u);
		assert.match(job.text('permission'), /^Rejected: \/bin\/bash -c cd/mu);
		await assert.rejects(stat(path.join(fixture.root, 'out')));
		assert.match(said, /request: error -32602: There is no terminal not-ours/u);
	});

	it('keeps the end of long output only, cut between characters, however much a command prints', async () => {
		const terminal = (line: string, outputByteLimit?: number): Step => ({
			do: 'terminal',
			command: '/bin/sh',
			args: ['-c', line],
			...(outputByteLimit === undefined ? {} : { outputByteLimit }),
		});
		const job = await play([
			terminal(`printf ${'ü'.repeat(100)}`, 9),
			terminal('printf short', 9),
			terminal(`yes ${'x'.repeat(5_000)} | head -c 8000000; echo; echo the end`),
		]);
		const said = job.text('message').split('\n');
		assert.ok(said.includes('terminal: … üüüü (exit 0)'), said.join('\n').slice(0, 300));
		assert.ok(said.includes('terminal: short (exit 0)'));
		const answers = job.text('message').slice(job.text('message').lastIndexOf('terminal: … x'));
		assert.match(answers, /the end \(exit 0\)/u);
		assert.ok(answers.length < 1_100_000, `${answers.length} characters were kept`);
	});
});
