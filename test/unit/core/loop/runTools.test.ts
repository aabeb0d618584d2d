// Checks that an agent that said it is done cannot hold its run, and that one that ends by itself is left alone.

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { DriverOutcome, DriverSession } from '../../../../src/core/driver/driver.ts';
import { endAfterFinish, redactOutcome, redactUpdate } from '../../../../src/core/loop/runTools.ts';

describe('the tools of a run', () => {
	/** A session that ends when it is cancelled, or by `end`. */
	function openSession() {
		let end: (outcome: DriverOutcome) => void = () => undefined;
		const outcome = new Promise<DriverOutcome>((resolve) => {
			end = resolve;
		});
		const cancels: string[] = [];
		const session: DriverSession = {
			outcome,
			cancel: async () => {
				cancels.push('cancelled');
				end({ kind: 'cancelled' });
			},
		};
		return { session, cancels, end };
	}
	const quiet = { onCancelError: () => undefined, graceMilliseconds: 5 };

	it('end the turn of an agent that is done and does not stop', async () => {
		const { session, cancels } = openSession();
		endAfterFinish(session, { finished: Promise.resolve() }, { signal: new AbortController().signal, ...quiet });
		assert.deepEqual(await session.outcome, { kind: 'cancelled' });
		assert.deepEqual(cancels, ['cancelled']);
	});

	it('leave alone who ends by itself, who never said so, and who is stopped anyway', async () => {
		const done = openSession();
		endAfterFinish(
			done.session,
			{ finished: Promise.resolve() },
			{ signal: new AbortController().signal, ...quiet },
		);
		done.end({ kind: 'finished', summary: '' });
		const silent = openSession();
		const never = new Promise<void>(() => undefined);
		endAfterFinish(silent.session, { finished: never }, { signal: new AbortController().signal, ...quiet });
		endAfterFinish(silent.session, undefined, { signal: new AbortController().signal, ...quiet });
		const stopped = openSession();
		endAfterFinish(stopped.session, { finished: Promise.resolve() }, { signal: AbortSignal.abort(), ...quiet });
		await delay(50);
		assert.deepEqual([done.cancels, silent.cancels, stopped.cancels], [[], [], []]);
	});

	it('keep their secret out of updates and outcomes', () => {
		const tools = { redact: (text: string) => text.replaceAll('s3cret', '[token]') };
		assert.deepEqual(redactUpdate({ kind: 'tool', text: 'a s3cret', data: { deep: ['s3cret'] } }, tools), {
			kind: 'tool',
			text: 'a [token]',
			data: { deep: ['[token]'] },
		});
		assert.deepEqual(redactOutcome({ kind: 'finished', summary: 's3cret' }, tools), {
			kind: 'finished',
			summary: '[token]',
		});
	});
});
