// Owns the proof that the graph shows what waits for what: chains are lit up, a node shows what it is tied to, the tasks behind it
// are on the board, epics fold, and five hundred nodes are drawn.

import { strict as assert } from 'node:assert';
import { dependencyPaths } from '../../src/core/figures/dependencyPaths.ts';
import type { Task } from '../../src/core/task/task.ts';
import { toTaskCard } from '../../src/protocol/taskCard.ts';
import { toDashboardModel } from '../../src/protocol/viewModels.ts';
import { buildDashboardFacts } from '../support/dashboardFacts.ts';
import { projectState } from '../support/dashboardTasks.ts';
import { buildSnapshot } from '../support/snapshotBuilder.ts';
import { buildTask } from '../support/swarmBuilders.ts';
import { until } from '../support/workbench/until.ts';
import { useDashboard } from '../support/useDashboard.ts';

function stateOf(tasks: readonly (readonly [string, Partial<Task>])[]) {
	const stored = tasks.map(([id, fields], index) => buildTask(id, { status: 'PENDING', ...fields }, index));
	return {
		overview: toDashboardModel(buildDashboardFacts(buildSnapshot(stored))),
		tasks: stored.map((each) => toTaskCard(each.task.task_id, each)),
		paths: dependencyPaths(stored.map(({ task }) => task)),
	};
}

const project = () =>
	stateOf([
		['A', { status: 'BLOCKED', block_reason: { kind: 'needs_input', text: 'which?' } }],
		['B', { dependencies: ['A'], parent: 'E' }],
		['C', { dependencies: ['B'], parent: 'E' }],
		['D', { dependencies: ['C'] }],
		['X', {}],
		['Y', { dependencies: ['X'] }],
		['E', {}],
		['alone', {}],
	]);

describe('dashboard graph', () => {
	const opened = useDashboard('graph');

	const nodes = (selector = '') => opened.dashboard.page.locator(`.node${selector}`);
	const idsOf = async (selector = '') =>
		(
			await nodes(selector).evaluateAll((all) => all.map((node) => node.getAttribute('data-node') ?? ''))
		).toSorted();
	const press = (name: string | RegExp) => opened.dashboard.page.getByRole('button', { name }).click();

	it('shows tasks that are tied, and counts those that are not', async () => {
		await opened.dashboard.show(project());
		assert.deepEqual(await idsOf(), ['A', 'B', 'C', 'D', 'X', 'Y']);
		await opened.dashboard.page.getByText('2 tasks tied to no other').waitFor();
		assert.equal(await opened.dashboard.page.locator('.line').count(), 4);
	});

	it('lights up the critical path and what stands still, and opens it on the board', async () => {
		await opened.dashboard.show(project());
		await press('Critical Path (4)');
		assert.deepEqual(await idsOf('.isLit'), ['A', 'B', 'C', 'D']);
		await press('Longest Blocked Chain (4)');
		await opened.dashboard.page.getByText('3 tasks in a row cannot go on before A.').waitFor();
		await press('Show on Board');
		await opened.dashboard.show({ ...project() });
		await until('the board with four', async () => (await opened.dashboard.page.locator('.card').count()) === 4);
		await press(/^Only: blocked chain/u);
		await until('all of them', async () => (await opened.dashboard.page.locator('.card').count()) === 8);
	});

	it('opens the tasks it does not draw on the board', async () => {
		await opened.dashboard.show(project());
		await press('2 tasks tied to no other');
		await opened.dashboard.show({ ...project() });
		await until('the board with two', async () => (await opened.dashboard.page.locator('.card').count()) === 2);
		await press(/^Only: tied to no other/u);
		await opened.dashboard.page.getByRole('tab', { name: 'Graph' }).click();
	});

	it('shows what is lit up alone, and all of it again', async () => {
		await opened.dashboard.show(project());
		const only = opened.dashboard.page.getByRole('button', { name: 'Only These' });
		assert.equal(await only.isDisabled(), true);
		await nodes('[data-node="X"]').click();
		await only.click();
		assert.deepEqual(await idsOf(), ['X', 'Y']);
		await opened.dashboard.page.keyboard.press('Escape');
		assert.equal(await only.getAttribute('aria-pressed'), 'true');
		await only.click();
		assert.deepEqual(await idsOf(), ['A', 'B', 'C', 'D', 'X', 'Y']);
	});

	it('is chosen and walked with keys', async () => {
		await opened.dashboard.show(project());
		await nodes('[data-node="A"]').focus();
		await opened.dashboard.page.keyboard.press('ArrowRight');
		assert.equal(await nodes('[data-node="B"]').evaluate((node) => node === document.activeElement), true);
		await opened.dashboard.page.keyboard.press(' ');
		assert.deepEqual(await idsOf('.isLit'), ['A', 'B', 'C', 'D']);
		await opened.dashboard.page.keyboard.press('Escape');
		assert.deepEqual(await idsOf('.isLit'), []);
		await opened.dashboard.page.keyboard.press('Enter');
		assert.deepEqual((await opened.dashboard.sent()).at(-1), { message: 'revealTask', data: { taskId: 'B' } });
	});

	it('folds epics, and opens one of them', async () => {
		await opened.dashboard.show(project());
		await press('Collapse by Epic');
		assert.deepEqual(await idsOf(), ['A', 'D', 'X', 'Y', 'epic E']);
		await nodes('[data-node="epic E"]').dblclick();
		assert.deepEqual(await idsOf(), ['A', 'B', 'C', 'D', 'X', 'Y']);
	});

	it('draws five hundred nodes of ten thousand tasks, and says how many it does not', async () => {
		await opened.dashboard.show(projectState(10_000));
		await opened.dashboard.page.getByText('500 nodes not drawn').waitFor();
		assert.equal(await nodes().count(), 500);
	});

	it('shows foreign text as text, and says when there is nothing', async () => {
		const evil = '<img src=x onerror="globalThis.isHacked = true"><script>globalThis.isHacked = true</script>';
		await opened.dashboard.show(
			stateOf([
				['A', { name: evil }],
				[evil.slice(0, 60), { name: evil, dependencies: ['A'] }],
			]),
		);
		assert.equal(await nodes().count(), 2);
		assert.equal(await opened.dashboard.page.locator('main img, main script').count(), 0);
		assert.equal(await opened.dashboard.page.evaluate(() => 'isHacked' in globalThis), false);
		await opened.dashboard.show(stateOf([]));
		await opened.dashboard.page.getByText('No unfinished task waits for another one.').waitFor();
	});
});
