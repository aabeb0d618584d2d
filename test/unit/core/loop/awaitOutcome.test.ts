// Checks that a run never waits for ever for its driver.

import assert from 'node:assert/strict';
import type { DriverOutcome } from '../../../../src/core/driver/driver.ts';
import { awaitOutcome } from '../../../../src/core/loop/awaitOutcome.ts';

describe('awaitOutcome', () => {
	const never = new Promise<DriverOutcome>(() => undefined);
	const request = (more: { signal?: AbortSignal; limitMilliseconds?: number } = {}) => ({
		signal: new AbortController().signal,
		limitMilliseconds: 60_000,
		waitedMilliseconds: () => 0,
		driverId: 'test',
		onCancelError: () => undefined,
		...more,
	});

	it('hands on what the driver says', async () => {
		const outcome: DriverOutcome = { kind: 'finished', summary: 'done' };
		const session = { outcome: Promise.resolve(outcome), cancel: async () => assert.fail('nobody asked for it') };
		assert.deepEqual(await awaitOutcome(session, request()), outcome);
	});

	it('cancels when told to and waits for the end of it', async () => {
		const controller = new AbortController();
		let end: (outcome: DriverOutcome) => void = () => undefined;
		const outcome = new Promise<DriverOutcome>((resolve) => {
			end = resolve;
		});
		let cancels = 0;
		const cancel = async () => {
			cancels += 1;
			setTimeout(() => end({ kind: 'cancelled' }), 20);
		};
		const waiting = awaitOutcome({ outcome, cancel }, request({ signal: controller.signal }));
		controller.abort();
		assert.deepEqual([(await waiting).kind, cancels], ['cancelled', 1]);
		const late = awaitOutcome({ outcome, cancel }, request({ signal: AbortSignal.abort() }));
		assert.equal((await late).kind, 'cancelled');
	});

	it('gives up and cancels a driver that says nothing', async () => {
		let cancels = 0;
		const cancel = async () => {
			cancels += 1;
		};
		const outcome = await awaitOutcome({ outcome: never, cancel }, request({ limitMilliseconds: 30 }));
		assert.deepEqual([outcome.kind === 'failed' && outcome.code, cancels], ['driver.hangs', 1]);
	});
});
