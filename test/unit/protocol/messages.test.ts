// Owns the proof that both ends agree on messages, and that the editor takes nothing from a page that was not declared.

import { strict as assert } from 'node:assert';
import { toEditor } from '../../../src/protocol/dashboardApi.ts';
import { dashboardInput } from '../../../src/protocol/dashboardInput.ts';
import type { Envelope } from '../../../src/protocol/define.ts';
import { createPost, openEnvelope } from '../../../src/protocol/define.ts';

describe('messages of the dashboard', () => {
	it('have a check for everything the page may send', () => {
		assert.deepEqual(Object.keys(dashboardInput).toSorted(), Object.keys(toEditor).toSorted());
	});

	it('arrive as they were sent', () => {
		const sent: Envelope[] = [];
		createPost(toEditor, (envelope) => sent.push(envelope))('perform', { command: 'run.accept', taskId: 'A' });
		const received: unknown = JSON.parse(JSON.stringify(sent[0]));
		assert.deepEqual(openEnvelope(received), { message: 'perform', data: { command: 'run.accept', taskId: 'A' } });
		assert.deepEqual(dashboardInput.perform.parse(openEnvelope(received)?.data), {
			command: 'run.accept',
			taskId: 'A',
		});
	});

	it('are refused when they are something else', () => {
		for (const wrong of [undefined, null, 'ready', 7, [], {}, { message: 7, data: {} }, { message: 'ready' }]) {
			assert.equal(openEnvelope(wrong), undefined);
		}
		const refused: readonly [keyof typeof dashboardInput, unknown][] = [
			['ready', undefined],
			['ready', {}],
			['watch', { tab: 'elsewhere', period: 'week' }],
			['save', { kind: 'png', what: 'analytics', data: '<script>' }],
			['save', { kind: 'csv', what: 'everything' }],
			['perform', { command: 'workspace.delete' }],
			['perform', { command: 'task.create', extra: true }],
			['perform', { command: 'run.accept', taskId: 'x'.repeat(201) }],
			['revealTask', { taskId: '' }],
			['revealStatus', { status: {} }],
		];
		for (const [name, data] of refused) {
			assert.equal(dashboardInput[name].safeParse(data).success, false, `${name} ${JSON.stringify(data)}`);
		}
	});
});
