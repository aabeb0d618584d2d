// Checks what is found out about an agent that works with a model of the editor, and that nothing it calls is done.

import { strict as assert } from 'node:assert';
import { readdir } from 'node:fs/promises';
import { DreamError } from '../../../../src/base/errors.ts';
import { createLmDriver } from '../../../../src/drivers/lm/lmDriver.ts';
import { DriverFixture, realDriverPorts } from '../../../support/driverJobs.ts';
import type { LanguageModelStep } from '../../../support/scriptedLanguageModel.ts';
import { ScriptedLanguageModel } from '../../../support/scriptedLanguageModel.ts';

describe('Checking an agent with a model of the editor', () => {
	let fixture: DriverFixture;
	beforeEach(async () => {
		fixture = await DriverFixture.create();
	});
	afterEach(() => fixture.dispose());

	async function check(step: LanguageModelStep, { hasTurns = true, model = 'test/scripted' } = {}) {
		const languageModels = new ScriptedLanguageModel(() => step);
		const driver = createLmDriver({ ...realDriverPorts(), languageModels });
		const job = fixture.job({ model, entry: { driver: 'lm' }, timeoutMilliseconds: 300 });
		const found = await driver.check?.(job, { hasTurns });
		assert.ok(found !== undefined);
		const steps = Object.fromEntries(
			found.steps.map(({ step: name, verdict, text }) => [name, `${verdict}: ${text}`]),
		);
		return { found, steps };
	}

	it('one that calls tools can be used, and what it calls is not done', async () => {
		const { found, steps } = await check({ call: [['write_file', { path: 'dreamos-check.txt', content: 'ok' }]] });
		assert.equal(found.is_usable, true);
		assert.equal(steps['start'], 'passed: an open window offers Scripted (test/scripted-1)');
		assert.match(steps['usage'] ?? '', /^odd: the editor tells no usage/u);
		assert.deepEqual(await readdir(fixture.worktree), []);
	});

	it('one that cannot call tools cannot be used', async () => {
		const { found, steps } = await check({ say: 'ok' });
		assert.equal(found.is_usable, false);
		assert.match(steps['permission'] ?? '', /^failed: it called no tool/u);
	});

	it('says what is missing: the model, leave to use it, an answer', async () => {
		const none = await check({ say: 'ok' }, { model: 'test/none' });
		assert.match(
			none.steps['start'] ?? '',
			/^failed: No open window offers test\/none, which Agent-1 wants; there are test\/scripted-1/u,
		);
		const fail = new DreamError('model.noPermission', 'You did not allow it.', { advice: 'Allow it.' });
		assert.equal((await check({ fail })).steps['session'], 'failed: You did not allow it. Allow it.');
		const late = await check({ hang: '' });
		assert.match(late.steps['session'] ?? '', /^failed: .*did not answer in time\. Look whether the editor asks/u);
		assert.equal(late.found.is_usable, false);
	});

	it('asks nothing where it is to be without turns', async () => {
		const { found, steps } = await check({ say: 'ok' }, { hasTurns: false });
		assert.equal(found.is_usable, true);
		assert.equal(steps['session'], 'skipped: not tried');
	});
});
