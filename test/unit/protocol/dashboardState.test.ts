// Owns the proof that differences add up to the whole, whatever changed, and that a page notices what it missed.

import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { DashboardState } from '../../../src/protocol/dashboardState.ts';
import { DashboardFeed, ToldState } from '../../../src/protocol/dashboardState.ts';
import { toDashboardModel } from '../../../src/protocol/viewModels.ts';
import { buildDashboardFacts } from '../../support/dashboardFacts.ts';
import { buildSnapshot } from '../../support/snapshotBuilder.ts';

const overview = toDashboardModel(buildDashboardFacts(buildSnapshot([])));
const line = (sequence: number, text = 'moved') => ({
	sequence,
	at: 0,
	actor: 'ann',
	text,
	taskId: null,
	runId: null,
	type: 'task.moved' as const,
});

const states: fc.Arbitrary<DashboardState> = fc.record({
	overview: fc
		.record({ folder: fc.constantFrom('a', 'b'), total: fc.nat(2) })
		.map((part) => ({ ...overview, ...part })),
	log: fc.option(
		fc
			.uniqueArray(fc.tuple(fc.nat(5), fc.constantFrom('x', 'y')), { selector: ([sequence]) => sequence })
			.map((lines) => lines.map(([sequence, text]) => line(sequence, text))),
		{ nil: undefined },
	),
});

const bySequence = (lines: readonly { readonly sequence: number }[] = []) =>
	[...lines].sort((left, right) => left.sequence - right.sequence);

describe('what the dashboard is told', () => {
	it('adds up to what it should show', () => {
		fc.assert(
			fc.property(fc.array(states, { minLength: 1, maxLength: 8 }), ([first, ...others]) => {
				assert.ok(first);
				const [feed, told] = [new DashboardFeed(), new ToldState()];
				told.take(JSON.parse(JSON.stringify(feed.whole(first))) as ReturnType<typeof feed.whole>);
				for (const state of others) {
					const delta = feed.next(state);
					assert.ok(delta === undefined || told.apply(JSON.parse(JSON.stringify(delta)) as typeof delta));
					assert.deepEqual(told.overview, JSON.parse(JSON.stringify(state.overview)));
					if (state.log !== undefined) {
						assert.deepEqual(bySequence(told.list('log')), bySequence(state.log));
					}
				}
			}),
		);
	});

	it('is nothing when nothing is new, and only what is', () => {
		const feed = new DashboardFeed();
		const state = { overview, log: [line(1), line(2)] };
		feed.whole(state);
		assert.equal(feed.next({ overview: { ...overview }, log: [line(1), line(2)] }), undefined);
		assert.deepEqual(feed.next({ overview: { ...overview, folder: 'new' }, log: [line(2), line(3)] }), {
			sequence: 2,
			overview: { folder: 'new' },
			log: { isWhole: false, changed: [line(3)], removed: ['1'] },
		});
	});

	it('is not taken when something before it is missing', () => {
		const [feed, told] = [new DashboardFeed(), new ToldState()];
		const first = feed.whole({ overview });
		const second = feed.next({ overview: { ...overview, folder: 'second' } });
		const third = feed.next({ overview: { ...overview, folder: 'third' } });
		assert.ok(second !== undefined && third !== undefined);
		assert.equal(told.apply(second), false, 'before the first picture');
		told.take(first);
		assert.equal(told.apply(third), false);
		assert.equal(told.overview?.folder, 'demo');
	});
});
