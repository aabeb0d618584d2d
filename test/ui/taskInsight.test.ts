// Owns the looks into one task: its history as a document, why it waits, undo, pins, and help while a board is typed.
import { strict as assert } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { boardFile, createTaskByPalette, initializeByPalette, prepareRepository, readBoard } from './workspaces.ts';

describe('one task', () => {
	const session = useSession({ prepare: prepareRepository() });
	const tasks = () => session.workbench.tree('Tasks');
	const messages = () => session.workbench.messages;

	const createTask = (name: string) => createTaskByPalette(session.workbench, name);

	it('is pinned before the others, and unpinned by undo', async () => {
		await session.workbench.openContainer('Dream.OS');
		await initializeByPalette(session.workbench);
		await createTask('First task');
		await tasks().untilDrawn(/▾ Ready \[1\]/u);
		await createTask('Second task');
		await tasks().untilDrawn(/▾ Ready \[2\]\n {2}First task .*\n {2}Second task/u);
		await tasks().contextMenu('Second task', 'Pin Task');
		await tasks().untilDrawn(/▾ Ready \[2\]\n {2}Second task \[pinned · .*\n {2}First task/u);
		await tasks().contextMenu('Second task', 'Undo Last Change');
		await messages().untilToast(/Taken back: edited: pinned/u);
		await messages().dismissToasts();
		await tasks().untilDrawn(/▾ Ready \[2\]\n {2}First task .*\n {2}Second task/u);
	});

	it('says why it waits', async () => {
		await tasks().contextMenu('Second task', 'Why Is It Waiting?');
		await messages().untilToast(/is READY, number 2 of 2 in the queue \(MEDIUM\): /u);
		await messages().dismissToasts();
	});

	it('shows its history as a document', async () => {
		await tasks().contextMenu('Second task', 'Show Task History');
		await session.workbench.editors.openTab('History of TASK-');
		const text = await session.workbench.editors.text();
		assert.match(text, /created as READY: Second task/u);
		assert.match(text, /pinned: nothing → 1/u);
		assert.match(text, /pinned: 1 → nothing/u);
	});

	it('is checked by its schema while a board is typed, in any known vocabulary', async () => {
		const { workbench, folder } = session;
		const records = await readBoard(folder, 'Ready');
		const [first, ...others] = records;
		assert.ok(first !== undefined);
		const older = {
			...first,
			priority: 2,
			details: 'as before',
			timestamp_updated: '{{NOW}}',
			max_attempts: 'many',
		};
		await writeFile(join(folder, boardFile('Ready')), JSON.stringify([older, ...others], null, 2));
		await workbench.editors.open(boardFile('Ready'));
		const lines = await until('the warning of the schema', async () => {
			const found = await workbench.editors.problems();
			return found.some((each) => each.includes('Incorrect type')) && found;
		});
		// The file, what our reader says of the wrong value, and what the schema says of it; of the rest nothing.
		assert.equal(lines.length, 3, lines.join('\n'));
		assert.match(lines.join('\n'), /max_attempts must be a whole number/u);
	});
});
