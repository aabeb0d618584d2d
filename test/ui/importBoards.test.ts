// Owns bringing older boards in from the palette: chosen in the editor's own dialog, told in full, done only on the person's word.
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { contentsOf } from '../support/boardWorkspace.ts';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { boardFile, prepareRepository, readBoard } from './workspaces.ts';

const EPISODE = 'task_board:\n  EP-1:\n    owner: Agent 4\n    status: Not Started\n    desc: Water the plants\n';
const TORN = '[{"task_id": "OLD-1", "name": "Sweep the floor", "status": "todo"}, {"task_id": "OLD-2", "na';

describe('older boards', () => {
	const session = useSession({
		prepare: prepareRepository({
			'old/episodes/one.yaml': EPISODE,
			'old/tasks.json': TORN,
			'old/claim.json': 'Who?',
		}),
	});
	const quick = () => session.workbench.quickInput;
	const filesOf = () => JSON.stringify([...contentsOf(join(session.folder, 'old'))]);

	async function chooseOldFolder(): Promise<void> {
		await quick().runCommand('Dream.OS: Import Boards…');
		await quick().pick('A folder');
		await quick().choosePath('Import Boards', `${join(session.folder, 'old')}/`);
	}

	it('need boards of our own to be brought into', async () => {
		const { workbench } = session;
		await workbench.openContainer('Dream.OS');
		await quick().runCommand('Dream.OS: Import Boards…');
		const { text } = await workbench.messages.untilToast('Initialize');
		assert.match(text, /no task boards yet/u);
		await workbench.messages.dismissToasts();
		await quick().runCommand('Dream.OS: Initialize Workspace');
		await workbench.messages.untilToast('The task boards are ready');
		await workbench.messages.dismissToasts();
	});

	it('are told in full, and left alone on Cancel', async () => {
		const { workbench, folder } = session;
		await chooseOldFolder();
		const question = await workbench.messages.dialogText();
		assert.match(question, /Import 2 tasks\?/u);
		assert.match(question, /Everything is in the document that was opened/u);
		await workbench.screenshot('import');
		await workbench.messages.pressDialogButton('Cancel');
		assert.deepEqual(await readBoard(folder, 'Backlog'), []);
	});

	it("come in on the person's word, once, and their files stay as they are", async () => {
		const { workbench, folder } = session;
		const before = filesOf();
		await chooseOldFolder();
		await workbench.messages.pressDialogButton('Import');
		await workbench.messages.untilToast('2 tasks imported');
		await workbench.messages.dismissToasts();
		await workbench.tree('Tasks').untilDrawn(/Backlog \[2\]/u);
		await until(
			`the tasks in ${boardFile('Backlog')}`,
			async () =>
				(await readBoard(folder, 'Backlog'))
					.map(({ task_id }) => task_id)
					.sort()
					.join() === 'EP-1,OLD-1',
		);
		await chooseOldFolder();
		await workbench.messages.untilToast('There is nothing to import');
		assert.equal(filesOf(), before);
	});
});
