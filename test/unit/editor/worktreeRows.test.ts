// Owns the proof of what rows of the Worktrees view say.

import { strict as assert } from 'node:assert';
import type { WorktreeRow } from '../../../src/core/worktree/worktreeInventory.ts';
import { worktreeMessage, worktreeRow, worktreeTooltip } from '../../../src/editor/views/worktreeRows.ts';

const now = Date.parse('2026-05-01T12:00:00.000Z');
const row = (fields: Partial<WorktreeRow> = {}): WorktreeRow => ({
	id: 'run-1',
	folder: '/cache/run-1',
	state: 'working',
	reason: 'validating',
	run_id: 'run-1',
	task_id: 'TASK-1',
	worker: 'Agent-2',
	created_at: '2026-05-01T11:55:00.000Z',
	bytes: 3 * 1024 * 1024,
	is_registered: true,
	...fields,
});
const draw = (fields: Partial<WorktreeRow> = {}) => {
	const { label, description, contextValue } = worktreeRow(row(fields), now);
	return `${label} [${description}] ${contextValue}`;
};

describe('worktreeRow', () => {
	it('says whose it is, how old and how large', () => {
		assert.equal(draw(), 'TASK-1 [Agent-2 · validating · 5 min · 3 MB] worktree.working');
		assert.equal(
			draw({ id: 'pool-1', state: 'pool', run_id: null, task_id: null, worker: null }),
			'Made ahead [pool · 5 min · 3 MB] worktree.pool',
		);
		assert.equal(
			draw({ state: 'abandoned', task_id: null, created_at: null, bytes: 0 }),
			'run-1 [abandoned · 0 B] worktree.abandoned',
		);
	});

	it('shows foreign text as one harmless line', () => {
		assert.equal(
			draw({ task_id: 'a\nb', worker: '\u202Ex' }),
			'a b [�x · validating · 5 min · 3 MB] worktree.working',
		);
	});

	it('tells in its hover why it is there, and what is odd', () => {
		const text = worktreeTooltip(
			row({ state: 'abandoned', reason: 'its run is over (lost)', is_registered: false }),
		);
		assert.match(
			text,
			/^\/cache\/run-1\nrun-1 · TASK-1 · Agent-2\nits run is over \(lost\)\nSince .*\ngit does not know it\.$/u,
		);
		assert.match(worktreeTooltip(row({ created_at: null })), /Its folder is gone; only git still knows it\./u);
	});
});

describe('worktreeMessage', () => {
	it('sums up what is on the disk and what can be got back', () => {
		assert.equal(worktreeMessage([]), undefined);
		assert.equal(worktreeMessage([row()]), '3 MB on the disk.');
		assert.equal(worktreeMessage([row(), row({ state: 'abandoned' })]), '6 MB on the disk; 1 can be reclaimed.');
	});
});
