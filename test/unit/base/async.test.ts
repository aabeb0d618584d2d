// Checks sequencing, coalescing and abortable waiting.

import assert from 'node:assert/strict';
import {
	coalesce,
	Sequencer,
	shareLooks,
	sleep,
	sleepWithoutWaits,
	withTimeout,
	withinTime,
} from '../../../src/base/async.ts';

describe('Sequencer', () => {
	it('runs jobs of one key one after the other, also after a failure', async () => {
		const sequencer = new Sequencer();
		const seen: string[] = [];
		const slow = sequencer.run('board', async () => {
			await sleep(5);
			seen.push('slow');
		});
		const failing = sequencer.run('board', async () => {
			seen.push('failing');
			throw new Error('no');
		});
		const last = sequencer.run('board', async () => {
			seen.push('last');
		});
		await assert.rejects(failing, /no/u);
		await Promise.all([slow, last]);
		assert.deepEqual(seen, ['slow', 'failing', 'last']);
	});

	it('lets jobs of different keys overlap', async () => {
		const sequencer = new Sequencer();
		let release: () => void = () => undefined;
		const blocked = sequencer.run('a', () => new Promise<void>((resolve) => (release = resolve)));
		assert.equal(await sequencer.run('b', async () => 'done'), 'done');
		release();
		await blocked;
	});
});

describe('coalesce', () => {
	it('folds a burst into one run and triggers during a run into one more', async () => {
		let runs = 0;
		let duringRun: (() => void) | undefined;
		const coalescer = coalesce(
			1,
			async () => {
				runs += 1;
				duringRun?.();
				duringRun = undefined;
				await sleep(3);
			},
			(error) => assert.fail(String(error)),
		);
		duringRun = () => {
			coalescer.trigger();
			coalescer.trigger();
		};
		coalescer.trigger();
		coalescer.trigger();
		await coalescer.idle();
		assert.equal(runs, 2);
	});

	it('does nothing after dispose', async () => {
		let runs = 0;
		const coalescer = coalesce(
			1,
			async () => {
				runs += 1;
			},
			() => undefined,
		);
		coalescer.trigger();
		coalescer.dispose();
		coalescer.trigger();
		await coalescer.idle();
		await sleep(5);
		assert.equal(runs, 0);
	});
});

describe('sleep and withTimeout', () => {
	it('rejects at once when aborted', async () => {
		const controller = new AbortController();
		const waiting = sleep(60_000, controller.signal);
		controller.abort(new Error('stop'));
		await assert.rejects(waiting, /stop/u);
		await assert.rejects(sleep(60_000, controller.signal), /stop/u);
	});

	it('tells the work through its signal when time is over', async () => {
		let told = false;
		const work = withTimeout(
			5,
			(signal) =>
				new Promise<never>(() => {
					signal.addEventListener('abort', () => (told = true));
				}),
			() => new Error('too slow'),
		);
		await assert.rejects(work, /too slow/u);
		assert.equal(told, true);
		assert.equal(
			await withTimeout(
				1000,
				async () => 7,
				() => new Error('never'),
			),
			7,
		);
	});
});

describe('withinTime', () => {
	it('gives what the work gave, its failure, or the other value when it is late', async () => {
		assert.equal(await withinTime(1000, Promise.resolve(7), 'late'), 7);
		assert.equal(await withinTime(1, new Promise<never>(() => undefined), 'late'), 'late');
		await assert.rejects(withinTime(1000, Promise.reject(new Error('failed'))), /failed/u);
	});
});

describe('sleepWithoutWaits', () => {
	it('sleeps longer by what was waited meanwhile, also when that goes on', async () => {
		const looks: number[] = [0, 40, 40];
		const begin = Date.now();
		await sleepWithoutWaits(20, () => looks.shift() ?? 40);
		assert.ok(Date.now() - begin >= 60);
		assert.deepEqual(looks, []);
	});

	it('ends with its signal', async () => {
		const controller = new AbortController();
		let waited = 0;
		const sleeping = sleepWithoutWaits(1, () => (waited += 1000), controller.signal);
		setTimeout(() => controller.abort(new Error('enough')), 20);
		await assert.rejects(sleeping, /enough/u);
	});
});

describe('shareLooks', () => {
	const looking = () => {
		const ends: ((value: number) => void)[] = [];
		const look = shareLooks(() => new Promise<number>((resolve) => void ends.push(resolve)));
		return { ends, look };
	};

	it('gives all who ask together one look, and who asks during it the next one', async () => {
		const { ends, look } = looking();
		const together = [look(), look()];
		await sleep(0);
		const during = [look(), look(), look()];
		assert.equal(ends.length, 1);
		ends[0]?.(1);
		assert.deepEqual(await Promise.all(together), [1, 1]);
		await sleep(0);
		assert.equal(ends.length, 2);
		ends[1]?.(2);
		assert.deepEqual(await Promise.all(during), [2, 2, 2]);
	});

	it('looks again after a look that failed', async () => {
		let looks = 0;
		const look = shareLooks(async () => {
			looks += 1;
			if (looks === 1) {
				throw new Error('no');
			}
			return looks;
		});
		await assert.rejects(look(), /no/u);
		assert.equal(await look(), 2);
	});
});
