// Owns boards that Dream.OS did not make: shown read-only, no byte changed, adopted only after the person has seen what changes.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentsOf, copyVictor, victorFixture } from '../support/boardWorkspace.ts';
import { makeRepository } from '../support/temporaryRepository.ts';
import { until } from '../support/workbench/until.ts';
import type { BoardRecord } from './workspaces.ts';
import { boardFile, prepareRepository } from './workspaces.ts';
import type { Session } from './session.ts';
import { useSession } from './session.ts';

const OLD_TASK = {
	id: 'OLD-1',
	title: 'Sweep the floor',
	status: 'todo',
	priority: 1,
	estimate: { hours: 2.5, by: 'Ann' },
	run: 'echo swept > floor.txt',
};
const BACKLOG = [OLD_TASK, { task_id: 'OLD-2', name: 'Wash the windows', status: 'PENDING', colour: 'blue' }];
const WORKING = [{ task_id: 'OLD-3', name: 'Paint the door', status: 'done', notes: ['dry', 'dust-free'] }];
const YAML = 'tasks:\n  - id: OLD-4\n    title: not JSON\n';

function prepareOldBoards(folder: string): void {
	makeRepository(folder, {
		'README.md': '# old\n',
		[boardFile('Backlog')]: `${JSON.stringify(BACKLOG, undefined, 4)}\n`,
		[boardFile('Working')]: JSON.stringify(WORKING),
		[boardFile('Ready')]: YAML,
	});
}

const textOf = (folder: string, path: string) => readFileSync(join(folder, path), 'utf8');
const recordsOf = (folder: string, path: string) => JSON.parse(textOf(folder, path)) as BoardRecord[];

/** Everything but git's own housekeeping. */
function filesOf(folder: string): string {
	const files = [...contentsOf(folder)].filter(([name]) => !name.startsWith('.git'));
	return JSON.stringify(files);
}

async function untilAdopted({ workbench }: Session): Promise<void> {
	await workbench.messages.untilToast('The boards are adopted');
	await workbench.messages.dismissToasts();
}

describe('boards of somebody else', () => {
	const session = useSession({ prepare: prepareOldBoards });
	const tasks = () => session.workbench.tree('Tasks');
	const quick = () => session.workbench.quickInput;
	let before: string;

	it('are shown read-only, with a problem for the file that cannot be read', async () => {
		const { workbench, folder } = session;
		before = filesOf(folder);
		await workbench.openContainer('Dream.OS');
		await tasks().untilDrawn(/Backlog \[2\]\n {2}Sweep the floor \[OLD-1[^\n]*\n {2}Wash the windows \[OLD-2/u);
		// Each task stands where its file is, whatever its status says.
		await tasks().untilDrawn(/Working \[1\]\n {2}Paint the door \[OLD-3/u);
		await until('the message', async () => /read-only until you adopt them/u.test(await tasks().message()));
		const problems = await workbench.editors.problems();
		assert.match(problems.join('\n'), /task_ready_queue\.json/u);
		assert.match(problems.join('\n'), /\[Ln 1, Col 1\]/u);
	});

	it('are searched by the filter', async () => {
		await tasks().viewAction('Filter Tasks');
		await quick().type('windows');
		await tasks().untilDrawn(/Backlog \[1 of 2\]\n {2}Wash the windows[^\n]*\n▾ Ready/u);
		await tasks().viewAction('Clear Filter');
		await tasks().untilDrawn(/Backlog \[2\]/u);
	});

	it('are not worked on', async () => {
		const { workbench, folder } = session;
		assert.deepEqual(await tasks().contextMenuItems('Sweep the floor'), ['Open Task in Board']);
		for (const title of ['Claim Task', 'Create Task', 'Start Swarm']) {
			await quick().runCommand(`Dream.OS: ${title}`);
			const { text, buttons } = await workbench.messages.untilToast('read-only');
			assert.match(text, /Adopt them first/u);
			assert.deepEqual(buttons, ['Adopt These Boards…']);
			await workbench.messages.dismissToasts();
		}
		await quick().runCommand('Dream.OS: Check Boards');
		await workbench.messages.untilToast(/1 problem|problems? in/u);
		await workbench.messages.dismissToasts();
		assert.equal(filesOf(folder), before, 'not one byte may change before adopting');
	});

	it('are adopted only after the person saw what changes and said yes', async () => {
		const { workbench, folder } = session;
		await quick().runCommand('Dream.OS: Adopt These Boards');
		const question = await workbench.messages.dialogText();
		assert.match(question, /3 tasks from 2 files will be taken over/u);
		assert.match(question, /1 task will move from working_tasks\.json to completed_tasks\.json/u);
		assert.match(question, /Status "todo" is understood as PENDING/u);
		assert.match(question, /task_ready_queue\.json cannot be read and is left alone \(line 1/u);
		await workbench.screenshot('adopt');
		await workbench.messages.pressDialogButton('Cancel');
		assert.equal(filesOf(folder), before, 'Cancel must change nothing');
		await quick().runCommand('Dream.OS: Initialize Workspace');
		await workbench.messages.pressDialogButton('Adopt');
		await untilAdopted(session);
		await tasks().untilDrawn(/Completed \[1\]/u);
		assert.equal(textOf(folder, boardFile('Ready')), YAML);
		const [swept] = recordsOf(folder, boardFile('Backlog'));
		assert.deepEqual(Object.keys(swept ?? {}).slice(0, 6), Object.keys(OLD_TASK));
		assert.deepEqual(swept?.['estimate'], OLD_TASK.estimate);
	});

	it('are then worked on', async () => {
		const { folder } = session;
		await tasks().contextMenu('Sweep the floor', 'Claim Task');
		await tasks().untilDrawn(/Working \[1\]\n {2}Sweep the floor/u);
		await until(
			'the record on the working board',
			async () => {
				const [record] = recordsOf(folder, boardFile('Working'));
				return record?.['id'] === 'OLD-1' && record.status === 'CLAIMED' && record['estimate'] !== undefined;
			},
			() => textOf(folder, boardFile('Working')),
			2_000,
		);
	});
});

describe(`boards of a real older project${victorFixture === undefined ? ' (skipped: its fixture is not beside the repository)' : ''}`, () => {
	if (victorFixture === undefined) {
		return;
	}
	const ID = 'SNAPSHOT-ENGINE-BOOTSTRAP-001';
	const session = useSession({
		prepare: (folder) => {
			copyVictor(folder);
			prepareRepository()(folder);
		},
	});
	const tasks = () => session.workbench.tree('Tasks');

	it('are shown, adopted, and a task of them is done with all its fields kept', async () => {
		const { workbench, folder } = session;
		const before = filesOf(folder);
		const original = recordsOf(folder, boardFile('Backlog')).find(({ task_id }) => task_id === ID);
		assert.ok(original);
		await workbench.openContainer('Dream.OS');
		await tasks().untilDrawn((drawing) => drawing.includes(ID));
		assert.match(
			(await workbench.editors.problems('task_ready_queue')).join('\n'),
			/task_ready_queue\.json.*\n.*cannot/u,
		);
		assert.equal(filesOf(folder), before, 'looking changes nothing');
		await workbench.quickInput.runCommand('Dream.OS: Adopt These Boards');
		assert.match(await workbench.messages.dialogText(), /more lines?, in the document that was opened/u);
		await workbench.screenshot('adopt real project');
		await workbench.messages.pressDialogButton('Adopt');
		await untilAdopted(session);
		await workbench.quickInput.runCommand('Dream.OS: Claim Task');
		await workbench.quickInput.type(ID, { accept: false });
		await workbench.quickInput.pick(ID);
		await tasks().untilDrawn((drawing) => new RegExp(`▾ Working \\[\\d+\\][^▸]*${ID}`, 'u').test(drawing));
		await workbench.quickInput.runCommand('Dream.OS: Complete Task');
		await workbench.quickInput.type(ID, { accept: false });
		await workbench.quickInput.pick(ID);
		const record = await until('the task on completed_tasks.json', async () =>
			recordsOf(folder, boardFile('Completed')).find(({ task_id }) => task_id === ID),
		);
		assert.equal(record.status, 'COMPLETED');
		const { status: _todo, ...kept } = original;
		assert.deepEqual({ ...record, ...kept }, record, 'every other field of the original stays as it was');
	});
});
