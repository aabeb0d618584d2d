// Measures what a window's extension host holds after an hour of updates, ten a second: whether it grows with time.
//
// Method: the packed extension in a served VS Code with the dashboard's board and the sidebar open, on a workspace of 500 tasks. Another
// process moves tasks to the ready queue and back, 36,000 times, each a commit of its own, ten at a time as fast as they are
// acknowledged; between them the window draws what it may. What is live in the host is read through its debugger, after a garbage
// collection, when a tenth of the changes was made and after all: what grows by then grows with time. Other extensions live in that
// host, too.

import { join } from 'node:path';
import { until } from '../support/workbench/until.ts';
import { defineBenchmark } from './benchmark.ts';
import { openEditorWindow } from './editorWindow.ts';
import { startOtherProcess } from './otherProcess.ts';
import { openDebugger } from './processDebugger.ts';
import { seedWorkspace } from './seededWorkspace.ts';
import { taskId } from './taskId.ts';

const tasks = 500;
/** An hour at ten a second. */
const updates = 36_000;
/** Commits that wait for the disk at the same time share its sync. */
const together = 10;

export const editorHeap = defineBenchmark({
	figures: {
		'editor.heapGrowth': {
			title: 'by how much the extension host grows in nine tenths of 36,000 updates',
			unit: 'MB',
			limit: { atMost: 5 },
		},
	},
	async measure(context) {
		const place = join(context.folder, 'workspace');
		await seedWorkspace(place, { tasks });
		const { editor, workbench } = await openEditorWindow(context, place);
		await workbench.openContainer('Dream.OS');
		await workbench.tree('Tasks').setExpanded('Backlog', true);
		await workbench.quickInput.runCommand('Dream.OS: Open Dashboard');
		const page = await workbench.editors.webviewFrame('main#page vscode-tabs');
		await page.getByRole('tab', { name: 'Board' }).click();
		await page.locator('.boardColumn[data-status="PENDING"] .card').first().waitFor();

		const host = await until('the extension host', async () =>
			(await editor.processes()).find(({ command }) => command.includes('--type=extensionHost')),
		);
		const inside = await openDebugger(host.pid);
		context.onEnd(() => inside.close());
		const other = await startOtherProcess(place);
		context.onEnd(() => other.end());
		let early = Number.NaN;
		const begun = Date.now();
		context.say(`… changing tasks ${updates} times`);
		for (let made = 0; made < updates; made += together) {
			const round = Math.floor(made / together);
			const move = round % 2 === 0 ? 'ready' : 'shelve';
			const first = Math.floor(round / 2) * together;
			const orders = Array.from({ length: together }, (_each, index) => taskId((first + index) % tasks));
			await Promise.all(orders.map((id) => other.write({ id, move })));
			if (made === updates / 10) {
				early = await inside.liveMegabytes();
			}
		}
		const seconds = (Date.now() - begun) / 1000;
		const late = await inside.liveMegabytes();
		const show = (megabytes: number) => `${megabytes.toFixed(1)} MB`;
		return {
			'editor.heapGrowth': {
				value: late - early,
				notes: [`${show(early)}, then ${show(late)}; ${(updates / seconds).toFixed(0)} changes a second`],
			},
		};
	},
});
