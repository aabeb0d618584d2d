// Owns the conflict radar as a person sees it: a file that two agents change at once is marked in the explorer and named on both
// tasks while they work, and the mark goes with them.
import { strict as assert } from 'node:assert';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;

describe('the conflict radar', () => {
	const session = useSession({
		prepare: prepareRepository({ 'src/both.txt': 'one\n', 'src/calm.txt': 'one\n' }),
		settings: { 'dreamos.landing.mode': 'review', 'workbench.hover.delay': 100 },
	});
	const row = (name: string) =>
		session.workbench.page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: name }).first();
	/** The badge right of a file's name. */
	const badge = async (name: string) =>
		await row(name)
			.locator('.monaco-icon-label')
			.first()
			.evaluate((label) => getComputedStyle(label, '::after').content);

	it('marks a file two agents change, and says on their tasks who the other is', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		await writeReadyQueue(
			folder,
			['A-1', 'B-1'].map((task_id) => ({
				task_id,
				name: `Change ${task_id}`,
				run: [
					`echo ${task_id} >> src/both.txt`,
					...(task_id === 'A-1' ? ['echo A >> src/calm.txt'] : []),
					'while ! test -e "$(git rev-parse --git-common-dir)/../go"; do sleep 0.2; done',
				],
			})),
		);
		await workbench.tree('Tasks').untilDrawn(/Ready \[2\]/u);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		for (const name of ['Change A-1', 'Change B-1']) {
			await workbench.tree('Tasks').untilDrawn(new RegExp(`${name} \\[.*same files as Agent-\\d`, 'u'), PATIENCE);
		}
		await workbench.screenshot('radar-tasks');
		await workbench.openContainer('Explorer');
		await row('src').click();
		await row('both.txt').waitFor();
		await until(
			'the mark on the file',
			async () => (await badge('both.txt')).includes('⇄'),
			() => badge('both.txt'),
		);
		await until('the sign of the one agent', async () => /A\d/u.test(await badge('calm.txt')));
		assert.equal((await badge('calm.txt')).includes('⇄'), false);
		const hover = workbench.page.locator('.workbench-hover', { hasText: 'both.txt' });
		// A row that is drawn anew under the mouse closes its hover: go away and come again.
		await until('the hover of the file', async () => {
			await workbench.page.mouse.move(700, 10);
			await row('both.txt').locator('.label-name').hover({ timeout: 2_000 });
			await hover.waitFor({ timeout: 3_000 });
			return true;
		});
		assert.match(
			await hover.innerText(),
			/Several agents change this file at the same time: Agent-\d \([AB]-1\), Agent-\d \([AB]-1\)/u,
		);
		await workbench.screenshot('radar-explorer');
	});

	it('takes the mark away when only one is left', async () => {
		const { workbench } = session;
		await workbench.quickInput.runCommand('Dream.OS: Cancel Task');
		await workbench.quickInput.pick('Change A-1');
		await workbench.messages.pressDialogButton('Cancel Task');
		await until(
			'the mark to go',
			async () => /A\d/u.test(await badge('both.txt')) && !(await badge('both.txt')).includes('⇄'),
			() => badge('both.txt'),
		);
		await until('the other file to be nobody’s', async () => !/A\d/u.test(await badge('calm.txt')));
	});
});
