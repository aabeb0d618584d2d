// Checks the archives at random: whatever is finished, reopened, edited, cut and pasted in whatever order, each task is on one file
// in the end, no id is lost, and a ledger built anew from the files says the same.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ArchivePolicy } from '../../../src/core/task/archive.ts';
import { planBoards } from '../../../src/core/workspace/adoptBoards.ts';
import { boardNames, movesFrom } from '../../../src/core/task/taskStatus.ts';
import { assertInPlace, finishTasks } from '../../support/archivedTasks.ts';
import { BoardWorkspace, idOf } from '../../support/boardWorkspace.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

type Step =
	| { readonly kind: 'finish'; readonly count: number; readonly month: number }
	| { readonly kind: 'move'; readonly task: number; readonly move: number }
	| { readonly kind: 'edit'; readonly file: number; readonly record: number }
	| { readonly kind: 'cut'; readonly from: number; readonly to: number; readonly record: number }
	| { readonly kind: 'shuffle'; readonly file: number }
	| { readonly kind: 'policy'; readonly kept: number };

const any = fc.nat({ max: 1000 });
const step: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 3,
		arbitrary: fc.record({
			kind: fc.constant('finish' as const),
			count: fc.integer({ min: 1, max: 40 }),
			month: fc.integer({ min: 1, max: 4 }),
		}),
	},
	{ weight: 3, arbitrary: fc.record({ kind: fc.constant('move' as const), task: any, move: any }) },
	fc.record({ kind: fc.constant('edit' as const), file: any, record: any }),
	fc.record({ kind: fc.constant('cut' as const), from: any, to: any, record: any }),
	fc.record({ kind: fc.constant('shuffle' as const), file: any }),
	fc.record({ kind: fc.constant('policy' as const), kept: fc.integer({ min: 0, max: 30 }) }),
);

describe('archives at random', function () {
	this.timeout(180_000);
	const folders = useTemporaryFolders();

	it('puts each task on one file and loses none, and a ledger built anew has the same', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
				const workspace = await BoardWorkspace.make(folders.make());
				try {
					await run(workspace, steps);
				} finally {
					await workspace.close();
				}
			}),
			{ numRuns: 25, seed: 20_261_125 },
		);
	});
});

async function run(workspace: BoardWorkspace, steps: readonly Step[]): Promise<void> {
	let policy: ArchivePolicy = { kept: 10, days: 0 };
	const mirrors = [0, 1].map(() => workspace.mirror({ archive: () => policy }));
	let next = 0;
	const expected = new Set<string>();
	const fileAt = (index: number) => {
		const files = [...boardNames, ...workspace.archives()];
		return files[index % files.length] ?? 'completed_tasks';
	};
	for (const [index, each] of steps.entries()) {
		switch (each.kind) {
			case 'finish': {
				const prefix = `t${next++}-`;
				await finishTasks(workspace.ledger, prefix, each.count, `2026-0${each.month}-10T00:00:00Z`);
				for (let count = 0; count < each.count; count++) {
					expected.add(`${prefix}${count}`);
				}
				break;
			}
			case 'move': {
				const tasks = await workspace.ledger.read((reader) => reader.tasks());
				const stored = tasks[each.task % Math.max(1, tasks.length)];
				const moves = stored === undefined ? [] : movesFrom(stored.task.status);
				const move = moves[each.move % Math.max(1, moves.length)];
				if (stored !== undefined && move !== undefined) {
					const { task_id } = stored.task;
					await (move === 'claim' ? workspace.claim(task_id, 'ann', null) : workspace.move(task_id, move));
				}
				break;
			}
			case 'edit': {
				const file = fileAt(each.file);
				workspace.edit(file, (records) =>
					records.map((record, place) =>
						place === each.record % records.length ? { ...record, own: index } : record,
					),
				);
				break;
			}
			case 'cut': {
				const from = fileAt(each.from);
				const to = fileAt(each.to);
				const records = workspace.records(from);
				const record = records[each.record % Math.max(1, records.length)];
				if (record !== undefined && from !== to) {
					workspace.edit(from, (all) => all.filter((other) => idOf(other) !== idOf(record)));
					workspace.edit(to, (all) => [record, ...all]);
				}
				break;
			}
			case 'shuffle':
				workspace.edit(fileAt(each.file), (records) => records.toReversed());
				break;
			case 'policy':
				policy = { kept: each.kept, days: 0 };
				break;
		}
		await mirrors[index % 2]?.flush();
		// What follows is not the save of somebody who read the files before.
		workspace.later();
	}
	for (const mirror of mirrors) {
		await mirror.flush();
	}
	await assertInPlace(workspace);
	const tasks = await workspace.ledger.read((reader) => reader.tasks());
	assert.deepEqual(new Set(tasks.map(({ task }) => task.task_id)), expected);
	const rebuilt = await planBoards(workspace.tools, 'rebuilt');
	const shown = (each: {
		readonly task: { readonly task_id: string; readonly status: string };
		readonly archive?: string | undefined;
	}) => `${each.task.task_id} ${each.task.status} ${each.archive ?? ''}`;
	assert.deepEqual(new Set(rebuilt.tasks.map(shown)), new Set(tasks.map(shown)));
}
