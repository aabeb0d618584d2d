// Owns the cases of the command driver beyond the contract: refusals, reasons, time, and odd characters.

import { strict as assert } from 'node:assert';
import { agentSchema } from '../../../src/core/agent/agent.ts';
import type { Task } from '../../../src/core/task/task.ts';
import { newTask } from '../../../src/core/task/task.ts';
import { createCommandDriver } from '../../../src/drivers/command/commandDriver.ts';
import { DriverFixture, realDriverPorts, startJob } from '../../support/driverJobs.ts';

const agent = agentSchema.parse({ id: 'Agent-1' });

describe('The command driver', () => {
	let fixture: DriverFixture;
	const driver = createCommandDriver(realDriverPorts());

	beforeEach(async () => {
		fixture = await DriverFixture.create();
	});
	afterEach(() => fixture.dispose());

	it('refuses a task without usable steps, in one line that names the field', () => {
		const refusalOf = (params: unknown) =>
			driver.refusal(agent, newTask({ task_id: 'T-1', name: 'x', params: params as Task['params'] }));
		assert.match(refusalOf({}) ?? '', /^T-1 has no steps to run: give it "params": \{"run"/u);
		for (const run of [[], 'make', [1], ['make', ' '], { 0: 'make' }]) {
			assert.match(refusalOf({ run }) ?? '', /^"params\.run" of T-1 must be a list of shell commands/u);
		}
		assert.equal(refusalOf({ run: ['make'] }), undefined);
	});

	it('fails the same way when it is started all the same', async () => {
		const outcome = await startJob(driver, fixture.job({})).outcome;
		assert.equal(outcome.kind === 'failed' && outcome.code, 'command.refused');
	});

	it('runs every step in the worktree, in order, and says which', async () => {
		const job = startJob(driver, fixture.job({ run: ['echo one > a.txt', 'cat a.txt', 'pwd'] }));
		assert.deepEqual(await job.outcome, { kind: 'finished', summary: 'Ran 3 steps.' });
		assert.deepEqual(
			job.updates.map(({ kind, text }) => `${kind}: ${text}`),
			[
				'note: Step 1 of 3: echo one > a.txt',
				'note: Step 2 of 3: cat a.txt',
				'output: one',
				'note: Step 3 of 3: pwd',
				`output: ${fixture.worktree}`,
			],
		);
		assert.equal(job.processes.length, 3);
	});

	it('stops at the first step that fails; later ones do not run', async () => {
		const job = startJob(driver, fixture.job({ run: ['false', 'echo later'] }));
		const outcome = await job.outcome;
		assert.deepEqual(outcome, {
			kind: 'failed',
			code: 'command.exit',
			reason: 'Step 1 of 2 (false) ended with exit code 1. It printed nothing.',
			isTransient: false,
		});
		assert.ok(!job.text().includes('later'));
	});

	it('quotes the end of a long output, without colours and control characters', async () => {
		const job = startJob(
			driver,
			fixture.job({ run: [`seq 1 5000; printf '\\033[31mred\\033[0m \\007end'; exit 2`] }),
		);
		const outcome = await job.outcome;
		const reason = outcome.kind === 'failed' ? outcome.reason : '';
		assert.ok(reason.length < 2_300, `${reason.length} characters`);
		assert.match(reason, /characters cut …\]\n[\s\S]*\n5000\nred �end$/u);
	});

	it('says that a signal ended a step', async () => {
		const outcome = await startJob(driver, fixture.job({ run: ['kill -9 $$'] })).outcome;
		assert.match(outcome.kind === 'failed' ? outcome.reason : '', /was ended by a signal/u);
	});

	it('gives all steps together the time of the job', async () => {
		const parts = { run: ['sleep 0.4', 'sleep 30'], timeoutMilliseconds: 4_000 };
		const outcome = await startJob(driver, fixture.job(parts)).outcome;
		assert.equal(outcome.kind === 'failed' && outcome.code, 'command.timeout');
		assert.match(outcome.kind === 'failed' ? outcome.reason : '', /^Step 2 of 2 \(sleep 30\) was not done/u);
	});

	it('takes a command with every character a board can hold', async () => {
		const job = startJob(driver, fixture.job({ run: [`printf '%s' 'ä "q" \\ $HOME %d'`, 'a\0b'] }));
		const outcome = await job.outcome;
		assert.match(job.text('output'), /^ä "q" \\ \$HOME %d$/u);
		assert.equal(outcome.kind === 'failed' && outcome.code, 'process.failed', JSON.stringify(outcome));
		assert.match(outcome.kind === 'failed' ? outcome.reason : '', /could not start a�b/u);
	});
});
