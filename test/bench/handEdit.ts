// Measures how soon a hand edit of a board is in the views.
//
// Method: a live workspace whose backlog holds 10,000 tasks (a file of some 10 MB), in this process, as in an editor window. A
// round changes the name of one task in the file's text and saves the whole file, by turns in place, as an editor does, and by
// renaming a new file over it, as git and scripts do. The clock starts when the save is complete and stops when the model
// announces a snapshot with the new name. Before each round the boards are at rest. Reported is the median of all rounds; the
// budget is one for people, and a single save that meets a checkpoint of the disk is no news to them.

import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { boardPath } from '../../src/core/paths.ts';
import { defineBenchmark } from './benchmark.ts';
import { monotonicNow } from './otherProcess.ts';
import { taskCount } from './seededLedger.ts';
import { openBenchWorkspace, seedWorkspace } from './seededWorkspace.ts';
import { median, percentile, shuffled } from './statistics.ts';
import { whenShown } from './whenShown.ts';
import { taskId } from './taskId.ts';

const warmUpRounds = 4;
const rounds = 24;

export const handEdit = defineBenchmark({
	figures: {
		'boards.handEditToTree': {
			title: 'hand edit of a board of 10,000 tasks → snapshot for the trees, median',
			unit: 'ms',
			limit: { atMost: 300 },
		},
	},
	async measure({ folder, onEnd }) {
		const place = join(folder, 'workspace');
		await seedWorkspace(place);
		const workspace = await openBenchWorkspace(place, 'everything');
		onEnd(() => workspace.close());
		await workspace.model.settled();
		const board = join(place, boardPath('task_backlog'));
		const ids = [...shuffled(taskCount, 2)].map(taskId);

		const times: number[] = [];
		for (let round = 0; round < warmUpRounds + rounds; round += 1) {
			await workspace.flushBoards();
			await delay(300 + 300 * Math.random());
			const id = ids[round] ?? '';
			const name = `Renamed by hand in round ${round}`;
			const text = renamed(await readFile(board, 'utf8'), id, name);
			const shown = whenShown(
				workspace,
				`${id} as "${name}"`,
				(snapshot) => snapshot.tasks.get(id)?.task.name === name,
			);
			const saved = await save(board, text, round % 2 === 0);
			times.push((await shown) - saved);
		}
		times.splice(0, warmUpRounds);
		const inPlace = times.filter((_, index) => index % 2 === 0);
		const replaced = times.filter((_, index) => index % 2 === 1);
		return {
			'boards.handEditToTree': {
				value: median(times),
				notes: [
					`p90 ${percentile(times, 0.9).toFixed(0)}, max ${Math.max(...times).toFixed(0)} ms (${rounds} rounds); saved in place ${median(inPlace).toFixed(0)}, by renaming ${median(replaced).toFixed(0)} ms`,
				],
			},
		};
	},
});

/** The board's text with another name for one task, and not a byte else. */
function renamed(text: string, id: string, name: string): string {
	const start = text.indexOf(`"${id}"`);
	const field = /"name":\s*/u.exec(text.slice(start));
	if (start < 0 || field === null) {
		throw new Error(`The board does not hold ${id}.`);
	}
	const from = start + field.index + field[0].length;
	const until = text.indexOf('\n', from);
	return `${text.slice(0, from)}${JSON.stringify(name)},${text.slice(until)}`;
}

/** Resolves to the time at which the save was complete. */
async function save(path: string, text: string, isInPlace: boolean): Promise<number> {
	if (isInPlace) {
		await writeFile(path, text);
	} else {
		await writeFile(`${path}~`, text);
		await rename(`${path}~`, path);
	}
	return monotonicNow();
}
