// Checks what a checkpoint tells of the work: the rolling summary of what an agent says and does, and how it reads.

import assert from 'node:assert/strict';
import { describeStory, readStory } from '../../../../src/core/checkpoint/checkpointStory.ts';
import { RollingSummary } from '../../../../src/core/checkpoint/rollingSummary.ts';

describe('RollingSummary', () => {
	it('knows the plan and the place in it, what was done how often, and the last words', () => {
		const summary = new RollingSummary();
		summary.note({ kind: 'plan', text: '[x] read\n[>] change a.ts\n[ ] test' });
		summary.note({ kind: 'tool', text: 'Edit a.ts · edit · pending', data: { status: 'pending' } });
		summary.note({ kind: 'tool', text: 'Edit a.ts · edit · completed', data: { status: 'completed' } });
		summary.note({ kind: 'tool', text: 'npm test · execute · failed', data: { status: 'failed' } });
		summary.note({ kind: 'tool', text: 'Edit a.ts · edit · completed', data: { status: 'completed' } });
		summary.note({ kind: 'thought', text: 'hm' });
		summary.note({ kind: 'message', text: 'Half done.' });
		assert.deepEqual(summary.read(), {
			summary: 'Half done.',
			plan: '[x] read\n[>] change a.ts\n[ ] test',
			plan_position: { done: 1, total: 3, current: 'change a.ts' },
			did: ['npm test · execute · failed', 'Edit a.ts · edit · completed (2 times)'],
			usage: '',
		});
	});

	it('stays small however long the work is', () => {
		const summary = new RollingSummary();
		for (let index = 0; index < 5_000; index++) {
			summary.note({ kind: 'message', text: `line ${index} ${'x'.repeat(100)}` });
			summary.note({ kind: 'tool', text: `call ${index}` });
		}
		const { summary: text, did } = summary.read();
		assert.ok(text.length <= 4_000 && text.includes('line 4999'));
		assert.deepEqual([did.length, did.at(-1)], [30, 'call 4999']);
	});
});

describe('describeStory', () => {
	const old = {
		...{ task_id: 'A', worker: 'Tester', attempt: 1, base: 'base', at: '2026-03-01T00:00:00Z', session_id: null },
		...{ summary: 'last words', pinned: ['[person] keep the API'], plan: '[ ] all', usage: '' },
	};

	it('reads what earlier versions wrote', () => {
		assert.deepEqual(readStory(old)?.decisions, []);
		assert.equal(
			describeStory(old),
			'Plan:\n[ ] all\n\nReported:\n[person] keep the API\n\nSaid last:\nlast words',
		);
	});

	it('tells all there is, and nothing of what is no story', () => {
		const text = describeStory({
			...old,
			decisions: ['denied: rm'],
			did: ['Edit a.ts (2 times)'],
			plan_position: { done: 0, total: 1, current: 'all' },
		});
		assert.match(text, /^Plan \(0 of 1 done\):/u);
		assert.match(text, /Decided:\ndenied: rm\n\nDone last:\nEdit a\.ts \(2 times\)/u);
		assert.equal(describeStory({ at: 3 }), '');
	});
});
