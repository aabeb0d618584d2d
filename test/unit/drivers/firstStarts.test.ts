// Checks that the first of a kind starts alone, and that nobody waits for one that never comes up.

import { strict as assert } from 'node:assert';
import { createFirstStarts } from '../../../src/drivers/firstStarts.ts';

describe('The first start of a kind', () => {
	/** Enters and writes down that it did. */
	const arrivals = () => {
		const starts = createFirstStarts();
		const entered: string[] = [];
		const enter = async (name: string, kind = 'codex') => {
			const leave = await starts.enter(kind);
			entered.push(name);
			return leave;
		};
		return { entered, enter };
	};
	const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

	it('is alone; once it is up the others start together', async () => {
		const { entered, enter } = arrivals();
		const leave = await enter('first');
		const others = [enter('second'), enter('third')];
		await enter('of another kind', 'kimi');
		await settle();
		assert.deepEqual(entered, ['first', 'of another kind']);
		leave(true);
		await Promise.all(others);
		assert.deepEqual(entered, ['first', 'of another kind', 'second', 'third']);
		await enter('late');
	});

	it('gives its place to the next when it does not come up, and may say so twice', async () => {
		const { entered, enter } = arrivals();
		const leave = await enter('first');
		const second = enter('second');
		const third = enter('third');
		leave(false);
		leave(false);
		const leaveSecond = await second;
		await settle();
		assert.deepEqual(entered, ['first', 'second']);
		leaveSecond(true);
		leaveSecond(false);
		await third;
	});
});
