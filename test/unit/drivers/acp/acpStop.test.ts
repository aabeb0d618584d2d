// Checks in which order an agent is told to stop, by the messages that went over its wire (acp.md calls it the stop sequence).

import { strict as assert } from 'node:assert';
import { createAcpDriver } from '../../../../src/drivers/acp/acpDriver.ts';
import { DriverFixture, realDriverPorts, scripted } from '../../../support/driverJobs.ts';
import type { Script } from '../../../support/scriptedAcpScript.ts';

describe('Stopping an agent', function () {
	this.slow(5_000);
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

	/** What went over the wire from the cancel on, in a word each. */
	const stop = async (script: Script): Promise<string[]> => {
		const said: string[] = [];
		let ready: () => void = () => undefined;
		const isReady = new Promise<void>((resolve) => {
			ready = resolve;
		});
		const session = driver.start(fixture.job(scripted(script)), {
			onUpdate: ({ text }) => (text.includes('ready') ? ready() : undefined),
			onProcess: () => undefined,
			onSession: () => undefined,
			onProtocol(direction, line) {
				const message = JSON.parse(line) as {
					method?: string;
					result?: { stopReason?: string; outcome?: { outcome: string } };
				};
				const what = message.method ?? message.result?.stopReason ?? message.result?.outcome?.outcome;
				said.push(`${direction} ${what ?? 'an answer'}`);
				return true;
			},
		});
		await isReady;
		await session.cancel();
		assert.deepEqual(await session.outcome, { kind: 'cancelled' });
		return said.slice(said.indexOf('sent session/cancel')).filter((line) => line !== 'received session/update');
	};
	const turn: Script['turn'] = [{ do: 'say', text: 'ready\n' }, { do: 'hang' }];

	it('cancels the turn, answers what is still asked, and closes the session once the turn is over', async () => {
		assert.deepEqual(await stop({ turn, cancel: 'askFirst' }), [
			'sent session/cancel',
			'received session/request_permission',
			'sent cancelled',
			'received cancelled',
			'sent session/close',
			'received an answer',
		]);
	});

	it('does not wait for one that ignores the cancel', async () => {
		assert.deepEqual((await stop({ turn, cancel: 'ignore' })).slice(0, 2), [
			'sent session/cancel',
			'sent session/close',
		]);
	});
});
