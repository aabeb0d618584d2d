// Owns the first minutes of a person: an empty repository, the palette, rows, questions left with Esc, refusals.
import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { useSession } from './session.ts';
import { createTaskByPalette, initializeByPalette, prepareRepository, readBoard, untilOnBoard } from './workspaces.ts';

/** What the palette must offer, by these titles. */
const PALETTE = [
	'Initialize Workspace',
	'Create Task',
	'Create Task from One Line…',
	'Create Task from Selection…',
	'Claim Task',
	'Start Task',
	'Block Task',
	'Complete Task',
	'Fail Task',
	'Cancel Task',
	'Release Task',
	'Start Swarm',
	'Stop Swarm',
	'Open Task in Board',
	'Check Boards',
	'Open Dashboard',
	'Show Logs',
];

describe('first run', () => {
	const session = useSession({ prepare: prepareRepository() });
	const tasks = () => session.workbench.tree('Tasks');
	const quick = () => session.workbench.quickInput;
	const { untilToast, dismissToasts } = {
		untilToast: (text: string | RegExp) => session.workbench.messages.untilToast(text),
		dismissToasts: () => session.workbench.messages.dismissToasts(),
	};
	const idOf = async (name: string) => {
		const [record] = (await readBoard(session.folder, 'Ready')).filter((each) => each.name === name);
		assert.ok(record, `${name} is not on the ready queue`);
		return record.task_id;
	};

	const createTask = (name: string, dependency?: string) => createTaskByPalette(session.workbench, name, dependency);

	it('offers to set the folder up and does', async () => {
		const { workbench, folder } = session;
		await workbench.openContainer('Dream.OS');
		await workbench.page.getByText('This folder has no task boards yet').waitFor();
		assert.match(await tasks().message(), /Initialize Workspace/u);
		assert.equal(existsSync(join(folder, 'runtime')), false, 'nothing may be written before the person says so');
		await initializeByPalette(workbench);
		const agents = (await workbench.tree('Agents').draw()).split('\n');
		assert.equal(agents.length, 8);
		assert.match(agents[7] ?? '', /^▸ Agent-8 \[idle · /u);
		assert.match(await tasks().message(), /Create Task/u);
		for (const board of ['Backlog', 'Ready', 'Working', 'Completed'] as const) {
			assert.deepEqual(await readBoard(folder, board), []);
		}
	});

	it('offers every command by its title, and none that means nothing without a row', async () => {
		// The list shows its first screen only; what is below it comes when more of it is typed.
		const offered = await quick().commands('Dream.OS: ');
		for (const title of PALETTE.map((each) => `Dream.OS: ${each}`)) {
			if (!offered.includes(title)) {
				offered.push(...(await quick().commands(title)));
			}
			assert.ok(offered.includes(title), `${title} is missing among\n${offered.join('\n')}`);
		}
		assert.ok(!(await quick().commands('Dream.OS: Show')).includes('Dream.OS: Show More'));
		assert.ok(!offered.includes('Dream.OS: Adopt These Boards'), 'there is nothing to adopt');
	});

	it('creates tasks by the palette, and a waiting one behind its dependency', async () => {
		await createTask('Write the parser');
		await tasks().untilDrawn(/▾ Ready \[1\]\n {2}Write the parser \[TASK-/u);
		await createTask('Test the parser', 'Write the parser');
		await tasks().untilDrawn(
			/^▾ Backlog \[1\]\n {2}Test the parser \[[^\]]+\]\n▾ Ready \[1\]\n {2}Write the parser \[[^\]]+\]\n▾ Working \[0\]\n▸ Completed \[0\]$/u,
		);
		await untilOnBoard(session.folder, 'Ready', [await idOf('Write the parser')]);
	});

	it('refuses with a reason and a way out', async () => {
		await tasks().contextMenu('Test the parser', 'Claim Task');
		const { text } = await untilToast(/waits for/u);
		assert.match(text, /\(READY\)/u);
		assert.match(text, /Complete those first, or take them out/u);
		await dismissToasts();
		await quick().runCommand('Dream.OS: Complete Task');
		await untilToast('No task that you hold is in work. A task is in work once it is claimed.');
		await dismissToasts();
	});

	it('leaves every question quietly with Esc', async () => {
		const before = await tasks().draw();
		const questions = ['Claim Task', 'Start Task', 'Block Task', 'Cancel Task', 'Open Task in Board'];
		for (const title of questions) {
			await quick().runCommand(`Dream.OS: ${title}`);
			assert.ok((await quick().question()).startsWith(title), title);
			await quick().escape();
		}
		// Each further question of a command that asks several.
		for (let answered = 0; answered < 7; answered += 1) {
			await quick().runCommand('Dream.OS: Create Task');
			for (let step = 0; step < answered; step += 1) {
				await session.workbench.page.getByText(`Create Task (${step + 1}/7)`).waitFor();
				await (step === 0 ? quick().type('Never made') : quick().accept());
			}
			await session.workbench.page.getByText(`Create Task (${answered + 1}/7)`).waitFor();
			await quick().escape();
		}
		await tasks().contextMenu('Write the parser', 'Block Task');
		assert.match(await quick().question(), /What is missing\?/u);
		await quick().accept();
		await session.workbench.page.getByText('Say what is missing').waitFor();
		await quick().escape();
		assert.deepEqual(await session.workbench.messages.toasts(), []);
		assert.equal(await tasks().draw(), before);
	});

	it('takes a task from claim to done on its row, and the boards and the badge follow', async () => {
		const { workbench, folder } = session;
		const id = await idOf('Write the parser');
		await tasks().inlineAction('Write the parser', 'Claim Task');
		await tasks().untilDrawn(/▾ Working \[1\]\n {2}Write the parser/u);
		await untilOnBoard(folder, 'Working', [id]);
		assert.match(await workbench.badge('Dream.OS'), /^1$/u);
		await tasks().contextMenu('Write the parser', 'Start Task');
		await untilInWork('IN_PROGRESS');
		await tasks().inlineAction('Write the parser', 'Complete Task');
		await tasks().untilDrawn(/▾ Working \[0\]\n▸ Completed \[1\]/u);
		await tasks().untilDrawn(/▾ Ready \[1\]\n {2}Test the parser/u);
		const [done] = await untilOnBoard(folder, 'Completed', [id]);
		assert.equal(done?.status, 'COMPLETED');
		assert.equal(await workbench.badge('Dream.OS'), '');
	});

	it('does the same by the palette', async () => {
		for (const [title, board] of [
			['Claim Task', 'Working'],
			['Start Task', 'Working'],
			['Complete Task', 'Completed'],
		] as const) {
			await quick().runCommand(`Dream.OS: ${title}`);
			await quick().pick('Test the parser');
			await tasks().untilDrawn(new RegExp(`${board} \\[${board === 'Working' ? 1 : 2}\\]`, 'u'));
		}
		assert.deepEqual(await session.workbench.messages.toasts(), []);
	});

	it('opens a task where it stands in its board', async () => {
		await tasks().setExpanded('Completed', true);
		await tasks().contextMenu('Write the parser', 'Open Task in Board');
		await session.workbench.page.locator('.tab.active', { hasText: 'completed_tasks.json' }).waitFor();
		assert.match(await session.workbench.editors.text(), /"name": "Write the parser"/u);
	});

	async function untilInWork(status: string): Promise<void> {
		const icon = session.workbench.page.locator(
			`.monaco-list-row[aria-label*="${status.toLowerCase().replace('_', ' ')}" i]`,
		);
		await icon.first().waitFor();
	}
});
