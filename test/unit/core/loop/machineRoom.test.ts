// Checks that a full machine begins nothing more, and that it does not change its mind with every look.

import assert from 'node:assert/strict';
import { MachineRoom } from '../../../../src/core/loop/machineRoom.ts';

const megabyte = 1024 * 1024;

describe('MachineRoom', () => {
	let free = 0;
	let busy = 0;
	let total = 0;
	let now = 0;
	let looks = 0;
	const machine = {
		load: async () => {
			looks += 1;
			return {
				freeMemoryBytes: free * megabyte,
				processorMilliseconds: total,
				idleMilliseconds: total - busy,
			};
		},
	};
	const begin = () => {
		[free, busy, total, now, looks] = [10_000, 0, 0, 0, 0];
		return new MachineRoom(machine, { monotonic: () => now });
	};
	/** Four seconds in which the processors were busy to this share. */
	const pass = (percent: number) => {
		now += 4000;
		total += 4000;
		busy += 40 * percent;
	};
	const limits = { 'swarm.minFreeMegabytes': 400, 'swarm.maxProcessorPercent': 0 };
	const processor = { 'swarm.minFreeMegabytes': 0, 'swarm.maxProcessorPercent': 80 };

	it('has a margin for memory', async () => {
		const room = begin();
		const seen: boolean[] = [];
		for (const megabytes of [500, 399, 401, 499, 501, 401]) {
			free = megabytes;
			await room.look(limits);
			seen.push(room.reason === undefined);
			pass(0);
		}
		assert.deepEqual(seen, [true, false, false, false, true, true]);
		free = 100;
		await room.look(limits);
		assert.equal(room.reason, 'this machine has less than 400 MB of memory free (dreamos.swarm.minFreeMegabytes)');
	});

	it('has a margin for processors, whose use is known from the second look on', async () => {
		const room = begin();
		const seen: boolean[] = [];
		await room.look(processor);
		assert.equal(room.reason, undefined);
		for (const percent of [70, 90, 75, 71, 79, 81]) {
			pass(percent);
			await room.look(processor);
			seen.push(room.reason === undefined);
		}
		assert.deepEqual(seen, [true, false, false, true, true, false]);
		assert.match(room.reason ?? '', /more than 80 % \(dreamos\.swarm\.maxProcessorPercent\)$/u);
	});

	it('asks the machine every few seconds only, and never where no limit is set', async () => {
		const room = begin();
		await room.look(limits);
		await room.look(limits);
		assert.equal(looks, 1);
		free = 1;
		pass(0);
		await room.look({ 'swarm.minFreeMegabytes': 0, 'swarm.maxProcessorPercent': 0 });
		assert.equal(looks, 1);
		assert.equal(room.reason, undefined);
	});

	it('tells the other programs when its answer changes, and at the first look', async () => {
		const room = begin();
		const facts: unknown[] = [];
		const write = <T>(work: (transaction: never) => Promise<T>) =>
			work({ setFact: async (key: string, value: unknown) => facts.push([key, value]) } as never);
		const look = async () => {
			pass(0);
			if (await room.look(limits)) {
				await room.publish(write);
			}
		};
		await look();
		await look();
		free = 1;
		await look();
		await look();
		assert.deepEqual(facts, [
			['swarm.machine', null],
			['swarm.machine', 'this machine has less than 400 MB of memory free (dreamos.swarm.minFreeMegabytes)'],
		]);
	});
});
