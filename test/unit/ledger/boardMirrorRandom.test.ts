// Checks the mirror against people, agents and programs at random, on one workspace with two mirrors: whatever comes, no task is
// lost or doubled, what was typed arrives, and in the end files and ledger say the same.

import assert from 'node:assert/strict';
import type { JsonObject } from '../../../src/base/json.ts';
import { jsonEquals } from '../../../src/base/json.ts';
import { isDreamError } from '../../../src/base/errors.ts';
import { taskFromRecord } from '../../../src/core/board/boardRecord.ts';
import { boardNames, movesFrom } from '../../../src/core/task/taskStatus.ts';
import { BoardWorkspace, idOf } from '../../support/boardWorkspace.ts';
import { Random } from '../../support/random.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

const rounds = 80;

describe('the board mirror at random', () => {
	const folders = useTemporaryFolders();

	for (const seed of [1, 20_261_121, 77]) {
		it(`keeps files and ledger equal and loses nothing (seed ${seed})`, async () => {
			const random = new Random(seed);
			const workspace = await BoardWorkspace.make(folders.make());
			const mirrors = [workspace.mirror(), workspace.mirror()];
			const expected = new Set<string>();
			/** What was typed last into a key only the file knows. */
			const typed = new Map<string, number>();
			let next = 0;
			const anyRecord = (): { board: (typeof boardNames)[number]; id: string } | undefined => {
				const all = boardNames.flatMap((board) =>
					workspace.records(board).map((record) => ({ board, id: idOf(record) })),
				);
				return all.length === 0 ? undefined : random.pick(all);
			};
			const steps: (() => Promise<void> | void)[] = [
				async () => {
					const id = `L${next++}`;
					await workspace.create({
						task_id: id,
						name: id,
						dependencies: [...expected].filter(() => random.next() < 0.05),
					});
					expected.add(id);
				},
				() => {
					const id = `F${next++}`;
					const board = random.pick(['task_backlog', 'task_ready_queue', 'completed_tasks'] as const);
					workspace.edit(board, (records) => {
						const at = random.below(records.length + 1);
						return [
							...records.slice(0, at),
							{ [random.pick(['task_id', 'id'])]: id, name: id, typed: 0 },
							...records.slice(at),
						];
					});
					expected.add(id);
					typed.set(id, 0);
				},
				async () => {
					const stored = random.pick(await workspace.ledger.read((reader) => reader.tasks()));
					const move = stored === undefined ? undefined : random.pick(movesFrom(stored.task.status));
					if (stored === undefined || move === undefined) {
						return;
					}
					const { task_id } = stored.task;
					await (
						move === 'claim' ? workspace.claim(task_id, 'ann', null) : workspace.move(task_id, move)
					).catch((error: unknown) => {
						assert.ok(isDreamError(error), String(error));
					});
				},
				() => {
					const found = anyRecord();
					if (found !== undefined) {
						const value = next++;
						workspace.editRecord(found.board, found.id, {
							typed: value,
							priority: random.pick(['high', 2, 'CRITICAL', 'soon', null]),
						});
						typed.set(found.id, value);
					}
				},
				() => {
					const found = anyRecord();
					if (found !== undefined) {
						workspace.editRecord(found.board, found.id, {
							status: random.pick([
								'READY',
								'todo',
								'WORKING',
								'done',
								'NONSENSE',
								'BLOCKED',
								'CANCELLED',
							]),
						});
					}
				},
				() => {
					const board = random.pick(boardNames);
					workspace.edit(board, (records) => [...records].sort(() => random.next() - 0.5));
				},
				() => {
					// Cut here, pasted there, in one go.
					const found = anyRecord();
					const to = random.pick(boardNames);
					if (found !== undefined && found.board !== to) {
						const record = workspace
							.records(found.board)
							.find((each) => idOf(each) === found.id) as JsonObject;
						workspace.edit(found.board, (records) => records.filter((each) => idOf(each) !== found.id));
						workspace.edit(to, (records) => [...records, record]);
					}
				},
			];
			for (let round = 0; round < rounds; round++) {
				await random.pick(steps)();
				if (random.next() < 0.6) {
					await random.pick(mirrors).flush();
				}
				// A person saves one thing at a time; what two save in the same moment is another test.
				await random.pick(mirrors).flush();
			}
			for (const mirror of mirrors) {
				await mirror.flush();
			}

			const tasks = await workspace.ledger.read((reader) => reader.tasks());
			assert.deepEqual(
				tasks.map(({ task }) => task.task_id).sort(),
				[...expected].sort(),
				'no task lost, none invented',
			);
			const problems = await workspace.mirror().check();
			const excused = new Set(problems.map(({ task_id }) => task_id));
			for (const board of boardNames) {
				const onBoard = tasks.filter((stored) => stored.board === board).map(({ task }) => task.task_id);
				assert.deepEqual(workspace.ids()[board], onBoard, board);
				for (const record of workspace.records(board)) {
					const id = idOf(record);
					const stored = tasks.find(({ task }) => task.task_id === id);
					assert.equal(record['typed'], typed.get(id), `${id} carries what was typed`);
					const { task } = taskFromRecord(record, { board });
					for (const field of ['status', 'priority', 'name', 'dependencies', 'claimed_by'] as const) {
						const isEqual = jsonEquals(task?.[field], stored?.task[field]);
						assert.ok(
							isEqual || excused.has(id),
							`${id} ${field}: file ${JSON.stringify(task?.[field])}, ledger ${JSON.stringify(stored?.task[field])}`,
						);
					}
				}
			}
			const events = await workspace.events();
			assert.equal(events.filter(({ type }) => type === 'task.removed').length, 0);
			const sequences = events.map(({ sequence }) => sequence);
			assert.deepEqual(
				sequences,
				[...sequences].sort((left, right) => left - right),
			);
			assert.deepEqual(workspace.quarantine(), []);
			await workspace.close();
		});
	}
});
