// Owns taking over checkpoint files of older agents from the palette: chosen in the editor's own dialog, told in full, done only on the
// person's word, and heard of by nobody twice.
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { contentsOf } from '../support/boardWorkspace.ts';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository, writeReadyQueue } from './workspaces.ts';

const older = (task: string) =>
	JSON.stringify({
		agent_id: 'Agent-3',
		timestamp: '2025-05-18T10:20:30Z',
		checkpoint_type: 'routine',
		version: '1.0',
		state: {
			current_task: { id: task, status: 'IN_PROGRESS', progress_percentage: 40, context: {} },
			mailbox: { last_processed_id: null, pending_count: 0 },
			operational_context: { goals: ['a clean floor'], constraints: [], decisions: ['begin in the corner'] },
			memory: { short_term: {}, session: [] },
		},
	});

describe('older checkpoints', () => {
	const session = useSession({
		prepare: prepareRepository({
			'old/Agent-3_20250518102030_routine.checkpoint': older('SWEEP-1'),
			'old/Agent-3_20250518102031_routine.checkpoint': older('GONE-1'),
			'old/Agent-4_20250518102030_routine.checkpoint': 'torn {',
		}),
	});
	const quick = () => session.workbench.quickInput;
	const filesOf = () => JSON.stringify([...contentsOf(join(session.folder, 'old'))]);

	async function chooseOldFolder(): Promise<void> {
		await quick().runCommand('Dream.OS: Import Older Checkpoints…');
		await quick().pick('A folder');
		await quick().choosePath('Import Older Checkpoints', `${join(session.folder, 'old')}/`);
	}

	before(async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		await writeReadyQueue(folder, [{ task_id: 'SWEEP-1', name: 'Sweep the floor', run: ['true'] }]);
		await workbench.tree('Tasks').untilDrawn(/Ready \[1\]/u);
	});

	it('are told in full, and left alone on Cancel', async () => {
		const { workbench } = session;
		await chooseOldFolder();
		const question = await workbench.messages.dialogText();
		assert.match(question, /Import 1 checkpoint\?/u);
		assert.match(question, /of Agent-3, for SWEEP-1: is taken over/u);
		assert.match(question, /of Agent-3, for GONE-1: is not taken over/u);
		assert.match(question, /There is no task GONE-1 here/u);
		assert.match(question, /Agent-4_20250518102030_routine\.checkpoint: cannot be read, and stays as it is/u);
		await workbench.screenshot('older checkpoints');
		await workbench.messages.pressDialogButton('Cancel');
	});

	it("come in on the person's word, once, and their files stay as they are", async () => {
		const { workbench } = session;
		const before = filesOf();
		await chooseOldFolder();
		await workbench.messages.pressDialogButton('Import');
		await workbench.messages.untilToast('1 checkpoint imported');
		await workbench.messages.dismissToasts();
		await chooseOldFolder();
		await workbench.messages.untilToast('There is nothing to import');
		await workbench.messages.dismissToasts();
		assert.equal(filesOf(), before);
		await quick().runCommand('Dream.OS: Show Task History');
		await quick().pick('Sweep the floor');
		await until(
			'the history',
			async () =>
				(await workbench.editors.text()).includes('A checkpoint that Agent-3 left of SWEEP-1 was taken over'),
			() => workbench.editors.text(),
		);
	});

	it('are written for older agents only where there is one', async () => {
		const { workbench } = session;
		await quick().runCommand('Dream.OS: Export Checkpoints for Older Agents…');
		await workbench.messages.untilToast('There is no checkpoint.');
		await workbench.messages.dismissToasts();
	});
});
