// Owns what a person does with the Tasks view itself: grouping, sorting, ticking several tasks, and dragging them with the mouse.
import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository, readBoard, writeReadyQueue } from './workspaces.ts';

describe('the Tasks view', () => {
	const session = useSession({ prepare: prepareRepository() });
	const tasks = () => session.workbench.tree('Tasks');
	const quick = () => session.workbench.quickInput;
	const row = (name: string) =>
		session.workbench.page
			.locator('.pane', { hasText: 'Tasks' })
			.locator('.monaco-list-row', { hasText: name })
			.first();
	async function groupBy(title: string): Promise<void> {
		await quick().runCommand('Dream.OS: Group Tasks by…');
		await quick().pick(title);
	}

	it('re-prioritises by a drop on a task, and shelves by a drop on the backlog', async () => {
		await session.workbench.openContainer('Dream.OS');
		await initializeByPalette(session.workbench);
		await writeReadyQueue(session.folder, [
			{ task_id: 'T-1', name: 'First thing', run: ['true'], priority: 'HIGH' },
			{ task_id: 'T-2', name: 'Second thing', run: ['true'] },
			{ task_id: 'T-3', name: 'Third thing', run: ['true'], priority: 'LOW' },
		]);
		await tasks().untilDrawn(/Ready \[3\]\n {2}First thing .*\n {2}Second thing .*\n {2}Third thing/u);
		await row('Third thing').dragTo(row('First thing'));
		await tasks().untilDrawn(/Ready \[3\]\n {2}Third thing \[T-3 · HIGH\]\n {2}First thing .*\n {2}Second thing/u);
		await row('Second thing').dragTo(row('Backlog'));
		await tasks().untilDrawn(/Backlog \[1\]\n {2}Second thing .*\n▾ Ready \[2\]/u);
		await row('Second thing').dragTo(row('Ready'));
		await tasks().untilDrawn(/Ready \[3\]/u);
		await row('First thing').dragTo(row('Completed'));
		const { text } = await session.workbench.messages.untilToast(/No move leads there|allows/u);
		assert.match(text, /T-1/u);
		await session.workbench.messages.dismissToasts();
	});

	it('groups by agent, and assigns by a drop on one', async () => {
		await groupBy('Agent');
		await tasks().untilDrawn(/^▾ Agent-1 \[0\]\n(?:.*\n)+▾ Nobody in particular \[3\]/u);
		await row('First thing').dragTo(row('Agent-3'));
		await tasks().untilDrawn(/▾ Agent-3 \[1\]\n {2}First thing .*\n(?:.*\n)+▾ Nobody in particular \[2\]/u);
		await session.workbench.screenshot('tasks by agent');
	});

	it('makes ticked tasks parts of an epic, and changes them together', async () => {
		await groupBy('Epic');
		await tasks().untilDrawn(/▾ No epic \[3\]/u);
		await quick().runCommand('Dream.OS: Tick Several Tasks');
		for (const name of ['First thing', 'Second thing']) {
			await row(name).locator('.custom-view-tree-node-item-checkbox').click();
		}
		await session.workbench.screenshot('tasks ticked');
		await quick().runCommand('Dream.OS: Change Tasks…');
		await session.workbench.page.getByText('Change 2 Tasks').waitFor();
		await quick().pick('Make Part of a Task…');
		await quick().pick('Third thing');
		await tasks().untilDrawn(/▾ Third thing \[3\]\n/u);
		await quick().runCommand('Dream.OS: Change Tasks…');
		await quick().pick('Set Priority…');
		await quick().pick('CRITICAL');
		await until('both to be critical on their board', async () => {
			const board = await readBoard(session.folder, 'Ready');
			return board.filter((each) => each['priority'] === 'CRITICAL' && each['parent'] === 'T-3').length === 2;
		});
		await quick().runCommand('Dream.OS: Tick Several Tasks');
	});

	it('makes a task part of an epic by a drop, and takes it out by another', async () => {
		const { workbench, folder } = session;
		await quick().runCommand('Dream.OS: Create Task from One Line…');
		await quick().type('Fourth thing');
		await tasks().untilDrawn(/▾ No epic \[1\]\n {2}Fourth thing/u);
		await row('First thing').dragTo(row('No epic'));
		await tasks().untilDrawn(/▾ Third thing \[2\]\n(?:.*\n)*▾ No epic \[2\]/u);
		await row('Fourth thing').dragTo(row('Third thing'));
		await tasks().untilDrawn(/▾ Third thing \[3\]\n(?:.*\n)*▾ No epic \[1\]\n {2}First thing/u);
		await until('the boards to say so', async () => {
			const parents = new Map(
				(await readBoard(folder, 'Ready')).map(({ name, ...fields }) => [name, fields['parent'] ?? null]),
			);
			return parents.get('First thing') === null && parents.get('Fourth thing') === 'T-3';
		});
		await workbench.screenshot('tasks by epic');
		await quick().runCommand('Dream.OS: Undo Last Change');
		await quick().pick('Fourth thing');
		await tasks().untilDrawn(/▾ No epic \[2\]/u);
		await quick().runCommand('Dream.OS: Cancel Task');
		await quick().pick('Fourth thing');
		await quick().accept();
		await tasks().untilDrawn(/Fourth thing \[\S+ · cancelled\]/u);
	});

	it('sorts, and keeps the arrangement over a reload', async () => {
		await groupBy('Board');
		await quick().runCommand('Dream.OS: Sort Tasks by…');
		await quick().pick('Name');
		await tasks().untilDrawn(/Ready \[3\]\n {2}First thing .*\n {2}Second thing .*\n {2}Third thing/u);
		await until('the browser to keep it', () => isKept(session.workbench.page, '"order":"name"'));
		await session.workbench.reload();
		await session.workbench.openContainer('Dream.OS');
		await tasks().untilDrawn(/Ready \[3\]\n {2}First thing .*\n {2}Second thing .*\n {2}Third thing/u);
	});
});

/** Whether the state the editor keeps in this browser holds a text; it is written a moment after it changed. */
async function isKept(page: Page, text: string): Promise<boolean> {
	return await page.evaluate(async (wanted) => {
		const done = <Value>(request: IDBRequest<Value>) =>
			new Promise<Value>((resolve, reject) => {
				request.addEventListener('success', () => resolve(request.result));
				request.addEventListener('error', () => reject(new Error(String(request.error))));
			});
		for (const { name } of await indexedDB.databases()) {
			const database = await done(indexedDB.open(name ?? ''));
			for (const store of database.objectStoreNames) {
				const values: unknown[] = await done(database.transaction(store).objectStore(store).getAll());
				if (values.some((value) => typeof value === 'string' && value.includes(wanted))) {
					return true;
				}
			}
			database.close();
		}
		return false;
	}, text);
}
