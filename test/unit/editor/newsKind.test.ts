// Owns the proof that people are told of what the swarm did and needs, and never of what they did themselves.

import { strict as assert } from 'node:assert';
import type { LedgerEvent } from '../../../src/core/events.ts';
import { newsKindOf } from '../../../src/editor/newsKind.ts';

const event = (fields: Partial<LedgerEvent>): LedgerEvent => ({
	sequence: 1,
	at: '2026-01-01T00:00:00.000Z',
	actor: 'host:host-1',
	type: 'task.moved',
	message: '',
	...fields,
});

describe('newsKindOf', () => {
	it('knows what needs the person, what went wrong and what is done', () => {
		const moved = (to: string) => newsKindOf(event({ data: { to } }));
		assert.deepEqual(
			[moved('FAILED'), moved('BLOCKED'), moved('COMPLETED'), moved('READY')],
			['stopped', 'stopped', 'done', undefined],
		);
		assert.equal(newsKindOf(event({ type: 'run.changed', data: { state: 'review' } })), 'review');
		assert.equal(newsKindOf(event({ type: 'landing.returned', actor: 'human:ann' })), 'returned');
		assert.equal(newsKindOf(event({ type: 'run.changed', data: { state: 'working' } })), undefined);
		assert.equal(newsKindOf(event({ type: 'hook.failed' })), 'hook');
		assert.equal(newsKindOf(event({ type: 'budget.warned', data: { scope: 'task' } })), 'budget');
		assert.equal(newsKindOf(event({ type: 'budget.spent', data: { scope: 'day' } })), 'budget');
		assert.equal(
			newsKindOf(event({ type: 'budget.spent', data: { scope: 'task' } })),
			undefined,
			'told as blocked',
		);
		const landed = (data: LedgerEvent['data']) =>
			newsKindOf(event({ type: 'landing.finished', ...(data === undefined ? {} : { data }) }));
		assert.deepEqual([landed({ branch: 'dreamos/a' }), landed({ files: [] })], ['branch', undefined]);
	});

	it('is silent about what people and their files did', () => {
		for (const actor of ['human:ann', 'cli:ann', 'file:task_backlog']) {
			assert.equal(newsKindOf(event({ actor, data: { to: 'FAILED' } })), undefined, actor);
		}
	});
});
