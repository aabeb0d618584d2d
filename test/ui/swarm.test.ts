// Owns the swarm as a person sees it: tasks are done in order, changes land in open editors and can be undone, unsaved text
// is kept, a conflict is said, and nothing is left behind.
import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import {
	hostProcesses,
	initializeByPalette,
	leftovers,
	NOTHING_LEFT,
	prepareRepository,
	readBoard,
	runWorktrees,
	untilOnBoard,
	writeReadyQueue,
} from './workspaces.ts';

const SWARM_MILLISECONDS = 30_000;
const POEM = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n';

describe('swarm', () => {
	const session = useSession({
		prepare: prepareRepository({ 'poem.txt': POEM, 'list.txt': POEM, 'old.txt': POEM, 'gone.txt': 'gone\n' }),
	});
	const tasks = () => session.workbench.tree('Tasks');
	const path = (name: string) => join(session.folder, name);
	const bufferOf = async (name: string) => {
		await session.workbench.editors.open(name);
		return session.workbench.editors.text();
	};

	it('works on tasks in order, and everything on the screen follows by itself', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		await workbench.quickInput.runCommand('Dream.OS: Open Dashboard');
		await workbench.editors.webviewFrame('main#page .counts');
		// Opened beforehand, so that the change lands in an editor a person looks at.
		await workbench.editors.open('poem.txt');
		await writeReadyQueue(folder, [
			{ task_id: 'T-3', name: 'Third', dependencies: ['T-2'], run: ['rm gone.txt', 'echo end >> new.txt'] },
			{ task_id: 'T-1', name: 'First', run: ["sed -i 's/^two$/TWO/' poem.txt", 'sleep 2'] },
			{
				task_id: 'T-2',
				name: 'Second',
				dependencies: ['T-1'],
				run: ['grep TWO poem.txt', 'echo begin > new.txt', 'mkdir -p moved', 'git mv old.txt moved/to.txt'],
				check: ['test -s new.txt', 'test ! -e old.txt'],
			},
		]);
		await tasks().untilDrawn(/Backlog \[2\][^]*Ready \[1\]\n {2}First/u);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await tasks().untilDrawn(/Working \[1\]\n {2}First \[T-1 · Agent-\d\]/u);
		assert.equal(await workbench.badge('Dream.OS'), '1');
		await until(
			'the status bar to say what is in work',
			async () => (await workbench.statusBar()).some((text) => /\b1 working/u.test(text)),
			async () => (await workbench.statusBar()).join(' | '),
		);
		await workbench.tree('Agents').untilDrawn(/▸ Agent-\d \[working · First · /u);
		await tasks().untilDrawn(/Working \[0\]\n▸ Completed \[3\]/u, SWARM_MILLISECONDS);
		await workbench.tree('Agents').untilDrawn((drawing) => !/working/u.test(drawing));
		await until('the badge to go', async () => (await workbench.badge('Dream.OS')) === '');
		await workbench.editors.openTab('Dream.OS Dashboard');
		const page = await workbench.editors.webviewFrame('main#page .counts');
		await page.locator('.count[data-status="COMPLETED"] .figure', { hasText: '3' }).waitFor();
		await untilOnBoard(folder, 'Completed', ['T-1', 'T-2', 'T-3']);
		const order = (await readBoard(folder, 'Completed')).toSorted((a, b) =>
			String(a['completed_at']).localeCompare(String(b['completed_at'])),
		);
		assert.deepEqual(
			order.map(({ task_id }) => task_id),
			['T-1', 'T-2', 'T-3'],
		);
	});

	it('has landed edits, new, renamed and deleted files in the open workspace', async () => {
		assert.equal(readFileSync(path('new.txt'), 'utf8'), 'begin\nend\n');
		assert.equal(readFileSync(path('moved/to.txt'), 'utf8'), POEM);
		assert.deepEqual([existsSync(path('old.txt')), existsSync(path('gone.txt'))], [false, false]);
		assert.match(await bufferOf('poem.txt'), /^one\nTWO\nthree/u);
		assert.equal(readFileSync(path('poem.txt'), 'utf8'), POEM.replace('two', 'TWO'));
	});

	it('takes a landed change back with one Undo', async () => {
		await editors().open('poem.txt');
		await pressInEditor('Control+Z');
		await untilText(POEM);
		await pressInEditor('Control+Shift+Z');
		await untilText(POEM.replace('two', 'TWO'));
		await pressInEditor('Control+S');
	});

	it('merges into unsaved text, leaves it unsaved, and one Undo takes only the merge back', async () => {
		await editors().open('list.txt');
		await editors().type('mine ', 'start');
		await writeReadyQueue(session.folder, [{ task_id: 'T-4', run: ["sed -i 's/^six$/SIX/' list.txt"] }]);
		await untilText(`mine ${POEM.replace('six', 'SIX')}`, SWARM_MILLISECONDS);
		assert.ok(await isDirty('list.txt'), 'the file must stay unsaved');
		assert.equal(readFileSync(path('list.txt'), 'utf8'), POEM, 'nobody but the person saves what the person wrote');
		await pressInEditor('Control+Z');
		await untilText(`mine ${POEM}`);
		await pressInEditor('Control+Shift+Z');
		await untilText(`mine ${POEM.replace('six', 'SIX')}`);
	});

	it('blocks the task with the reason where both changed a line, and leaves the text alone', async () => {
		const { workbench } = session;
		await tasks().untilDrawn(/Completed \[4\]/u);
		const before = await editors().text();
		await writeReadyQueue(session.folder, [
			{ task_id: 'T-5', name: 'The same line', run: ["sed -i '1s/.*/theirs/' list.txt"] },
		]);
		// The agent begins with the saved text; the person has not saved theirs.
		await tasks().untilDrawn(/Working \[1\]\n {2}The same line \[T-5 · blocked/iu, SWARM_MILLISECONDS);
		// Before that it was told that the agent does it again; this one says which file stands in the way.
		await workbench.messages.untilToast(/The same line.*list\.txt/u);
		await workbench.messages.dismissToasts();
		assert.equal(await editors().text(), before);
		assert.ok(await isDirty('list.txt'));
		assert.equal(readFileSync(path('list.txt'), 'utf8'), POEM);
		const [record] = await untilOnBoard(session.folder, 'Working', ['T-5']);
		assert.equal(record?.status, 'BLOCKED');
		assert.match(JSON.stringify(record?.['block_reason']), /conflict.*list\.txt/u);
	});

	it('stops, and leaves no process, no worktree, no reference and no commit behind', async () => {
		const { workbench, folder, editor } = session;
		await writeReadyQueue(folder, [{ task_id: 'T-6', name: 'Long work', run: ['sleep 60'] }]);
		await tasks().untilDrawn(/Working \[2\][^]*Long work/u, SWARM_MILLISECONDS);
		await until('a worktree for it', async () => runWorktrees(folder) === 1);
		await workbench.quickInput.runCommand('Dream.OS: Stop Swarm');
		await tasks().untilDrawn(/Ready \[1\]\n {2}Long work/u);
		await until(
			'the host to end',
			async () => (await hostProcesses(editor)).length === 0,
			async () => JSON.stringify(await editor.processes()),
		);
		const working = (await editor.processes()).filter(({ command }) => command.includes('sleep 60'));
		assert.deepEqual(working, []);
		assert.deepEqual(leftovers(folder), NOTHING_LEFT);
		await until('the status bar to say so', async () =>
			(await workbench.statusBar()).some((text) => text.includes('Swarm stopped')),
		);
	});

	const editors = () => session.workbench.editors;
	const isDirty = async (name: string) => (await editors().tabs()).some((tab) => tab.title === name && tab.isDirty);

	async function untilText(text: string, milliseconds?: number): Promise<void> {
		await until(
			'the text in the editor',
			async () => (await editors().text()) === text,
			() => editors().text(),
			milliseconds,
		);
	}

	async function pressInEditor(key: string): Promise<void> {
		await editors().type('', 'end');
		await session.workbench.page.keyboard.press(key);
	}
});
