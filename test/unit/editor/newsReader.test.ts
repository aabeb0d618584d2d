// Owns the proof that no event is told twice or never, however seldom the reader is asked.

import { strict as assert } from 'node:assert';
import type { LedgerEvent } from '../../../src/core/events.ts';
import type { SwarmSnapshot } from '../../../src/core/swarm/swarmSnapshot.ts';
import { emptySnapshot } from '../../../src/core/swarm/swarmSnapshot.ts';
import { NewsReader } from '../../../src/editor/newsReader.ts';

const picture = (newest: number, workspace: SwarmSnapshot['workspace'] = 'ours'): SwarmSnapshot => ({
	...emptySnapshot,
	workspace,
	events: Array.from({ length: newest }, (_, index): LedgerEvent => ({
		sequence: newest - index,
		at: '2026-01-01T00:00:00.000Z',
		actor: 'host:host-1',
		type: 'task.moved',
		message: '',
	})),
});
const sequences = (events: readonly LedgerEvent[]) => events.map(({ sequence }) => sequence);
const nothingElse = () => Promise.reject(new Error('The picture has all that is asked for.'));

describe('NewsReader', () => {
	it('leaves out what happened before, and tells the rest once, oldest first', async () => {
		const reader = new NewsReader(Date.now());
		reader.see(picture(3));
		assert.deepEqual(sequences(await reader.take(picture(3), nothingElse)), []);
		reader.see(picture(5));
		assert.deepEqual(sequences(await reader.take(picture(5), nothingElse)), [4, 5]);
		assert.deepEqual(sequences(await reader.take(picture(5), nothingElse)), []);
	});

	it('tells what happened between the first picture and the first reading', async () => {
		const reader = new NewsReader(Date.now());
		reader.see(picture(0, 'none'));
		reader.see(picture(2));
		reader.see(picture(4));
		assert.deepEqual(sequences(await reader.take(picture(4), nothingElse)), [3, 4]);
	});

	it('tells that the ledger was rebuilt, also before the first picture and when it took the place of another', async () => {
		const rebuilt = (newest: number): SwarmSnapshot => {
			const { events, ...others } = picture(newest);
			const [last, ...before] = events;
			return { ...others, events: last === undefined ? [] : [{ ...last, type: 'workspace.rebuilt' }, ...before] };
		};
		const reader = new NewsReader(Date.parse('2026-01-01T00:00:00.000Z'));
		reader.see(rebuilt(4));
		assert.deepEqual(sequences(await reader.take(rebuilt(4), nothingElse)), [4]);
		reader.see(rebuilt(3));
		assert.deepEqual(sequences(await reader.take(rebuilt(3), nothingElse)), [3]);
		const later = new NewsReader(Date.parse('2026-01-02T00:00:00.000Z'));
		later.see(rebuilt(4));
		assert.deepEqual(sequences(await later.take(rebuilt(4), nothingElse)), [], 'long ago is no news');
	});

	it('begins anew with another ledger', async () => {
		const reader = new NewsReader(Date.now());
		reader.see(picture(9));
		reader.see(picture(0, 'none'));
		reader.see(picture(2));
		assert.deepEqual(sequences(await reader.take(picture(3), nothingElse)), [3]);
	});

	it('asks for what a picture no longer has, once', async () => {
		const newestOnly = (newest: number): SwarmSnapshot => {
			const { events, ...others } = picture(newest);
			return { ...others, events: events.slice(0, 2) };
		};
		const reader = new NewsReader(Date.now());
		const asked: number[] = [];
		const readAfter = async (after: number) => {
			asked.push(after);
			// The ledger has gone on: what is newer than the picture is told with the next one.
			return picture(9).events.toReversed().slice(after);
		};
		reader.see(newestOnly(2));
		assert.deepEqual(sequences(await reader.take(newestOnly(7), readAfter)), [3, 4, 5, 6, 7]);
		assert.deepEqual(sequences(await reader.take(newestOnly(9), readAfter)), [8, 9]);
		assert.deepEqual(asked, [2]);
	});
});
