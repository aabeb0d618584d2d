// Owns the proof that the timeline shows who ran what and how it went, is zoomed and moved, opens runs, and shows foreign text as text.

import { strict as assert } from 'node:assert';
import type { LedgerEvent } from '../../src/core/events.ts';
import type { Run } from '../../src/core/run/run.ts';
import { toRunBar } from '../../src/protocol/runBar.ts';
import { toDashboardModel } from '../../src/protocol/viewModels.ts';
import { buildDashboardFacts } from '../support/dashboardFacts.ts';
import { buildSnapshot } from '../support/snapshotBuilder.ts';
import { buildRun } from '../support/swarmBuilders.ts';
import { until } from '../support/workbench/until.ts';
import { useDashboard } from '../support/useDashboard.ts';

const overview = toDashboardModel(buildDashboardFacts(buildSnapshot([])));
const minute = 60_000;
const ago = (minutes: number) => new Date(Date.now() - minutes * minute).toISOString();

const bar = (
	id: string,
	from: number,
	to: number | null,
	fields: Partial<Run> = {},
	events: LedgerEvent[] = [],
	name = id,
) =>
	toRunBar(
		buildRun(id, {
			task_id: `task of ${id}`,
			state: to === null ? 'working' : 'completed',
			opened_at: ago(from),
			closed_at: to === null ? null : ago(to),
			...fields,
		}),
		name,
		events,
	);
const event = (type: LedgerEvent['type'], minutes: number, message: string, data = {}): LedgerEvent => ({
	sequence: 1,
	at: ago(minutes),
	actor: 'host:host-1',
	type,
	message,
	data,
});

const project = () => [
	bar('run-1', 50, 40, {}, [
		event('gate.finished', 42, 'gate passed', { exit_code: 0 }),
		event('landing.finished', 40, 'landed'),
	]),
	bar('run-2', 38, 20, { attempt: 2, state: 'failed', reason: 'gate failed' }, [
		event('gate.finished', 21, 'gate failed: npm test', { exit_code: 1 }),
	]),
	bar('run-3', 45, null, { worker: 'Agent-2' }),
	bar('run-4', 60 * 30, 60 * 29, { worker: 'Agent-3' }),
];

describe('dashboard timeline', () => {
	const opened = useDashboard('timeline');

	const bars = () => opened.dashboard.page.locator('.bar');
	const idsOf = () => bars().evaluateAll((all) => all.map((each) => each.getAttribute('data-run')));
	const press = (name: string) => opened.dashboard.page.getByRole('button', { name, exact: true }).click();

	it('has a lane for each worker, with runs where they were and how they went', async () => {
		await opened.dashboard.show({ overview, runs: project() });
		assert.deepEqual(await idsOf(), ['run-1', 'run-2', 'run-3']);
		assert.deepEqual(await opened.dashboard.page.locator('.timeLane .laneName').allInnerTexts(), [
			'Agent-1',
			'Agent-2',
		]);
		const marks = await opened.dashboard.page
			.locator('.mark')
			.evaluateAll((all) => all.map((each) => each.getAttribute('data-kind')));
		assert.deepEqual(marks, ['passed', 'landed', 'failed']);
		assert.match(
			(await bars().nth(1).getAttribute('aria-label')) ?? '',
			/Agent-1, attempt 2, failed after 18 min, gate failed/u,
		);
		const [first, second] = [await bars().nth(0).boundingBox(), await bars().nth(1).boundingBox()];
		assert.ok(first !== null && second !== null && first.x + first.width <= second.x + 1);
	});

	it('shows another time, and keeps how long', async () => {
		await opened.dashboard.show({ overview, runs: project() });
		await press('Shorter time');
		await press('Shorter time');
		await press('Shorter time');
		await opened.dashboard.page.getByText('There was no run in this time.').waitFor();
		await press('Now: follow the clock');
		await until('three runs', async () => (await bars().count()) === 3);
		await opened.dashboard.page.getByRole('combobox', { name: 'Time that is shown' }).click();
		await opened.dashboard.page.getByRole('option', { name: 'Last 7 days' }).click();
		await until('four runs', async () => (await bars().count()) === 4);
		await press('Shorter time');
		await press('Shorter time');
		await press('Shorter time');
		await opened.dashboard.page.getByText('There was no run in this time.').waitFor();
		await press('Fit all runs');
		await until('four runs again', async () => (await bars().count()) === 4);
		assert.equal(((await opened.dashboard.kept()) as { span: string }).span, 'week');
	});

	it('is walked with arrows, and opens a run', async () => {
		await opened.dashboard.show({ overview, runs: project() });
		await bars().first().focus();
		await opened.dashboard.page.keyboard.press('ArrowRight');
		await opened.dashboard.page.keyboard.press('Enter');
		assert.deepEqual((await opened.dashboard.sent()).at(-1), {
			message: 'perform',
			data: { command: 'run.watch', runId: 'run-2' },
		});
	});

	it('draws at most six hundred of thousands, and says so', async () => {
		const many = Array.from({ length: 3000 }, (_each, index) =>
			bar(`run-${index}`, 400 - (index % 380), 390 - (index % 380), { worker: `Agent-${index % 8}` }),
		);
		await opened.dashboard.show({ overview, runs: many });
		await opened.dashboard.page.getByText('3,000 runs · the newest 600 are drawn').waitFor();
		assert.equal(await bars().count(), 600);
	});

	it('shows foreign text as text, and says when there is nothing', async () => {
		const evil = '<img src=x onerror="globalThis.isHacked = true"><b>bold</b>';
		const runs = [bar('run-1', 9, 1, { worker: evil, reason: evil }, [event('run.strayed', 5, evil)], evil)];
		await opened.dashboard.show({ overview, runs });
		await opened.dashboard.page.getByText(evil).first().waitFor();
		assert.equal(await opened.dashboard.page.locator('img, b').count(), 0);
		assert.equal(await opened.dashboard.page.evaluate(() => 'isHacked' in globalThis), false);
		await opened.dashboard.show({ overview, runs: [] });
		await opened.dashboard.page.getByText('Nobody has run anything yet.').waitFor();
	});
});
