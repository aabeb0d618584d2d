// Owns the proof of the figures that tell how well the swarm gets on alone, each by an example worked out by hand.

import { strict as assert } from 'node:assert';
import type { EventType, LedgerEvent } from '../../../../src/core/events.ts';
import { eventTypes } from '../../../../src/core/events.ts';
import { autonomy, autonomyTypes } from '../../../../src/core/figures/autonomy.ts';

const minute = 60_000;
const nine = Date.parse('2026-01-08T09:00:00Z');
const day = { from: nine - 9 * 60 * minute, to: nine + 15 * 60 * minute };

type Told = Partial<Omit<LedgerEvent, 'type' | 'at'>>;

/** Tells events at minutes after nine. */
class Story {
	readonly events: LedgerEvent[] = [];

	tell(at: number, type: EventType, told: Told = {}): this {
		this.events.push({
			sequence: this.events.length + 1,
			at: new Date(nine + at * minute).toISOString(),
			type,
			actor: 'host:host-1',
			message: type,
			...told,
		});
		return this;
	}

	/** One attempt, from and to these minutes, in the order in which the ledger tells it. */
	attempt(
		task_id: string,
		from: number,
		to: number,
		ending: 'completed' | 'failed' | 'gaveUp',
		by = 'host:host-1',
	): this {
		const run_id = `run-${task_id}-${from}`;
		const status = { completed: 'COMPLETED', failed: 'READY', gaveUp: 'FAILED' }[ending];
		return this.tell(from, 'run.opened', { task_id, run_id, actor: by })
			.tell(to, 'task.moved', { task_id, data: { move: 'x', to: status } })
			.tell(to, 'run.closed', {
				task_id,
				run_id,
				data: ending === 'completed' ? { state: 'completed' } : { state: 'failed', code: 'gate.failed' },
			});
	}

	get figures() {
		return autonomy(this.events, day);
	}
}

const ann = 'human:ann';

describe('how well the swarm gets on alone', () => {
	it('is told as in the example of the documentation', () => {
		const story = new Story()
			.attempt('A', 0, 10, 'failed')
			.attempt('A', 10, 30, 'completed')
			.tell(30, 'run.opened', { task_id: 'B', run_id: 'run-B' })
			.tell(40, 'question.answered', { task_id: 'B', run_id: 'run-B', actor: ann })
			.tell(60, 'task.moved', { task_id: 'B', data: { move: 'complete', to: 'COMPLETED' } })
			.tell(60, 'run.closed', { task_id: 'B', run_id: 'run-B', data: { state: 'completed' } });
		const { atWork, longestAlone, interventions, betweenInterventions, recovered, unaided } = story.figures;
		assert.deepEqual(
			[atWork, longestAlone, interventions, betweenInterventions],
			[60 * minute, 40 * minute, 1, 60 * minute],
		);
		assert.deepEqual([recovered.share, recovered.taskIds, recovered.of], [1, ['A'], 1]);
		assert.deepEqual([unaided.share, unaided.taskIds, unaided.otherIds], [0.5, ['A'], ['B']]);
	});

	it('has no share and no frequency of nothing', () => {
		const { atWork, recovered, unaided, drift, restarts, betweenInterventions } = new Story().figures;
		assert.deepEqual([atWork, recovered.share, unaided.share, betweenInterventions], [0, null, null, null]);
		assert.deepEqual(
			[drift, restarts],
			[
				{ count: 0, perHour: null },
				{ count: 0, perHour: null },
			],
		);
	});

	it('counts time with two runs once, goes on over a breath, and begins anew after a rest', () => {
		const breath = new Story().attempt('A', 0, 20, 'completed').attempt('B', 21, 30, 'completed');
		assert.deepEqual([breath.figures.atWork, breath.figures.longestAlone], [29 * minute, 29 * minute]);
		const rest = new Story().attempt('A', 0, 20, 'completed').attempt('B', 25, 30, 'completed');
		assert.equal(rest.figures.longestAlone, 20 * minute);
		const both = new Story()
			.tell(0, 'run.opened', { task_id: 'A', run_id: '1' })
			.tell(5, 'run.opened', { task_id: 'B', run_id: '2' })
			.tell(10, 'run.closed', { task_id: 'A', run_id: '1' })
			.tell(20, 'run.closed', { task_id: 'B', run_id: '2' });
		assert.equal(both.figures.atWork, 20 * minute);
	});

	it('counts work of a run that began before the period, or goes on after it, as far as it lies in it', () => {
		const long = new Story().tell(-20 * 60, 'run.opened', { task_id: 'A', run_id: '1' });
		assert.equal(autonomy(long.events, { from: nine, to: nine + 30 * minute }).atWork, 30 * minute);
		long.tell(10, 'run.closed', { task_id: 'A', run_id: '1' });
		assert.equal(autonomy(long.events, { from: nine, to: nine + 30 * minute }).atWork, 10 * minute);
	});

	it('does not count a task as recovered that failed in the end, that a person helped, or that never failed', () => {
		const lost = new Story().attempt('A', 0, 10, 'failed').attempt('A', 10, 20, 'gaveUp').figures.recovered;
		assert.deepEqual([lost.share, lost.otherIds], [0, ['A']]);
		const once = new Story().attempt('A', 0, 10, 'gaveUp').figures.recovered;
		assert.deepEqual([once.share, once.otherIds], [0, ['A']]);
		const helped = new Story()
			.attempt('A', 0, 10, 'gaveUp')
			.tell(11, 'task.moved', { task_id: 'A', actor: ann, data: { move: 'retry', to: 'READY' } })
			.attempt('A', 12, 20, 'completed').figures;
		assert.deepEqual([helped.recovered.share, helped.unaided.share], [0, 0]);
		assert.equal(new Story().attempt('A', 0, 10, 'completed').figures.recovered.of, 0);
		assert.equal(new Story().attempt('A', 0, 10, 'failed').figures.recovered.of, 0, 'it is still open');
	});

	it('takes a blocked task for one that did not recover, until the swarm completes it', () => {
		const blocked = new Story()
			.tell(0, 'run.opened', { task_id: 'A', run_id: '1' })
			.tell(5, 'task.moved', { task_id: 'A', data: { move: 'block', to: 'BLOCKED' } })
			.tell(5, 'run.closed', { task_id: 'A', run_id: '1', data: { state: 'blocked' } });
		assert.deepEqual(blocked.figures.recovered.otherIds, ['A']);
	});

	it('counts what an agent completed only, and a change that waited for review as helped', () => {
		const figures = new Story()
			.attempt('Mine', 0, 10, 'completed', ann)
			.tell(10, 'run.opened', { task_id: 'Seen', run_id: '1' })
			.tell(20, 'task.moved', { task_id: 'Seen', data: { move: 'review', to: 'REVIEW' } })
			.tell(30, 'task.moved', { task_id: 'Seen', data: { move: 'complete', to: 'COMPLETED' } }).figures;
		assert.deepEqual([figures.unaided.of, figures.unaided.otherIds], [1, ['Seen']]);
	});

	it('takes no order and no rule for an intervention', () => {
		const figures = new Story()
			.tell(0, 'task.moved', { task_id: 'A', actor: ann, data: { move: 'ready', to: 'READY' } })
			.tell(1, 'question.answered', { task_id: 'A' })
			.tell(2, 'task.moved', {
				task_id: 'A',
				actor: 'cli:ann',
				data: { move: 'cancel', to: 'CANCELLED' },
			}).figures;
		assert.equal(figures.interventions, 1);
	});

	it('counts hosts that followed one that did not end in order', () => {
		const { restarts } = new Story()
			.tell(0, 'host.started')
			.tell(10, 'host.stopped')
			.tell(20, 'host.started')
			.tell(30, 'host.started', { actor: 'host:host-2' })
			.attempt('A', 40, 70, 'completed').figures;
		assert.deepEqual(restarts, { count: 1, perHour: 2 });
	});

	it('is made of events that exist, those of drift among them where there are any', () => {
		const all = Object.keys(eventTypes);
		assert.deepEqual(
			autonomyTypes.filter((type) => !all.includes(type)),
			[],
		);
		const drifts: EventType[] = ['run.drifted'];
		const story = new Story();
		drifts.forEach((type) => story.tell(5, type, { task_id: 'A' }));
		assert.equal(story.figures.drift.count, drifts.length);
	});
});
