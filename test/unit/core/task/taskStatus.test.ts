// Checks the table of moves as data: complete, consistent, and with no way out that nobody meant.

import assert from 'node:assert/strict';
import {
	boardOfStatus,
	moveBetween,
	moveRule,
	moveRules,
	movesFrom,
	taskStatuses,
} from '../../../../src/core/task/taskStatus.ts';
import type { MoveName } from '../../../../src/core/task/taskStatus.ts';

const names = Object.keys(moveRules) as MoveName[];

describe('the table of moves', () => {
	it('draws as it is documented', () => {
		const drawing = taskStatuses.map((status) => `${status}: ${movesFrom(status).join(' ')}`);
		assert.deepEqual(drawing, [
			'PENDING: ready claim block cancel',
			'READY: shelve claim block cancel',
			'CLAIMED: start complete block fail cancel release',
			'IN_PROGRESS: validate complete block fail cancel release',
			'VALIDATING: rework review complete block fail cancel release',
			'REVIEW: rework complete block fail cancel release',
			'COMPLETED: reopen',
			'BLOCKED: unblock cancel',
			'FAILED: retry',
			'CANCELLED: retry',
		]);
	});

	it('reaches every status and leaves every status', () => {
		const reached = new Set<string>(
			names.flatMap((name) => (moveRule(name).to === 'queue' ? ['READY', 'PENDING'] : [moveRule(name).to])),
		);
		for (const status of taskStatuses) {
			assert.equal(reached.has(status), true, `${status} is never reached`);
			assert.notEqual(movesFrom(status).length, 0, `${status} is a trap`);
		}
	});

	it('ends or keeps a run exactly where a task is held', () => {
		for (const name of names) {
			const rule = moveRule(name);
			if (rule.run === 'holds') {
				assert.equal(
					rule.from.every((status) => boardOfStatus[status] === 'working_tasks'),
					true,
					name,
				);
			}
			assert.equal(
				rule.run === 'none',
				rule.runState === undefined,
				`${name}: a run state exactly where a run is meant`,
			);
		}
	});

	it('finds the move behind a change of status by hand', () => {
		assert.equal(moveBetween('PENDING', 'READY'), 'ready');
		assert.equal(moveBetween('READY', 'PENDING'), 'shelve');
		assert.equal(moveBetween('BLOCKED', 'READY'), 'unblock');
		assert.equal(moveBetween('PENDING', 'COMPLETED'), undefined);
		assert.equal(moveBetween('COMPLETED', 'IN_PROGRESS'), undefined);
	});
});
