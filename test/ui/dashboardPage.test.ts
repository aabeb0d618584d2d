// Owns the proof that the dashboard's page works as a page: it shows a model, sends what is pressed, keeps focus while it is
// refreshed, remembers its layout, and shows foreign text as text. In a plain browser, with a stand-in for the editor's end.

import { strict as assert } from 'node:assert';
import type { Browser, Page } from 'playwright-core';
import { toDashboardModel } from '../../src/protocol/viewModels.ts';
import { DashboardBrowser } from '../support/dashboardBrowser.ts';
import { buildDashboardFacts } from '../support/dashboardFacts.ts';
import { buildShownAgent, buildSnapshot } from '../support/snapshotBuilder.ts';
import { buildRun, buildTask } from '../support/swarmBuilders.ts';
import { until } from '../support/workbench/until.ts';
import { launchBrowser } from '../support/workbench/workbench.ts';

const evil = '<img src=x onerror="globalThis.isHacked = true"><b>bold</b>';

/** What is shown: the times in it count from now. */
function buildModel() {
	const run = buildRun('run-1', { task_id: 'A', opened_at: new Date(Date.now() - 65_000).toISOString() });
	const snapshot = buildSnapshot(
		[
			buildTask('A', { name: evil, status: 'IN_PROGRESS' }),
			buildTask('B', { status: 'REVIEW', claimed_by: 'Agent-2' }),
			buildTask('C', { status: 'BLOCKED', block_reason: { kind: 'needs_input', text: evil } }),
		],
		{
			agents: [buildShownAgent('Agent-1', [run]), buildShownAgent('Agent-2')],
			swarm: { shouldRun: true, isHostAlive: true, mode: 'work' },
		},
	);
	return toDashboardModel(
		buildDashboardFacts(snapshot, {
			today: { completed: 3, failed: 0, tokens: 1200, cost: null },
			budget: { kind: 'money', used: 16.2, limit: 20, currency: 'USD', level: 'warned' },
			signs: new Map([['run-1', { usage: 'Context: 900 tokens', lastAction: 'Reads the parser' }]]),
			driven: new Set(['run-1']),
		}),
	);
}

describe('dashboard page', () => {
	let browser: Browser;
	let dashboard: DashboardBrowser;
	let page: Page;
	let model: ReturnType<typeof buildModel>;

	before(async () => {
		browser = await launchBrowser();
	});
	after(() => browser.close());
	beforeEach(async () => {
		model = buildModel();
		dashboard = await DashboardBrowser.open(browser);
		({ page } = dashboard);
	});
	afterEach(() => page.close());

	const sent = () => dashboard.sent();
	const show = (overview: typeof model) => dashboard.show({ overview });
	const press = (name: string | RegExp) => page.getByRole('button', { name }).click();

	it('says when it is ready, and shows nothing of its own', async () => {
		assert.deepEqual(await sent(), [{ message: 'ready', data: { tab: 'overview', period: 'week' } }]);
		assert.deepEqual(await page.locator('header button').filter({ visible: true }).allInnerTexts(), []);
	});

	it('takes what is new, and asks for all of it again when something was missed', async () => {
		await show(model);
		await dashboard.tell({ overview: { ...model, folder: 'other' } });
		await page.getByText('other', { exact: true }).waitFor();
		await dashboard.tell({ overview: { ...model, folder: 'missed' } }, (delta) => ({ ...delta, sequence: 99 }));
		await until('the page to ask again', async () => (await sent()).length === 2);
		assert.equal(await page.getByText('missed').count(), 0);
	});

	it('tells the editor which tab is seen, by mouse and by keyboard, and keeps it', async () => {
		await show(model);
		await dashboard.openTab('Log');
		await page.getByRole('tab', { name: 'Log' }).press('ArrowRight');
		await page.keyboard.press(' ');
		assert.deepEqual((await sent()).slice(1), [
			{ message: 'watch', data: { tab: 'log', period: 'week' } },
			{ message: 'watch', data: { tab: 'overview', period: 'week' } },
		]);
	});

	it('offers to steer who is at work, and nobody else', async () => {
		await show(model);
		const buttonsOf = (agent: string) =>
			page
				.locator('.agents li', { hasText: agent })
				.getByRole('button')
				.filter({ visible: true })
				.allInnerTexts();
		assert.deepEqual((await buttonsOf('Agent-1')).slice(1), ['Watch', 'Message', 'Pause', 'Stop', 'Log']);
		assert.deepEqual(await buttonsOf('Agent-2'), ['Pause']);
		await press('Pause the run of Agent-1');
		await press(/^Stop Agent-1/u);
		await press(/^Pause Agent-2/u);
		assert.deepEqual((await sent()).slice(1), [
			{ message: 'perform', data: { command: 'run.pause', runId: 'run-1' } },
			{ message: 'perform', data: { command: 'task.release', taskId: 'A' } },
			{ message: 'perform', data: { command: 'agent.pause', agentId: 'Agent-2' } },
		]);
	});

	it('says what today brought, and nothing that nobody told', async () => {
		await show(model);
		assert.deepEqual(await page.locator('.today li').filter({ visible: true }).allInnerTexts(), [
			'3\nCompleted',
			'0\nFailed',
			`${(1200).toLocaleString('en-US')}\nTokens`,
			'16.2 / 20 USD\nBudget used',
		]);
		await press(/^3 Completed today/u);
		await press(/^1,200 Tokens today/u);
		assert.equal(await page.locator('[data-outcome=budget]').getAttribute('data-level'), 'warned');
		await press(/^16.2 \/ 20 USD Budget used today/u);
		assert.deepEqual((await sent()).slice(1), [
			{ message: 'openFigure', data: { key: 'today completed' } },
			{ message: 'openFigure', data: { key: 'today tokens' } },
			{ message: 'openFigure', data: { key: 'today budget' } },
		]);
	});

	it('shows agents, what needs the person, and figures', async () => {
		await show(model);
		await page.getByText('Swarm running').first().waitFor();
		assert.match(
			await page.locator('.agents li').first().innerText(),
			/Agent-1[\s\S]*working[\s\S]*1 min[\s\S]*900 tokens[\s\S]*Reads the parser/u,
		);
		assert.deepEqual(
			await page.locator('[data-kind]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-kind'))),
			['review', 'blocked'],
		);
		assert.equal(await page.locator('.counts .count[data-status=REVIEW] .figure').innerText(), '1');
		assert.equal(await page.locator('.count[data-status=READY]').isDisabled(), true);
		assert.match(await page.getByRole('status').innerText(), /1 task in work, 1 to review/u);
	});

	it('offers only to look in a folder nobody trusts', async () => {
		const offered = () => page.locator('[data-kind] .buttons button').filter({ visible: true }).allInnerTexts();
		await show(model);
		assert.deepEqual(await offered(), ['Review', 'Accept', 'Reject', 'Unblock']);
		await show({ ...model, isTrusted: false });
		await until(
			'buttons to go',
			async () => (await offered()).length === 1,
			async () => String(await offered()),
		);
		assert.deepEqual(await offered(), ['Review']);
	});

	it('sends what is pressed', async () => {
		await show(model);
		await press('Stop Swarm');
		await press('Create Task');
		await press(/^1 To review/u);
		await press('Accept: do B');
		await press('Log of Agent-1');
		assert.deepEqual((await sent()).slice(1), [
			{ message: 'perform', data: { command: 'swarm.stop' } },
			{ message: 'perform', data: { command: 'task.create' } },
			{ message: 'revealStatus', data: { status: 'REVIEW' } },
			{ message: 'perform', data: { command: 'run.accept', taskId: 'B' } },
			{ message: 'perform', data: { command: 'run.log', runId: 'run-1' } },
		]);
	});

	it('asks for all that needs the person where there is more than it shows', async () => {
		await show({ ...model, attentionTotal: model.attention.length + 1234 });
		await press('and 1,234 more: show all');
		assert.deepEqual((await sent()).at(-1), { message: 'openFigure', data: { key: 'attention' } });
	});

	it('shows foreign text as text', async () => {
		await show(model);
		await page.getByText(evil).first().waitFor();
		assert.equal(await page.locator('img, b').count(), 0);
		assert.equal(await page.evaluate(() => 'isHacked' in globalThis), false);
	});

	it('keeps the focus while pictures come', async () => {
		await show(model);
		await page.getByRole('button', { name: 'Reject: do B' }).focus();
		const calm = { ...model, attention: model.attention.toReversed(), total: 99 };
		await show(calm);
		await page.getByText('99').waitFor();
		assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Reject: do B');
	});

	it('hides what has nothing to show, and says what to do without boards', async () => {
		await show({ ...model, attention: [], attentionTotal: 0 });
		assert.equal(await page.getByText('Needs You').isVisible(), false);
		await show({ ...model, workspace: 'none' });
		await press('Initialize Workspace');
		assert.equal(await page.getByText('Last Events').isVisible(), false);
		assert.deepEqual((await sent()).at(-1), { message: 'perform', data: { command: 'workspace.initialize' } });
	});

	it('keeps its layout with the editor', async () => {
		await show(model);
		await page.locator('summary', { hasText: 'Agents' }).click();
		await until('the layout to be kept', async () =>
			JSON.stringify(await dashboard.kept()).includes('"closed":["agents"]'),
		);
		assert.equal(await page.locator('.agents').isVisible(), false);
	});
});
