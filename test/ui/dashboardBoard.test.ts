// Owns the proof that the board is worked with by mouse and by keyboard, says why before a drop that cannot be, stays small at ten
// thousand tasks, and shows foreign text as text. In a plain browser; the editor's answers are its own code.

import { strict as assert } from 'node:assert';
import type { TaskStatus } from '../../src/core/task/taskStatus.ts';
import { planDrop } from '../../src/core/task/planDrop.ts';
import { taskStatuses } from '../../src/core/task/taskStatus.ts';
import { projectState, projectTask } from '../support/dashboardTasks.ts';
import { until } from '../support/workbench/until.ts';
import { useDashboard } from '../support/useDashboard.ts';

describe('dashboard board', () => {
	const opened = useDashboard('board');

	const column = (status: TaskStatus) => opened.dashboard.page.locator(`.boardColumn[data-status="${status}"]`);
	const card = (id: string) => opened.dashboard.page.locator(`.card[data-task="${id}"]`);
	const posted = async (name: string) => {
		const sent = await opened.dashboard.sent();
		return sent.filter(({ message }) => message === name).map(({ data }) => data);
	};
	const isPosted = (name: string, data: unknown) =>
		until(`"${name}" to be posted`, async () =>
			(await posted(name)).some((each) => JSON.stringify(each) === JSON.stringify(data)),
		);
	/** Answers as the editor does, for tasks that wait for nothing and that nobody works on. */
	const answerDrop = async (id: string) => {
		await isPosted('planDrop', { taskIds: [id] });
		const { status = 'PENDING' } = projectTask(Number(id.slice(2)));
		const places = taskStatuses.map((to) => {
			const plan = planDrop({ task: { task_id: id, status }, waitsFor: [], run: undefined }, to);
			return {
				status: to,
				why: plan.kind === 'refused' ? plan.why : null,
				move: plan.kind === 'move' ? plan.move : null,
			};
		});
		await opened.dashboard.say('drops', { taskIds: [id], places });
	};
	const said = () => opened.dashboard.page.locator('.board .said');

	it('has every task under its status, and draws few of ten thousand', async () => {
		await opened.dashboard.show(projectState(10_000));
		await column('COMPLETED').getByText('3,125').waitFor();
		const drawn = await opened.dashboard.page.locator('.card').count();
		assert.ok(drawn > 20 && drawn < 300, `${drawn} cards are drawn`);
		await opened.dashboard.tell(
			projectState(10_000, (index) => (index === 0 ? { status: 'READY', pinned: 1 } : {})),
		);
		await column('READY').locator('.card').first().getByText('T-0').waitFor();
	});

	it('is dragged with the mouse; a column says no, and why, before the drop', async () => {
		await opened.dashboard.show(projectState(32));
		await card('T-1').hover();
		await opened.dashboard.page.mouse.down();
		await column('REVIEW').hover({ force: true });
		await answerDrop('T-1');
		await until(
			'the column to refuse',
			async () => (await column('REVIEW').getAttribute('data-drop')) === 'cannot',
		);
		assert.match(await said().innerText(), /^To review: The swarm puts tasks there/u);
		await opened.dashboard.page.mouse.up();
		assert.deepEqual(await posted('moveTasks'), []);

		await card('T-1').hover();
		await opened.dashboard.page.mouse.down();
		await column('BLOCKED').hover({ force: true });
		await answerDrop('T-1');
		await until(
			'the column to take it',
			async () => (await column('BLOCKED').getAttribute('data-drop')) === 'over',
		);
		await opened.dashboard.page.mouse.up();
		await isPosted('moveTasks', { taskIds: ['T-1'], to: 'BLOCKED' });
		assert.equal(await column('BLOCKED').getAttribute('data-drop'), null);
	});

	it('is left as it was when a drag ends with Esc', async () => {
		await opened.dashboard.show(projectState(32));
		await card('T-1').hover();
		await opened.dashboard.page.mouse.down();
		await column('BLOCKED').hover({ force: true });
		await answerDrop('T-1');
		await opened.dashboard.page.keyboard.press('Escape');
		await opened.dashboard.page.mouse.up();
		assert.deepEqual(await posted('moveTasks'), []);
		assert.equal(await opened.dashboard.page.locator('.ghost').count(), 0);
	});

	it('is worked with by keys alone', async () => {
		await opened.dashboard.show(projectState(32));
		const { keyboard } = opened.dashboard.page;
		await column('PENDING').getByRole('listbox').focus();
		await keyboard.press('ArrowDown');
		await keyboard.press('ArrowDown');
		assert.equal(await card('T-6').getAttribute('aria-selected'), 'true');
		await keyboard.press('ArrowRight');
		await keyboard.press('Home');
		assert.equal(await card('T-1').getAttribute('aria-selected'), 'true');
		await keyboard.press('m');
		await answerDrop('T-1');
		const menu = opened.dashboard.page.getByRole('menu');
		await menu.waitFor();
		assert.match(
			await menu.getByRole('menuitem', { name: /^Checking/u }).innerText(),
			/The swarm puts tasks there/u,
		);
		assert.equal(await menu.getByRole('menuitem', { name: /^Checking/u }).getAttribute('aria-disabled'), 'true');
		await menu.getByRole('menuitem', { name: /^Checking/u }).press('Enter');
		await keyboard.press('Escape');
		await isPosted('planDrop', { taskIds: ['T-1'] });
		assert.deepEqual(await posted('moveTasks'), [], 'a place that says no takes nothing');
		await keyboard.press('m');
		await answerDrop('T-1');
		await menu.getByRole('menuitem', { name: /^Blocked/u }).press('Enter');
		await isPosted('moveTasks', { taskIds: ['T-1'], to: 'BLOCKED' });
		await until('the focus to come back', async () =>
			column('READY')
				.getByRole('listbox')
				.evaluate((list) => list === document.activeElement),
		);
		await keyboard.press('Enter');
		await isPosted('revealTask', { taskId: 'T-1' });
	});

	it('selects several, and acts on all of them', async () => {
		await opened.dashboard.show(projectState(64));
		await card('T-0').click();
		await card('T-16').click({ modifiers: ['Shift'] });
		await opened.dashboard.page.getByText('3 tasks selected').waitFor();
		await card('T-6').click({ modifiers: ['Control'] });
		await opened.dashboard.page.getByRole('button', { name: 'Move to…' }).click();
		await isPosted('planDrop', { taskIds: ['T-0', 'T-16'] });
	});

	it('changes name and priority in place', async () => {
		await opened.dashboard.show(projectState(32));
		await card('T-1').click();
		await opened.dashboard.page.keyboard.press('F2');
		const box = opened.dashboard.page.getByRole('textbox', { name: 'Name of T-1' });
		await box.fill('Another name');
		await box.press('Escape');
		await opened.dashboard.page.keyboard.press('F2');
		await box.fill('The right name');
		await box.press('Enter');
		await isPosted('editTask', { taskId: 'T-1', name: 'The right name' });
		await opened.dashboard.page.getByRole('combobox', { name: 'Priority of what is selected' }).click();
		await opened.dashboard.page.getByRole('option', { name: 'CRITICAL', exact: true }).click();
		await isPosted('editTask', { taskId: 'T-1', priority: 'CRITICAL' });
		assert.equal((await posted('editTask')).length, 2);
	});

	it('is searched by the editor, and laned by agent and epic', async () => {
		await opened.dashboard.show(projectState(64));
		await opened.dashboard.page.getByRole('textbox', { name: 'Search the board' }).fill('tag:ui');
		await isPosted('search', { text: 'tag:ui' });
		await opened.dashboard.say('found', { text: 'tag:ui', ids: ['T-4', 'T-8'], total: 2 });
		await until('two cards', async () => (await opened.dashboard.page.locator('.card').count()) === 2);
		await opened.dashboard.page.getByRole('textbox', { name: 'Search the board' }).fill('');
		await opened.dashboard.page.getByRole('combobox', { name: 'Lanes' }).click();
		await opened.dashboard.page.getByRole('option', { name: 'Lanes by epic' }).click();
		const lane = opened.dashboard.page.locator('.lane', { hasText: 'Make the landing say' }).first();
		await lane.locator('summary').click();
		await until(
			'the lane to be closed',
			async () => (await lane.locator('.card').filter({ visible: true }).count()) === 0,
		);
		const { lanes, closedLanes } = (await opened.dashboard.kept()) as { lanes: string; closedLanes: string[] };
		assert.deepEqual([lanes, closedLanes.length], ['epic', 1]);
	});

	it('shows foreign text as text, and says when there is nothing', async () => {
		const evil = '<img src=x onerror="globalThis.isHacked = true"><b>bold</b>';
		const fields = { name: evil, task_type: evil, tags: [evil], claimed_by: evil, parent: evil };
		await opened.dashboard.show(
			projectState(8, () => ({ ...fields, block_reason: { kind: 'needs_input', text: evil } })),
		);
		await opened.dashboard.page.getByText(evil).first().waitFor();
		assert.equal(await opened.dashboard.page.locator('img, b').count(), 0);
		assert.equal(await opened.dashboard.page.evaluate(() => 'isHacked' in globalThis), false);
		await opened.dashboard.show(projectState(0));
		await opened.dashboard.page.getByText('There is no task yet.').waitFor();
	});
});
