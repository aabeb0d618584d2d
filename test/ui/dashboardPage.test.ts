// Owns the proof that the dashboard's page works as a page: it shows a model, sends what is pressed, keeps focus while it is
// refreshed, remembers its layout, and shows foreign text as text. In a plain browser, with a stand-in for the editor's end.

import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Envelope } from '../../src/protocol/define.ts';
import { toDashboardModel } from '../../src/protocol/viewModels.ts';
import { buildShownAgent, buildSnapshot } from '../support/snapshotBuilder.ts';
import { buildRun, buildTask } from '../support/swarmBuilders.ts';
import { launchBrowser } from '../support/workbench/workbench.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'dist', 'webviews');
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
			swarm: { shouldRun: true, isHostAlive: true },
		},
	);
	return toDashboardModel({ workspace: 'ours', reason: '', folder: 'demo', isTrusted: true, snapshot });
}

describe('dashboard page', () => {
	let browser: Browser;
	let page: Page;
	let model: ReturnType<typeof buildModel>;

	before(async () => {
		browser = await launchBrowser();
	});
	after(() => browser.close());
	beforeEach(async () => {
		model = buildModel();
		page = await browser.newPage();
		await page.setContent('<body class="vscode-light"><main id="page"></main></body>');
		await page.addStyleTag({ content: readFileSync(path.join(folder, 'dashboard.css'), 'utf8') });
		await page.evaluate(() => {
			const sent: unknown[] = [];
			const api = {
				postMessage: (message: unknown) => sent.push(message),
				getState: () => undefined,
				setState: (state: unknown) => sent.push({ state }),
			};
			Object.assign(globalThis, { sent, acquireVsCodeApi: () => api });
		});
		await page.addScriptTag({ content: readFileSync(path.join(folder, 'dashboard.js'), 'utf8') });
	});
	afterEach(() => page.close());

	const sent = () => page.evaluate(() => (globalThis as unknown as { sent: Envelope[] }).sent);
	const show = (shown: typeof model) =>
		page.evaluate((data) => postMessage({ message: 'snapshot', data: { sequence: 1, model: data } }, '*'), shown);
	const press = (name: string | RegExp) => page.getByRole('button', { name }).click();

	it('says when it is ready, and shows nothing of its own', async () => {
		assert.deepEqual(await sent(), [{ message: 'ready', data: {} }]);
	});

	it('shows agents, what needs the person, and figures', async () => {
		await show(model);
		await page.getByText('Swarm running').first().waitFor();
		assert.match(await page.locator('.agents li').first().innerText(), /Agent-1[\s\S]*working[\s\S]*1 min/u);
		assert.deepEqual(
			await page.locator('[data-kind]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-kind'))),
			['review', 'blocked'],
		);
		assert.equal(await page.locator('.count[data-status=REVIEW] .figure').innerText(), '1');
		assert.equal(await page.locator('.count[data-status=READY]').isDisabled(), true);
		assert.match(await page.getByRole('status').innerText(), /1 task in work, 1 to review/u);
	});

	it('sends what is pressed', async () => {
		await show(model);
		await press('Stop Swarm');
		await press('Create Task');
		await press(/^To review: 1 task/u);
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
		await page.waitForFunction(() =>
			JSON.stringify((globalThis as unknown as { sent: unknown[] }).sent).includes('"closed":["agents"]'),
		);
		assert.equal(await page.locator('.agents').isVisible(), false);
	});
});
