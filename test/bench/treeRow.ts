// Measures how soon a person sees what another program changed.
//
// Method: the packed extension in a served VS Code on a workspace of 10,000 tasks, its Tasks view open. A second process moves a
// task to the ready queue, then back. An observer in the page notes the moment the task's row is in the document, or gone from it;
// that is after ledger, watcher, model, tree and the editor's own way from the extension host to the window. The clock starts when
// the commit was acknowledged; both read the same wall clock, to the millisecond. Painting is not included.

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { MoveName } from '../../src/core/task/taskStatus.ts';
import { defineBenchmark } from './benchmark.ts';
import { openEditorWindow } from './editorWindow.ts';
import { startOtherProcess, wallTime } from './otherProcess.ts';
import { ordinaryTask } from './seededLedger.ts';
import { seedWorkspace } from './seededWorkspace.ts';
import { median, percentile } from './statistics.ts';
import { taskId } from './taskId.ts';

const warmUpTasks = 4;
const tasks = 40;

export const treeRow = defineBenchmark({
	figures: {
		'ledger.toTreeRow': {
			title: 'change committed by another process → row in the window, median',
			unit: 'ms',
			limit: { atMost: 100 },
		},
	},
	async measure(context) {
		const place = join(context.folder, 'workspace');
		await seedWorkspace(place);
		const { workbench } = await openEditorWindow(context, place);
		await workbench.openContainer('Dream.OS');
		const tree = workbench.tree('Tasks');
		// A closed backlog leaves room in the window for the ready queue.
		await tree.setExpanded('Backlog', false);
		const other = await startOtherProcess(place);
		context.onEnd(() => other.end());

		const times: number[] = [];
		for (let index = 0; index < warmUpTasks + tasks; index += 1) {
			for (const move of ['ready', 'shelve'] as const) {
				await delay(100 + 200 * Math.random());
				const shown = whenRow(workbench.page, ordinaryTask(index).name, move);
				const committed = wallTime(await other.write({ id: taskId(index), move }));
				times.push((await shown) - committed);
			}
		}
		times.splice(0, warmUpTasks * 2);
		const [most, longest] = [percentile(times, 0.99).toFixed(0), Math.max(...times).toFixed(0)];
		return {
			'ledger.toTreeRow': {
				value: median(times),
				notes: [`p99 ${most}, max ${longest} ms (${times.length} changes)`],
			},
		};
	},
});

/** Resolves to the wall time at which the page has a row with the name, or has it no longer. */
function whenRow(page: Page, name: string, move: MoveName): Promise<number> {
	return page.evaluate(
		({ label, isWanted }) =>
			new Promise<number>((resolve) => {
				const isThere = () =>
					[...document.querySelectorAll('.monaco-list-row')].some((row) =>
						(row.textContent ?? '').replaceAll('\u00a0', ' ').includes(label),
					);
				const look = () => {
					if (isThere() === isWanted) {
						observer.disconnect();
						resolve(Date.now());
					}
				};
				const observer = new MutationObserver(look);
				observer.observe(document.body, { childList: true, subtree: true, characterData: true });
				look();
			}),
		{ label: name, isWanted: move === 'ready' },
	);
}
