// Owns the proof that the log of the dashboard is one list of everything: drawn as far as it is seen, filtered, followed until the
// person scrolls up, and nothing in it is more than text.

import { strict as assert } from 'node:assert';
import type { DashboardState } from '../../src/protocol/dashboardState.ts';
import { toEventLine } from '../../src/protocol/eventLine.ts';
import { toDashboardModel } from '../../src/protocol/viewModels.ts';
import { buildDashboardFacts } from '../support/dashboardFacts.ts';
import { buildSnapshot } from '../support/snapshotBuilder.ts';
import { until } from '../support/workbench/until.ts';
import { useDashboard } from '../support/useDashboard.ts';

const overview = toDashboardModel(buildDashboardFacts(buildSnapshot([])));

function stateOf(count: number, message = (index: number) => `did step ${index}`): DashboardState {
	const log = Array.from({ length: count }, (_each, index) =>
		toEventLine({
			sequence: index + 1,
			at: new Date(Date.now() - (count - index) * 1000).toISOString(),
			actor: `agent:Agent-${index % 3}`,
			type: index % 2 === 0 ? 'task.moved' : 'run.reported',
			task_id: `T-${index}`,
			...(index % 2 === 0 ? {} : { run_id: `run-${index}` }),
			message: message(index),
		}),
	);
	return { overview, log };
}

describe('dashboard log', () => {
	const opened = useDashboard('log');

	const lines = () => opened.dashboard.page.locator('.logLine');
	const scrollTop = () => opened.dashboard.page.locator('.log .scroller').evaluate((scroller) => scroller.scrollTop);

	it('draws of ten thousand lines only what is near to sight, the newest first', async () => {
		await opened.dashboard.show(stateOf(10_000));
		await lines().filter({ hasText: 'did step 9999' }).waitFor();
		assert.ok((await lines().count()) < 100, `${await lines().count()} lines are drawn`);
		await opened.dashboard.page.getByText('10,000 events').waitFor();
	});

	it('follows until the person scrolls up, and again when told so', async () => {
		await opened.dashboard.show(stateOf(500));
		await lines().filter({ hasText: 'did step 499' }).waitFor();
		await opened.dashboard.tell(stateOf(600));
		await lines().filter({ hasText: 'did step 599' }).waitFor();
		await opened.dashboard.page.locator('.log .scroller').hover();
		await opened.dashboard.page.mouse.wheel(0, -2000);
		const follow = opened.dashboard.page.getByRole('button', { name: 'Follow' });
		await until('it to stay', async () => (await follow.getAttribute('aria-pressed')) === 'false');
		const before = await scrollTop();
		await opened.dashboard.tell(stateOf(700));
		await opened.dashboard.page.getByText('700 events').waitFor();
		assert.equal(await scrollTop(), before);
		await follow.click();
		await lines().filter({ hasText: 'did step 699' }).waitFor();
	});

	it('shows what was typed and one kind only, and keeps both', async () => {
		await opened.dashboard.show(stateOf(100));
		await opened.dashboard.page.getByRole('textbox', { name: 'Filter the log' }).fill('agent-1 step 4');
		await opened.dashboard.page.getByText('8 events of 100').waitFor();
		await opened.dashboard.page.getByRole('combobox', { name: 'Kind of event' }).click();
		await opened.dashboard.page.getByRole('option', { name: 'Runs' }).click();
		await until('one kind', async () => (await lines().allInnerTexts()).every((text) => text.includes('run')));
		const { logText, logKind } = (await opened.dashboard.kept()) as {
			readonly logText: string;
			readonly logKind: string;
		};
		assert.deepEqual([logText, logKind], ['agent-1 step 4', 'runs']);
	});

	it('opens the task and the run behind a line', async () => {
		await opened.dashboard.show(stateOf(2));
		await opened.dashboard.page.getByRole('button', { name: 'T-0' }).click();
		await opened.dashboard.page.getByRole('button', { name: 'Watch run run-1' }).click();
		assert.deepEqual((await opened.dashboard.sent()).slice(1), [
			{ message: 'revealTask', data: { taskId: 'T-0' } },
			{ message: 'perform', data: { command: 'run.watch', runId: 'run-1' } },
		]);
	});

	it('shows foreign text as text', async () => {
		const evil = '<img src=x onerror="globalThis.isHacked = true"><b>bold</b>';
		await opened.dashboard.show(stateOf(1, () => evil));
		await opened.dashboard.page.getByText(evil).waitFor();
		assert.equal(await opened.dashboard.page.locator('img, b').count(), 0);
		assert.equal(await opened.dashboard.page.evaluate(() => 'isHacked' in globalThis), false);
	});
});
