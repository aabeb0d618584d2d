// Owns a person in the place of an agent as it looks in the editor: taking over, giving back, and a conflict in the merge editor.
import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, leftovers, prepareRepository, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;

describe('a person in the place of an agent', () => {
	const session = useSession({
		prepare: prepareRepository({ 'a.txt': 'one\ntwo\nthree\n' }),
		settings: { 'dreamos.landing.conflictRetries': 0, 'dreamos.landing.mode': 'review' },
	});
	const tasks = () => session.workbench.tree('Tasks');

	/** The worktree opens in a window of its own; a page behind another one is not drawn. */
	const leaveWindowOfWorktree = async () => {
		const { page } = session.workbench;
		await until('the window of the worktree', async () => page.context().pages().length > 1);
		for (const other of page.context().pages()) {
			if (other !== page) {
				await other.close();
			}
		}
		await page.bringToFront();
	};

	it('resolves a conflict in the merge editor, and what is saved lands', async () => {
		const { workbench, folder } = session;
		const { page } = workbench;
		await initializeByPalette(workbench);
		await writeReadyQueue(folder, [
			{ task_id: 'C-1', name: 'Clash', run: ["sed -i 's/two/agent/' a.txt", 'echo new > new.txt'] },
		]);
		await tasks().untilDrawn(/Ready \[1\]/u);
		await tasks().viewAction('Start Swarm');
		await tasks().untilDrawn(/Clash \[C-1 · to review/iu, PATIENCE);
		writeFileSync(join(folder, 'a.txt'), 'one\nmine\nthree\n');
		await workbench.quickInput.runCommand('Dream.OS: Accept Change');
		await workbench.quickInput.pick('Clash');
		await tasks().untilDrawn(/Clash \[C-1 · blocked/iu, PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Resolve Conflict…');
		await workbench.quickInput.pick('Clash');
		await page.locator('.merge-editor').first().waitFor({ timeout: PATIENCE });
		await page
			.locator('.merge-editor .view-line', { hasText: /^agent$/u })
			.first()
			.waitFor();
		await workbench.screenshot('merge-editor');
		await page.locator('.merge-editor').getByText("Accept Agent's").first().click();
		await workbench.quickInput.runCommand('File: Save');
		await workbench.messages.pressToastButton('Is every conflict of C-1 decided', 'Land It');
		await tasks().untilDrawn(/Completed \[1\]/u, PATIENCE);
		assert.equal(readFileSync(join(folder, 'a.txt'), 'utf8'), 'one\nagent\nthree\n');
		assert.equal(existsSync(join(folder, 'new.txt')), true);
	});

	it('takes over from an agent at work, and gives it back with what both did', async () => {
		const { workbench, folder } = session;
		await writeReadyQueue(folder, [
			{
				task_id: 'T-1',
				name: 'Long',
				run: ['test -e half.txt || (echo half > half.txt && sleep 300)', 'echo done > done.txt'],
			},
		]);
		await tasks().untilDrawn(/Long \[T-1 · Agent-/iu, PATIENCE);
		await until('the agent to write', async () =>
			worktreesOf(folder).some((worktree) => existsSync(join(worktree, 'half.txt'))),
		);
		await workbench.quickInput.runCommand('Dream.OS: Take Over');
		await workbench.quickInput.pick('Long');
		await leaveWindowOfWorktree();
		const person = userInfo().username;
		await tasks().untilDrawn((drawing) => drawing.includes(`Long [T-1 · ${person}`), PATIENCE);
		const [worktree = ''] = worktreesOf(folder).filter((place) => existsSync(join(place, 'half.txt')));
		writeFileSync(join(worktree, 'mine.txt'), 'mine\n');
		await workbench.quickInput.runCommand('Dream.OS: Give Back');
		await workbench.quickInput.pick('Long');
		assert.match(await workbench.quickInput.question(), /Give T-1 Back/u);
		await workbench.quickInput.type('mind the tests');
		await tasks().untilDrawn(/Long \[T-1 · to review/iu, PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Accept Change');
		await workbench.quickInput.pick('Long');
		await tasks().untilDrawn(/Completed \[2\]/u, PATIENCE);
		for (const path of ['half.txt', 'mine.txt', 'done.txt']) {
			assert.equal(existsSync(join(folder, path)), true, path);
		}
	});

	it('works on a task in a worktree of its own, and finishes it: the checks run, and it goes on as an agent’s', async () => {
		const { workbench, folder } = session;
		await writeReadyQueue(folder, [
			{ task_id: 'P-1', name: 'By hand', agent: 'Nobody', run: [], check: ['grep -q mine by-hand.txt'] },
		]);
		await tasks().untilDrawn(/By hand \[P-1/u, PATIENCE);
		const before = worktreesOf(folder);
		await workbench.quickInput.runCommand('Dream.OS: Work on Task in Worktree…');
		await workbench.quickInput.pick('By hand');
		await leaveWindowOfWorktree();
		const person = userInfo().username;
		await tasks().untilDrawn((drawing) => drawing.includes(`By hand [P-1 · ${person}`), PATIENCE);
		const [worktree = ''] = worktreesOf(folder).filter(
			(place) => !before.includes(place) && !place.includes('pool-'),
		);

		const finish = async () => {
			await workbench.quickInput.runCommand('Dream.OS: Finish My Work');
			await workbench.quickInput.pick('By hand');
			assert.match(await workbench.quickInput.question(), /Finish My Work on P-1/u);
			await workbench.quickInput.type('wrote it by hand');
		};
		await finish();
		await workbench.messages.untilToast(/P-1 stays with you: .*grep -q mine/u);
		await workbench.messages.dismissToasts();
		writeFileSync(join(worktree, 'by-hand.txt'), 'mine\n');
		await finish();
		await tasks().untilDrawn(/By hand \[P-1 · to review/iu, PATIENCE);
		await workbench.quickInput.runCommand('Dream.OS: Accept Change');
		await workbench.quickInput.pick('By hand');
		await tasks().untilDrawn(/Completed \[3\]/u, PATIENCE);
		assert.equal(readFileSync(join(folder, 'by-hand.txt'), 'utf8'), 'mine\n');
	});
});

const worktreesOf = (folder: string): string[] =>
	leftovers(folder).worktrees.map((line) => line.replace(/^worktree /u, ''));
