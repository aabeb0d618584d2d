// Checks what is said of a task in a hover, and that nothing foreign in it is markup.

import assert from 'node:assert/strict';
import { asMarkdown, taskHover } from '../../../../src/editor/language/taskHover.ts';
import { lensesOf } from '../../../../src/editor/language/taskLenses.ts';
import { newTask } from '../../../../src/core/task/task.ts';
import type { Task } from '../../../../src/core/task/task.ts';
import { boardOfStatus } from '../../../../src/core/task/taskStatus.ts';
import { buildSnapshot } from '../../../support/snapshotBuilder.ts';

const stored = (fields: Partial<Task> & { task_id: string }) => {
	const task = newTask({ name: fields.task_id, ...fields });
	return { task, record: {}, board: boardOfStatus[task.status], position: 1, epoch: 0, run_id: null, sequence: 1 };
};

/** The text a reader of Markdown sees, as far as references to characters go. */
const decoded = (markdown: string) =>
	markdown.replace(/&#(\d+);/gu, (_all, code: string) => String.fromCodePoint(Number(code)));

describe('the hover of a task', () => {
	it('says name, status, who, since when and what it waits for', () => {
		const task = stored({
			task_id: 'T',
			name: 'Write the parser',
			status: 'CLAIMED',
			claimed_by: 'Agent-3',
			claimed_at: '2026-01-01T00:00:00.000Z',
			dependencies: ['U'],
		});
		const snapshot = buildSnapshot([task, stored({ task_id: 'U', status: 'PENDING' })]);
		const text = decoded(taskHover(snapshot, task, Date.parse('2026-01-01T01:05:00.000Z')));
		assert.match(
			text,
			/^Write the parser\n\nT · CLAIMED · MEDIUM {2}\nClaimed by Agent-3 {2}\nWaits for U \(PENDING\)/u,
		);
		assert.match(text, /CLAIMED since 1 h 5 min \(2026-01-01T00:00:00\.000Z\)$/u);
	});

	it('shows foreign text as text', () => {
		const evil = '[run](command:x) ![i](http://h/i) <b>b</b> `c` **d** $(bug) https://h.test\n# head\n- list';
		const markdown = asMarkdown(evil);
		assert.doesNotMatch(markdown.replaceAll(/&#\d+;/gu, ''), /[!-/:-@[-`{-~]/u);
		assert.equal(decoded(markdown).replaceAll('  \n', '\n'), evil);
	});
});

describe('the commands above a task', () => {
	const titles = (fields: Partial<Task>, others: Parameters<typeof stored>[0][] = [], canWrite = true) => {
		const task = stored({ task_id: 'T', ...fields });
		const snapshot = buildSnapshot([task, ...others.map(stored)]);
		return lensesOf(snapshot, task, canWrite)
			.map(({ title }) => title)
			.filter((title) => title !== 'History')
			.join(' · ');
	};

	it('are those the table of moves allows now', () => {
		assert.equal(titles({ status: 'READY' }), 'Claim · Start');
		assert.equal(titles({ status: 'PENDING' }), 'Make Ready · Claim · Start');
		assert.equal(titles({ status: 'PENDING', dependencies: ['U'] }, [{ task_id: 'U' }]), '');
		assert.equal(titles({ status: 'CLAIMED' }), 'Start · Complete · Release');
		assert.equal(titles({ status: 'IN_PROGRESS' }), 'Complete · Release');
		assert.equal(titles({ status: 'BLOCKED' }), 'Unblock');
		assert.equal(titles({ status: 'FAILED' }), 'Retry');
		assert.equal(titles({ status: 'COMPLETED' }), '');
	});

	it('change nothing where nothing may be changed', () => {
		assert.equal(titles({ status: 'READY' }, [], false), '');
	});
});
