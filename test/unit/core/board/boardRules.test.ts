// Checks the small rules that the merge stands on: places, circles, moves by hand, encodings, the stale-save rule.

import assert from 'node:assert/strict';
import { diffBoards } from '../../../../src/core/board/boardDiff.ts';
import { readBoard } from '../../../../src/core/board/boardFile.ts';
import { findCycles } from '../../../../src/core/board/findCycles.ts';
import { handMoves } from '../../../../src/core/board/handMoves.ts';
import { placeTasks } from '../../../../src/core/board/placeTasks.ts';
import { contentHash } from '../../../../src/core/board/quarantine.ts';
import {
	isStale,
	rebaseDiff,
	staleMilliseconds,
	staleTogetherMilliseconds,
} from '../../../../src/core/board/replacedRecords.ts';
import { isFinished, moveRule, taskStatuses } from '../../../../src/core/task/taskStatus.ts';
import { Random } from '../../../support/random.ts';

describe('places on a board', () => {
	const sortedBy = (order: string[], places: Map<string, number>) => {
		const result = new Map([...places, ...placeTasks(order, places)]);
		return [...order].sort((left, right) => (result.get(left) ?? 0) - (result.get(right) ?? 0));
	};

	it('change as little as they can', () => {
		const places = new Map([
			['A', 1],
			['B', 2],
			['C', 3],
		]);
		assert.deepEqual([...placeTasks(['A', 'B', 'C'], places)], []);
		assert.deepEqual([...placeTasks(['A', 'N', 'B', 'C'], places)], [['N', 1.5]]);
		assert.deepEqual(
			[...placeTasks(['N', 'A', 'B', 'C', 'M'], places)],
			[
				['N', 0],
				['M', 4],
			],
		);
		assert.deepEqual(
			[...placeTasks(['B', 'A', 'C'], places)],
			[
				['B', 1],
				['A', 2],
			],
		);
		assert.deepEqual(
			[...placeTasks(['X', 'Y'], new Map())],
			[
				['X', 1],
				['Y', 2],
			],
		);
	});

	it('follow any order, also when there is no room left between two', () => {
		const random = new Random(11);
		for (let round = 0; round < 500; round++) {
			const ids = Array.from({ length: random.below(12) }, (_, index) => `T${index}`);
			const places = new Map(
				ids
					.filter(() => random.next() < 0.7)
					.map((id) => [id, random.pick([1, 1 + 1e-9, 2, 3, random.next() * 5])]),
			);
			const distinct = new Map(
				[...places].filter(([id, place]) =>
					[...places].every(([other, each]) => other === id || each !== place),
				),
			);
			const order = [...ids].sort(() => random.next() - 0.5);
			assert.deepEqual(sortedBy(order, distinct), order);
		}
	});
});

describe('circles of dependencies', () => {
	const tasks = (graph: Record<string, string[]>) =>
		Object.entries(graph).map(([task_id, dependencies]) => ({ task_id, dependencies }));

	it('are found once each, with their path', () => {
		assert.deepEqual(findCycles(tasks({ A: ['B'], B: ['C'], C: ['A'], D: ['A'], E: ['E'], F: ['missing'] })), [
			['A', 'B', 'C'],
			['E'],
		]);
		assert.deepEqual(findCycles(tasks({ A: ['B', 'C'], B: ['D'], C: ['D'], D: [] })), [], 'a diamond is none');
	});

	it('are found at the end of a chain of 50,000 tasks', () => {
		const graph = Object.fromEntries(
			Array.from({ length: 50_000 }, (_, index) => [`T${index}`, [`T${index + 1}`]]),
		);
		graph['T50000'] = ['T49999'];
		assert.deepEqual(findCycles(tasks(graph)), [['T49999', 'T50000']]);
	});
});

describe('moves by hand', () => {
	it('follow the table of moves step by step and end where they should', () => {
		for (const from of taskStatuses) {
			for (const to of taskStatuses) {
				const moves = handMoves(from, to) ?? [];
				let states = [from];
				for (const move of moves) {
					const rule = moveRule(move);
					assert.ok(
						states.some((status) => rule.from.includes(status)),
						`${from} → ${to}: ${move}`,
					);
					states = rule.to === 'queue' ? ['READY', 'PENDING'] : [rule.to];
				}
				assert.ok(moves.length === 0 || states.includes(to), `${from} → ${to}`);
			}
		}
	});

	it('never take a finished task into work, nor give it another end', () => {
		const allowed = taskStatuses
			.filter(isFinished)
			.flatMap((from) =>
				taskStatuses.filter((to) => handMoves(from, to) !== undefined).map((to) => `${from} ${to}`),
			);
		assert.deepEqual(allowed, [
			'COMPLETED PENDING',
			'COMPLETED READY',
			'FAILED PENDING',
			'FAILED READY',
			'CANCELLED PENDING',
			'CANCELLED READY',
		]);
	});
});

describe('what changed between two texts', () => {
	const reading = (records: object[], board: 'task_backlog' | 'working_tasks' = 'task_backlog') =>
		readBoard(JSON.stringify(records), { file: board, board });
	const A = { task_id: 'A', x: 1 };
	const B = { task_id: 'B' };

	it('is a record that is new, gone, edited or somewhere else, and never one that was only laid out anew', () => {
		const sides = [
			{
				board: 'task_backlog' as const,
				base: reading([A, B, { task_id: 'C' }, { task_id: 'D' }]),
				file: readBoard('[{"x": 1,  "task_id": "A"}, {"task_id":"C","y":1}, {"task_id":"E"}]', { file: 'x' }),
			},
			{
				board: 'working_tasks' as const,
				base: reading([], 'working_tasks'),
				file: reading([B], 'working_tasks'),
			},
		];
		const { changes, orders } = diffBoards(sides);
		const byId = [...changes].sort((left, right) => (left.id < right.id ? -1 : 1));
		assert.deepEqual(
			byId.map(({ id, before, after }) => [id, before?.board, after?.board]),
			[
				['B', 'task_backlog', 'working_tasks'],
				['C', 'task_backlog', 'task_backlog'],
				['D', 'task_backlog', undefined],
				['E', undefined, 'task_backlog'],
			],
		);
		assert.deepEqual(
			[...orders],
			[
				['task_backlog', ['A', 'C', 'E']],
				['working_tasks', ['B']],
			],
		);
	});

	it('is seen against what its writer read, for as long as that may be', () => {
		const base = reading([{ ...A, status: 'READY', y: 2 }, { task_id: 'N' }]);
		const sides = (file: object[]) => [{ board: 'task_backlog' as const, base, file: reading(file) }];
		const replaced = [
			{ board: 'task_backlog' as const, task_id: 'A', record: A, mirrored: 5, at: 1000 },
			{ board: 'task_backlog' as const, task_id: 'N', record: null, mirrored: 5, at: 1000 },
		];
		const seen = (file: object[], now: number) => {
			const both = sides(file);
			const { changes, stale } = rebaseDiff(diffBoards(both), both, replaced, now);
			return [changes.map(({ id, mirrored, after }) => [id, mirrored, after !== undefined]), [...stale]];
		};
		assert.deepEqual(seen([A], 2000), [[], ['task_backlog']], 'an old text changes nothing');
		assert.deepEqual(
			seen([{ ...A, mine: 1 }], 2000),
			[[['A', 5, true]], ['task_backlog']],
			'what was changed in it counts',
		);
		assert.deepEqual(
			seen([A], 1000 + staleMilliseconds),
			[[], ['task_backlog']],
			'who undoes several at once did not see them',
		);
		assert.deepEqual(
			seen([A], 1000 + staleTogetherMilliseconds),
			[
				[
					['A', undefined, true],
					['N', undefined, false],
				],
				[],
			],
			'later it is meant',
		);
		const present = { ...A, status: 'READY', y: 2 };
		assert.deepEqual(
			seen([present], 1500),
			[[['N', undefined, false]], []],
			'who took one of two out has seen both',
		);
		assert.deepEqual(seen([{ ...A, status: 'READY', y: 3 }, { task_id: 'N' }], 2000), [
			[['A', undefined, true]],
			[],
		]);
		assert.equal(isStale(replaced, 'task_backlog', 'A', { x: 1, task_id: 'A' }, 2000), true);
	});
});

describe('the name of a quarantine copy', () => {
	it('tells contents apart', () => {
		const random = new Random(5);
		const seen = new Map<string, string>();
		for (let round = 0; round < 20_000; round++) {
			const text = `${random.next()} ${random.text()}`;
			const hash = contentHash(new TextEncoder().encode(text));
			assert.match(hash, /^[0-9a-z]{11}$/u);
			assert.equal(seen.get(hash) ?? text, text);
			seen.set(hash, text);
		}
		assert.notEqual(contentHash(Uint8Array.from([0, 1])), contentHash(Uint8Array.from([1, 0])));
	});
});
