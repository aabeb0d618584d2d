// Owns the traps of real agents that no other file is about, and the list of all of them: each number has a test that names it, with
// an agent that behaves so.

import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Driver } from '../../../../src/core/driver/driver.ts';
import { createAcpDriver } from '../../../../src/drivers/acp/acpDriver.ts';
import { DriverFixture, realDriverPorts, scripted, startJob } from '../../../support/driverJobs.ts';
import type { Step } from '../../../support/scriptedAcpScript.ts';
import { ScriptedModel } from '../../../support/scriptedModel.ts';

/** In the order in which they bite. */
const traps: Readonly<Record<number, string>> = {
	1: 'an error for a missing file makes gemini fail to write a new one',
	2: 'opencode writes the disk and then the same text through the client',
	3: 'most agents never see text that is not saved',
	4: 'the first option of a permission may be "always"',
	5: 'an update of a tool call comes before it, or without it',
	6: 'the end of a turn does not end its tool calls',
	7: 'terminals are shown that nobody created',
	8: 'requests and notifications nobody ever heard of',
	9: 'the reason of an end is on stderr only',
	10: 'an agent refuses a command by itself',
	11: 'titles and the like are asked of a model aside',
	12: 'tools are hidden until they are looked up',
	13: 'a turn that ends well without a word is an error',
	14: 'a mode that sounds like asking does not ask',
	15: 'modes that are no modes of permission',
	16: 'what an agent started outlives it',
	17: 'the numbers of processes an agent tells of are not those of this machine',
};

describe('Traps of real agents', function () {
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
	const start = (turn: readonly Step[]) => startJob(driver, fixture.job(scripted({ turn })));

	it('trap 10: a command the agent itself refuses is shown as failed, and the run goes on', async () => {
		const job = start([
			{ do: 'tool', id: '1', title: 'sleep 5', kind: 'execute', status: 'in_progress' },
			{ do: 'tool', id: '1', status: 'failed', output: 'Blocked: a command that sleeps.', isUpdate: true },
			{ do: 'tool', id: '2', title: 'make', kind: 'execute', status: 'completed' },
			{ do: 'say', text: 'done' },
		]);
		assert.deepEqual(await job.outcome, { kind: 'finished', summary: 'done' });
		assert.deepEqual(job.text('tool').split('\n'), [
			'sleep 5 · execute · in progress',
			'sleep 5 · execute · failed',
			'make · execute · completed',
		]);
		assert.match(job.text('output'), /Blocked: a command that sleeps\./u);
	});

	it('trap 11: what an agent asks aside is no word of its work, nor a turn of a model that follows a script', async () => {
		const job = start([
			{ do: 'title', text: 'Fix the login' },
			{ do: 'say', text: 'The login works.' },
			{ do: 'title', text: 'Fixed the login' },
		]);
		assert.deepEqual(await job.outcome, { kind: 'finished', summary: 'The login works.' });
		assert.doesNotMatch(job.text(), /Fix|not known here/u);

		const model = await ScriptedModel.start();
		try {
			const ask = async (more: object) => {
				const body = JSON.stringify({ messages: [{ role: 'user', content: 'Do it' }], ...more });
				return await (await fetch(`${model.address}/v1/chat/completions`, { method: 'POST', body })).text();
			};
			const tools = [{ type: 'function', function: { name: 'write', parameters: { properties: {} } } }];
			const schema = { response_format: { type: 'json_schema', json_schema: { name: 'title', schema: {} } } };
			assert.match(await ask({ tools, ...schema }), /"content":"\{\}"/u);
			assert.match(await ask({}), /"content":"A title"/u);
			assert.equal(model.requests.length, 0);
			assert.match(await ask({ tools, response_format: { type: 'text' } }), /"content":"Nothing to do\."/u);
			assert.equal(model.requests.length, 1);
		} finally {
			await model.stop();
		}
	});

	it('trap 17: a process whose number the agent tells is not touched', async () => {
		const bystander = spawn(process.execPath, ['-e', 'setTimeout(() => 0, 600_000)'], { stdio: 'ignore' });
		try {
			const { pid = 0 } = bystander;
			assert.ok(pid > 1);
			const terminal = { terminal_info: { terminal_id: String(pid), pid }, pid };
			const job = start([
				{ do: 'tool', id: String(pid), title: `started ${pid}`, status: 'in_progress', meta: terminal },
				{ do: 'notify', method: '_agent/started', params: { pid } },
				{ do: 'say', text: 'ready\n' },
				{ do: 'hang' },
			]);
			await job.told('ready');
			await job.session.cancel();
			assert.ok(job.processes.every((told) => told.pid !== pid));
			assert.deepEqual([bystander.exitCode, bystander.signalCode], [null, null]);
			assert.ok(bystander.kill(0));
		} finally {
			bystander.kill('SIGKILL');
		}
	});

	it('each have a test that names their number', () => {
		const top = path.join(import.meta.dirname, '../../..');
		const lines = readdirSync(path.join(top, 'unit'), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.test.ts'))
			.flatMap((name) => readFileSync(path.join(top, 'unit', name), 'utf8').split('\n'));
		assert.deepEqual(named(lines), Object.keys(traps).map(Number));
		assert.deepEqual(
			named(["\tit('traps 14 and 3: both', () => {", '\t\ttitle: "x (trap 2)"', '// trap 9']),
			[2, 3, 14],
		);
	});
});

/** Numbers of traps in the titles of tests among these lines. */
function named(lines: readonly string[]): number[] {
	const lists = lines
		.filter((line) => /^\s*(?:it\(|title: )/u.test(line))
		.flatMap((line) => [...line.matchAll(/\btraps? (\d+(?:(?:, | and )\d+)*)/gu)]);
	const numbers = lists.flatMap(([, list = '']) => [...list.matchAll(/\d+/gu)].map(([number]) => Number(number)));
	return [...new Set(numbers)].toSorted((one, other) => one - other);
}
