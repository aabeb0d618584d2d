// Owns lists of tasks in the editor: many are created from the open document after a look at them, and written out again.
import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository, untilOnBoard } from './workspaces.ts';

const list = `# To do

- [ ] Wash up (HIGH) #kitchen id:H-1
- [ ] Dry after:"Wash up" id:H-2
`;

describe('lists of tasks', () => {
	const session = useSession({
		prepare: prepareRepository({ 'list.md': list, 'bad.csv': 'name,dependencies\nCook,\nEat,nothing\n' }),
	});

	it('become tasks after the person has seen what would be created', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		await workbench.editors.open('list.md');
		await workbench.quickInput.runCommand('Dream.OS: Create Tasks from List…');
		await workbench.quickInput.pick('This document');
		const question = await workbench.messages.dialogText();
		assert.match(question, /Create 2 tasks from list\.md\?.*Wash up.*Dry/su);
		await workbench.messages.pressDialogButton('Create');
		await workbench.tree('Tasks').untilDrawn(/Backlog \[1\]\n {2}Dry.*Ready \[1\]\n {2}Wash up/su);
		await untilOnBoard(folder, 'Ready', ['H-1'], 5_000);
	});

	it('are refused whole, with every fault by its line', async () => {
		const { workbench } = session;
		await workbench.editors.open('bad.csv');
		await workbench.quickInput.runCommand('Dream.OS: Create Tasks from List…');
		await workbench.quickInput.pick('This document');
		await workbench.messages.untilToast(/Nothing was created: 1 fault in the list/u);
		await until('the faults', async () =>
			/Line 3, dependencies: There is no task nothing/u.test(await workbench.editors.text()),
		);
	});

	it('are written to a file, from which nothing is lost', async () => {
		const { workbench, folder } = session;
		await workbench.quickInput.runCommand('Dream.OS: Export Tasks…');
		await workbench.quickInput.pick('Everything');
		await workbench.quickInput.pick('Markdown');
		const target = join(folder, 'tasks.md');
		await workbench.quickInput.choosePath('Export', target);
		await until('the file', () => Promise.resolve(existsSync(target)));
		assert.match(await readFile(target, 'utf8'), /^- \[ \] Wash up \(HIGH\) #kitchen id:H-1$/mu);
	});
});
